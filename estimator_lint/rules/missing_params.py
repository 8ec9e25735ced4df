"""MFN406: a key is read from ``params`` that it does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.facts.function_traces import FunctionTraces


def _missing(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        if mode in traces.function.never_run:
            continue  # the file's Estimators do not show what this mode is given
        trace = traces.traces[mode]
        # All paths get the same params, so a key missing on one is missing on all.
        yield from judge_faults(mode, trace.missing_params, (), lambda fault: repr(fault.key))


MISSING_PARAM = Rule(
    "MFN406",
    None,
    "missing-param",
    "A key is read from `params` that no Estimator in the file sets.",
    "params has no {subject} in {modes}: no Estimator in this file sets it",
    _missing,
)
