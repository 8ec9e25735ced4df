"""Part of MFN307/317: tensors that an ExportOutput does not accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Picture,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.rules.element_types import element_type
from estimator_lint.rules.rule import Judgement
from estimator_lint.rules.type_names import type_with_article
from estimator_lint.rules.watched_calls import Problem, judge_calls
from estimator_lint.tensorflow_api.export_output_classes import tensors_wanted
from estimator_lint.tensorflow_api.value_types import SYMBOLIC, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import CallOf, Origins
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Trace
    from estimator_lint.tensorflow_api.export_output_classes import WantedTensor


def wrong_outputs(traces: FunctionTraces) -> Iterator[Judgement]:
    """Judgements of the outputs that TensorFlow refuses to create, in any mode."""
    for mode in traces.checked_modes:
        yield from judge_calls(traces, mode, _wrong_tensor)


def _wrong_tensor(call: CallOf, trace: Trace) -> Problem | None:
    name = (call.path or "").rpartition(".")[2]
    wanted = tensors_wanted(call.path or "")
    if not wanted or not call.complete:
        return None
    given = [call.argument(tensor.position, tensor.name) for tensor in wanted]
    for tensor, value in zip(wanted, given, strict=True):
        text = None if value is None else _fault_of(value, tensor, trace.origins)
        if text is not None:
            return Problem((tensor.position, tensor.name), f"'{tensor.name}' of {name} {text}")
    if all(value is None or same_as_none(value) for value in given):
        return Problem(None, f"{name} is called with {_neither(wanted)}")
    return None


def _neither(wanted: Sequence[WantedTensor]) -> str:
    names = [f"'{tensor.name}'" for tensor in wanted]
    return f"neither {' nor '.join(names)}" if len(names) > 1 else f"no {names[0]}"


def _fault_of(value: Value, wanted: WantedTensor, origins: Origins) -> str | None:
    """What is wrong with an argument, in words; None if nothing is known to be."""
    if same_as_none(value):
        return None if wanted.may_be_none else f"is None, not {wanted.text}"
    if wanted.or_dict and isinstance(value, Picture) and isinstance(value.contents, DictContents):
        return _fault_in_dict(value.contents)
    kind = _other_than_tensor(value)
    if kind is not None:
        return f"is {kind}, not {wanted.text}"
    found = element_type(value, origins)
    if wanted.elements is not None and found is not None and found is not wanted.elements:
        return f"is a tensor of {found.value}, not {wanted.text}"
    return None


def _fault_in_dict(contents: DictContents) -> str | None:
    for key, value in contents.entries.items():
        parts = key if isinstance(key, tuple) else (key,)
        if not all(isinstance(part, str) for part in parts):
            return f"has the key {key!r}, not a string"
        # Code that is not followed may have added items.
        kind = None if contents.open and isinstance(value, Constant) else _other_than_tensor(value)
        if kind is not None:
            return f"has {kind} for {key!r}, not a tensor"
    return None


def _other_than_tensor(value: Value) -> str | None:
    """The description of a value that is not a tensor; None for a tensor, or if unknown."""
    match value:
        case Picture(kind=kind):
            return f"a {kind}"
        case TupleValue():
            return "a tuple"
        case Constant(value=constant):
            return type_with_article(constant)
        case SymbolicValue(result_of=str() as path):
            made = kind_of_result(path)
            return None if made is None or made in SYMBOLIC else made.value
    return None
