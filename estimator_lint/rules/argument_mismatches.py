"""MFN207/217: calls with arguments that do not fit, unpackings with the wrong number of targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.tensorflow_api.modes import Mode


def _argument_mismatches(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        yield from judge_faults(
            mode,
            trace.argument_mismatches,
            trace.fits,
            lambda argument_mismatch: argument_mismatch.what,
        )


def _fits_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return place.node in traces.traces[mode].fits


MISFIT_RULES = (
    Rule(
        "MFN207",
        "MFN217",
        "argument-mismatch",
        "A project function is called with arguments it does not accept, or an unpacking has the "
        "wrong number of targets.",
        "{subject}{possibly} in {modes}",
        _argument_mismatches,
        _fits_at,
    ),
)
