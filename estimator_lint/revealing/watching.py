"""An evaluator that notes what expressions are while it goes by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import UNBOUND, Value
from estimator_lint.interpreter.budget import Budget
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.names import scope_of
from estimator_lint.revealing.describing import described
from estimator_lint.revealing.model import RAISES

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.places import Place
    from estimator_lint.interpreter.evaluator import Operations, Result
    from estimator_lint.project.code import ModuleCode
    from estimator_lint.tensorflow_api.modes import Mode


@dataclass
class Watch:
    """What to look at, and what was seen there.

    Attributes:
        expressions: the nodes to look at.
        targets: the names that statements assign to, by the statement.
        seen: for a node and a mode, what it was on some path, in words.
    """

    expressions: Collection[cst.CSTNode]
    targets: Mapping[cst.CSTNode, tuple[cst.Name, ...]]
    seen: dict[tuple[cst.CSTNode, Mode], dict[str, None]] = field(default_factory=dict)

    def note(self, node: cst.CSTNode, ev: Evaluator, value: Value, state: State) -> None:
        """Note what a node is on a path."""
        text = described(ev, value, state)
        self.seen.setdefault((node, ev.mode), {})[text] = None


class WatchingEvaluator(Evaluator):
    """An evaluator that tells a ``Watch`` what it comes to."""

    def __init__(
        self,
        operations: Operations,
        mode: Mode,
        home: ModuleCode,
        *,
        survey: bool = False,
        via: Place | None = None,
        budget: Budget | None = None,
        watch: Watch,
    ) -> None:
        super().__init__(operations, mode, home, survey=survey, via=via, budget=budget)
        self._watch = watch

    def evaluate(self, node: cst.CSTNode, states: list[State]) -> list[Result]:
        """As for any evaluator; where all paths end at the node, it has no results."""
        if node not in self._watch.expressions or self.survey or not states:
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
        """As for any evaluator; then look at what the statement assigned."""
        after = super().run(node, states)
        for name in self._watch.targets.get(node, ()) if not self.survey else ():
            scope = scope_of(self, name.value)
            if scope is None:
                continue
            for state in after:
                value = state.variable(scope, name.value)
                self._watch.note(name, self, UNBOUND if value is None else value, state)
        return after
