"""MFN605: an item of features or labels that the input functions of the file do not give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import depends_on_form
from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.facts.function_traces import FunctionTraces


def _missing(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        # Behind a test of the form of the input, the item is read only if it is there.
        unguarded = [one for one in trace.missing_items if not depends_on_form(one.doubts)]
        yield from judge_faults(
            mode, unguarded, (), lambda fault: f"{fault.name!r} has no {fault.key!r}"
        )


MISSING_INPUT_ITEM = Rule(
    "MFN605",
    None,
    "missing-input-item",
    "An item of `features` or `labels` is read that the mode's input function does not provide.",
    "{subject} in {modes}: the input function in this file does not provide it",
    _missing,
)
