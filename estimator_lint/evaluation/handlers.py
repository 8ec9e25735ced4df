"""How evaluation reaches what evaluates: handlers by kind of syntax, operations by name.

Both are done once for all the paths that come there.  Evaluating an expression gives
a list of results, each a value with the state of the path on which the expression
has it; running a statement gives the states of the paths that go on behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import libcst as cst

if TYPE_CHECKING:
    from estimator_lint.evaluation.evaluator import Evaluator
    from estimator_lint.evaluation.paths.state import State
    from estimator_lint.evaluation.values.values import Argument, Value
    from estimator_lint.tensorflow_api.kinds import Nature

Result: TypeAlias = "tuple[Value, State]"
# The node is of the libcst class that the handler is registered for.
ExpressionHandler: TypeAlias = "Callable[[Evaluator, Any, list[State]], list[Result]]"
StatementHandler: TypeAlias = "Callable[[Evaluator, Any, list[State]], list[State]]"
# The same for what is done for each path by itself.
PathExpressionHandler: TypeAlias = "Callable[[Evaluator, Any, State], list[Result]]"
PathStatementHandler: TypeAlias = "Callable[[Evaluator, Any, State], list[State]]"
CallHandler: TypeAlias = (
    "Callable[[Evaluator, Value, Sequence[Argument], cst.BaseExpression, State], list[Result]]"
)


EXPRESSIONS: dict[type[cst.CSTNode], ExpressionHandler] = {}
STATEMENTS: dict[type[cst.CSTNode], StatementHandler] = {}

#: The statements with others in them.
COMPOUND: Final = frozenset({cst.If, cst.For, cst.While, cst.Match, cst.Try, cst.TryStar, cst.With})


@dataclass(frozen=True)
class Operations:
    """What is done with values, whatever the syntax by which it is asked for.

    Attributes:
        call: the results of calling a value; the node is the whole call.
        nature: what kind of thing a value is.
    """

    call: CallHandler
    nature: Callable[[Evaluator, Value], Nature]


def expression(
    *kinds: type[cst.CSTNode],
) -> Callable[[ExpressionHandler], ExpressionHandler]:
    """Register how expressions of these kinds are evaluated."""

    def register(handler: ExpressionHandler) -> ExpressionHandler:
        for kind in kinds:
            EXPRESSIONS[kind] = handler
        return handler

    return register


def statement(
    *kinds: type[cst.CSTNode],
) -> Callable[[StatementHandler], StatementHandler]:
    """Register how statements of these kinds are run."""

    def register(handler: StatementHandler) -> StatementHandler:
        for kind in kinds:
            STATEMENTS[kind] = handler
        return handler

    return register


def expression_on_path(
    *kinds: type[cst.CSTNode],
) -> Callable[[PathExpressionHandler], PathExpressionHandler]:
    """Register how expressions of these kinds are evaluated on one path."""

    def register(handler: PathExpressionHandler) -> PathExpressionHandler:
        def for_all(ev: Evaluator, node: Any, states: list[State]) -> list[Result]:
            if len(states) == 1:
                return handler(ev, node, states[0])
            return [result for state in states for result in handler(ev, node, state)]

        for kind in kinds:
            EXPRESSIONS[kind] = for_all
        return handler

    return register


def statement_on_path(
    *kinds: type[cst.CSTNode],
) -> Callable[[PathStatementHandler], PathStatementHandler]:
    """Register how statements of these kinds are run on one path."""

    def register(handler: PathStatementHandler) -> PathStatementHandler:
        def for_all(ev: Evaluator, node: Any, states: list[State]) -> list[State]:
            return [after for state in states for after in handler(ev, node, state)]

        for kind in kinds:
            STATEMENTS[kind] = for_all
        return handler

    return register
