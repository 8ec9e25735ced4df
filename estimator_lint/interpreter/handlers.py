"""How evaluation reaches what evaluates: handlers by kind of syntax, operations by name.

Both run once for all the paths that reach the code. Evaluating an expression gives a list of
results, each a value with the state of its path; running a statement gives the states of the paths
that continue after it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import libcst as cst

from estimator_lint.interpreter.evaluator import (
    EXPRESSIONS,
    STATEMENTS,
    ExpressionHandler,
    Result,
    StatementHandler,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

# The same for handlers that work on one path at a time.
PathExpressionHandler: TypeAlias = "Callable[[Evaluator, Any, State], list[Result]]"
PathStatementHandler: TypeAlias = "Callable[[Evaluator, Any, State], list[State]]"


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
