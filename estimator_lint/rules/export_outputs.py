"""Part of MFN307/317: tensors that an ExportOutput does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import Constant, Picture, TupleValue, same_as_none
from estimator_lint.rules.element_types import element_type
from estimator_lint.rules.rule import Judgement
from estimator_lint.rules.type_names import type_with_article
from estimator_lint.rules.watched_calls import Problem, judge_calls
from estimator_lint.tensorflow_api.export_output_classes import tensors_wanted

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import CallOf
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Trace


def wrong_outputs(traces: FunctionTraces) -> Iterator[Judgement]:
    """Judgements of the outputs that TensorFlow refuses to make, in whatever mode."""
    for mode in traces.checked_modes:
        yield from judge_calls(traces, mode, _wrong_tensor)


def _wrong_tensor(call: CallOf, trace: Trace) -> Problem | None:
    name = (call.path or "").rpartition(".")[2]
    wanted = tensors_wanted(call.path or "")
    if not wanted or not call.complete:
        return None
    for tensor in wanted:
        value = call.argument(tensor.position, tensor.name)
        if value is None or same_as_none(value):
            continue
        at = (tensor.position, tensor.name)
        if isinstance(value, Constant | Picture | TupleValue):
            kind = _kind(value)
            return Problem(at, f"'{tensor.name}' of {name} is {kind}, not {tensor.text}")
        found = element_type(value, trace.origins)
        if found is not None and found is not tensor.elements:
            return Problem(
                at, f"'{tensor.name}' of {name} is a tensor of {found.value}, not {tensor.text}"
            )
    return None


def _kind(value: Constant | Picture | TupleValue) -> str:
    match value:
        case Constant(value=constant):
            return type_with_article(constant)
        case Picture():
            return "a list"
    return "a tuple"
