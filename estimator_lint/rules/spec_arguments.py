"""MFN206 and 301: ``_replace`` without effect, and fields that don't exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.facts.function_traces import FunctionTraces


def _discarded_replace(traces: FunctionTraces) -> Iterator[Judgement]:
    for trace in traces.traces.values():  # what does not exist does so in no mode
        for discarded in trace.discarded_replaces:
            if not discarded.doubts:
                yield Judgement(
                    discarded.place,
                    None,
                    subject="result of '_replace' is not used, and the spec itself is unchanged",
                    passed=discarded.passed,
                )
        for change in trace.mode_changes:
            if not change.doubts and not change.caught:
                yield Judgement(
                    change.place,
                    None,
                    subject=f"'_replace' cannot change the mode of {change.spec_class.name}",
                    passed=change.passed,
                )


def _rejected_arguments(traces: FunctionTraces) -> Iterator[Judgement]:
    for trace in traces.traces.values():  # what does not exist does so in no mode
        for rejected in trace.rejected_calls:
            if rejected.doubts or rejected.caught:
                continue
            name = rejected.spec_class.name
            subject = {
                "unknown field": f"{name} has no field '{rejected.name}'",
                "no mode": f"{name} is built without a mode",
                "too many arguments": f"{name} is given more arguments than it has fields",
                "given twice": f"{name} is given '{rejected.name}' twice",
            }[rejected.problem]
            yield Judgement(rejected.place, None, subject=subject, passed=rejected.passed)


SPEC_ARGUMENT_RULES = (
    Rule(
        "MFN206",
        None,
        "discarded-replace",
        "The result of `spec._replace(...)` is not used, or it changes `mode`.",
        "{subject}",
        _discarded_replace,
    ),
    Rule(
        "MFN301",
        None,
        "unknown-field",
        "A spec is built with an unknown field, without `mode`, or with too many arguments.",
        "{subject}",
        _rejected_arguments,
    ),
)
