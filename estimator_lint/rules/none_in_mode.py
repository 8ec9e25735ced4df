"""MFN606/616: what is None in some mode only is used there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.steps import source_at

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.tensorflow_api.modes import Mode


def _none_used(traces: FunctionTraces) -> Iterator[Judgement]:
    if not traces.is_evident:  # other callers may pass other arguments
        return
    # If some mode reaches the operand, and it is never None there, the mode is why it is None.
    due_to_mode = set().union(*(trace.never_none for trace in traces.traces.values()))
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        uses = [use for use in trace.none_uses if use.place.node in due_to_mode]
        for judgement in judge_faults(mode, uses, trace.operands, lambda use: use.how):
            yield replace(judgement, spec=source_at(judgement.place))


def _used_otherwise(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return place.node in traces.traces[mode].operands


NONE_IN_MODE = Rule(
    "MFN606",
    "MFN616",
    "none-in-mode",
    "A value that is None in some mode only is used there as None cannot be.",
    "'{spec}' is None in {modes} but {subject}{possibly}",
    _none_used,
    _used_otherwise,
)
