"""MFN203/213: a local variable that nothing bound is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.evaluation.model_function import FunctionTraces


def _unbound(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in sorted(traces.addressed, key=list(Mode).index):
        trace = traces.traces[mode]
        for read in trace.unbound_reads:
            if not read.caught and not read.speculative:
                certain = read.place.node not in trace.bound_reads
                yield Judgement(read.place, mode, certain, read.name)


BINDING_RULES = (
    Rule(
        "MFN203",
        "MFN213",
        "unbound-in-mode",
        "A local variable is read in a mode in which nothing bound it.",
        "'{subject}' is unbound{possibly} in {modes}",
        _unbound,
    ),
)
