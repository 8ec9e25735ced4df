"""MFN203/213: a local variable that nothing bound is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.evaluation.doubts import one_exists
from estimator_lint.rules.rule import Judgement, Rule, checked_modes
from estimator_lint.steps import clearest

if TYPE_CHECKING:
    from estimator_lint.evaluation.model_function import FunctionTraces
    from estimator_lint.evaluation.trace import Place, UnboundRead
    from estimator_lint.tensorflow_api.modes import Mode


def _unbound(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in checked_modes(traces):
        trace = traces.traces[mode]
        reads: dict[Place, list[UnboundRead]] = {}
        for read in trace.unbound_reads:
            if not read.caught:
                reads.setdefault(read.place, []).append(read)
        for place, unbound in reads.items():
            if one_exists(read.doubts for read in unbound):
                certain = place.node not in trace.bound_reads
                name, passed = unbound[0].name, clearest(unbound).passed
                yield Judgement(place, mode, certain, name, passed=passed)


def _bound_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return place.node in traces.traces[mode].bound_reads


BINDING_RULES = (
    Rule(
        "MFN203",
        "MFN213",
        "unbound-in-mode",
        "A local variable is read in a mode in which nothing bound it.",
        "'{subject}' is unbound{possibly} in {modes}",
        _unbound,
        _bound_at,
    ),
)
