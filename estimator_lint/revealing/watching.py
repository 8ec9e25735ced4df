"""An evaluator that records the values of expressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import libcst as cst

from estimator_lint.domain.values.values import UNBOUND
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.names import scope_of
from estimator_lint.revealing.describing import described
from estimator_lint.revealing.revealed import RAISES
from estimator_lint.witnesses.holders import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Result
    from estimator_lint.tensorflow_api.modes import Mode

#: For a node and a mode, its values on some paths, in words.
Values: TypeAlias = "dict[tuple[cst.CSTNode, Mode], dict[str, None]]"


@dataclass
class Recording:
    """The values that expressions have while a model function runs.

    Attributes:
        evaluated: of expressions that are evaluated.
        assigned: of names that a statement assigns to, after the statement; of parameters, and of
            names in the head of a ``for`` or ``with`` statement, at the beginning of its block.
    """

    evaluated: Values = field(default_factory=dict)
    assigned: Values = field(default_factory=dict)


class WatchingEvaluator(Evaluator):
    """An evaluator that records the values of all expressions."""

    def __init__(self, *arguments: Any, recording: Recording, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._recording = recording
        self._names: dict[cst.CSTNode, tuple[cst.Name, ...]] = {}
        self._heads: dict[cst.CSTNode, cst.CSTNode] = {}

    def evaluate(self, node: cst.CSTNode, states: list[State]) -> list[Result]:
        """As in ``Evaluator``; if all paths end at the node, there are no results."""
        if self.continues_past_faults or not states:
            return super().evaluate(node, states)
        unbound = len(self.trace.unbound_reads)
        results = super().evaluate(node, states)
        seen = self._recording.evaluated.setdefault((node, self.mode), {})
        for value, state in results:
            seen[described(self, value, state)] = None
        if not results:
            reads = self.trace.unbound_reads[unbound:]
            is_unbound = any(read.place.node is node for read in reads)
            seen["unbound" if is_unbound else RAISES] = None
        return results

    def run(self, node: cst.CSTNode, states: list[State]) -> list[State]:
        """As in ``Evaluator``; then record what the statement assigned."""
        if isinstance(node, cst.For | cst.With):
            self._heads[node.body] = node
        after = super().run(node, states)
        self._record(self._assigned(node), after)
        return after

    def run_body(self, body: cst.BaseSuite, states: list[State]) -> list[State]:
        """As in ``Evaluator``; before that, record what the head of the block has bound."""
        function = self.frame.code.node
        head = function if body is function.body else self._heads.get(body)
        self._record(() if head is None else names_in_head(head), states)
        return super().run_body(body, states)

    def _record(self, names: Iterable[cst.Name], states: list[State]) -> None:
        """Record the values of names on all paths."""
        for name in names if not self.continues_past_faults else ():
            scope = scope_of(self, name.value)
            if scope is None:
                continue
            for state in states:
                value = state.variable(scope, name.value)
                text = described(self, UNBOUND if value is None else value, state)
                self._recording.assigned.setdefault((name, self.mode), {})[text] = None

    def _assigned(self, node: cst.CSTNode) -> tuple[cst.Name, ...]:
        if node not in self._names:
            self._names[node] = assigned_names(node)
        return self._names[node]


def names_in_head(node: cst.CSTNode) -> tuple[cst.Name, ...]:
    """The parameters of a function, or the names that a ``for`` or ``with`` statement binds."""
    match node:
        case cst.FunctionDef(params=params):
            given = [*params.posonly_params, *params.params, *params.kwonly_params]
            starred = [params.star_arg, params.star_kwarg]
            given += [each for each in starred if isinstance(each, cst.Param)]
            return tuple(parameter.name for parameter in given)
        case cst.For(target=target):
            return tuple(names_in(target))
        case cst.With(items=items):
            targets = [item.asname.name for item in items if item.asname is not None]
            return tuple(name for target in targets for name in names_in(target))
    return ()


def assigned_names(node: cst.CSTNode) -> tuple[cst.Name, ...]:
    """The names that a small statement assigns to."""
    match node:
        case cst.Assign(targets=targets):
            nodes: list[cst.CSTNode] = [each.target for each in targets]
        case cst.AnnAssign(target=target) | cst.AugAssign(target=target):
            nodes = [target]
        case _:
            return ()
    return tuple(name for node in nodes for name in names_in(node))
