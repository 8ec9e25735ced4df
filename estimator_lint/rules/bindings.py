"""MFN203/213: a local variable that nothing bound is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.tensorflow_api.modes import Mode


def _unbound(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        reads = trace.unbound_reads
        yield from judge_faults(mode, reads, trace.bound_reads, lambda read: read.name)


def _bound_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return place.node in traces.traces[mode].bound_reads


BINDING_RULES = (
    Rule(
        "MFN203",
        "MFN213",
        "unbound-in-mode",
        "A local variable is read in a mode in which nothing has assigned it.",
        "'{subject}' is unbound{possibly} in {modes}",
        _unbound,
        _bound_at,
    ),
)
