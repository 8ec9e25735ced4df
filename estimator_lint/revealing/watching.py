"""An evaluator that records the values of watched expressions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from estimator_lint.domain.values.values import UNBOUND, Value
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.names import scope_of
from estimator_lint.revealing.describing import described
from estimator_lint.revealing.revealed import RAISES

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Result
    from estimator_lint.tensorflow_api.modes import Mode


@dataclass
class Watch:
    """The watched nodes, and their recorded values.

    Attributes:
        expressions: the watched nodes.
        targets: the names that statements assign to, by the statement.
        seen: for a node and a mode, its values on some paths, in words.
    """

    expressions: Collection[cst.CSTNode]
    targets: Mapping[cst.CSTNode, tuple[cst.Name, ...]]
    seen: dict[tuple[cst.CSTNode, Mode], dict[str, None]] = field(default_factory=dict)

    def note(self, node: cst.CSTNode, ev: Evaluator, value: Value, state: State) -> None:
        """Record the value of a node on a path."""
        text = described(ev, value, state)
        self.seen.setdefault((node, ev.mode), {})[text] = None


class WatchingEvaluator(Evaluator):
    """An evaluator that reports values to a ``Watch``."""

    def __init__(self, *arguments: Any, watch: Watch, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._watch = watch

    def evaluate(self, node: cst.CSTNode, states: list[State]) -> list[Result]:
        """As in ``Evaluator``; if all paths end at the node, there are no results."""
        if node not in self._watch.expressions or self.continues_past_faults or not states:
            return super().evaluate(node, states)
        unbound = len(self.trace.unbound_reads)
        results = super().evaluate(node, states)
        for value, state in results:
            self._watch.note(node, self, value, state)
        if not results:
            reads = self.trace.unbound_reads[unbound:]
            end = "unbound" if any(read.place.node is node for read in reads) else RAISES
            self._watch.seen.setdefault((node, self.mode), {})[end] = None
        return results

    def run(self, node: cst.CSTNode, states: list[State]) -> list[State]:
        """As in ``Evaluator``; then record what the statement assigned."""
        after = super().run(node, states)
        for name in self._watch.targets.get(node, ()) if not self.continues_past_faults else ():
            scope = scope_of(self, name.value)
            if scope is None:
                continue
            for state in after:
                value = state.variable(scope, name.value)
                self._watch.note(name, self, UNBOUND if value is None else value, state)
        return after
