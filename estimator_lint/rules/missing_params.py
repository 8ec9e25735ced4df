"""MFN406: a key, or an attribute, is read from ``params`` that it does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists_in_any_form
from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import MissingParam, Trace


def _missing(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        if mode in traces.function.never_run:
            continue  # the file's Estimators do not show what this mode is given
        trace = traces.traces[mode]
        # All paths get the same params, so a key missing on one is missing on all; behind a test of
        # the keys, it is read only if it is there.
        keys = [fault for fault in trace.missing_params if not fault.is_attribute]
        for judgement in judge_faults(
            mode, keys, (), lambda fault: repr(fault.key), exists=one_exists_in_any_form
        ):
            yield replace(judgement, spec="no Estimator in this file sets it")
        attributes = [fault for fault in trace.missing_params if fault.is_attribute]
        if _is_all_that_happens(attributes, trace):
            for judgement in judge_faults(mode, attributes, (), _told):
                yield replace(judgement, spec="the Estimators in this file pass a dict")


def _is_all_that_happens(faults: list[MissingParam], trace: Trace) -> bool:
    """Whether each path of a mode ends at the place of ``faults``.

    Otherwise, the function may tell by a test what kind of object it is given.
    """
    others = (
        *(trace.returns, trace.refused_returns, trace.raised_by, trace.unbound_reads),
        *(trace.labels_uses, trace.none_uses, trace.tensor_uses, trace.refused_operands),
        *(trace.argument_mismatches, trace.missing_items, trace.rejected_calls),
    )
    places = {fault.place for fault in trace.missing_params}
    return bool(faults) and len(places) == 1 and not any(others)


def _told(fault: MissingParam) -> str:
    return f"attribute '{fault.key}'"


MISSING_PARAM = Rule(
    "MFN406",
    None,
    "missing-param",
    "A key is read from `params` that no Estimator in the file sets, or an attribute of a dict.",
    "params has no {subject} in {modes}: {spec}",
    _missing,
)
