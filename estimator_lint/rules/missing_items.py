"""MFN605: an item of features or labels that the input functions of the file do not give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists_in_any_form
from estimator_lint.facts.trace import MissingInputItem
from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.facts.function_traces import FunctionTraces


def _missing(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        # Behind a test of the form of the input, the item is read only if it is there.
        for judgement in judge_faults(
            mode, trace.missing_items, (), _told, exists=one_exists_in_any_form
        ):
            fact = judgement.fact
            for_serving = isinstance(fact, MissingInputItem) and fact.for_serving
            yield replace(judgement, spec="serving input" if for_serving else "input")


def _told(fault: MissingInputItem) -> str:
    return f"{fault.name!r} has no {fault.key!r}"


MISSING_INPUT_ITEM = Rule(
    "MFN605",
    None,
    "missing-input-item",
    "An item of `features` or `labels` is read that the mode's input function does not provide.",
    "{subject} in {modes}: the {spec} function in this file does not provide it",
    _missing,
)
