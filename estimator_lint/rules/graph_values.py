"""MFN608/618 and MFN609/619: operands that Python refuses, tensors used as Python values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.tensorflow_api.modes import Mode


def _tensor_uses(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        yield from judge_faults(mode, trace.tensor_uses, trace.not_tensors, lambda use: use.how)


def _is_no_tensor_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return place.node in traces.traces[mode].not_tensors


def _refused_operands(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        yield from judge_faults(
            mode, trace.refused_operands, trace.taken_operands, lambda refused: refused.what
        )


def _takes_operands_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return place.node in traces.traces[mode].taken_operands


GRAPH_VALUE_RULES = (
    Rule(
        "MFN608",
        "MFN618",
        "refused-operands",
        "An operator is applied to operands that do not support it, such as a tuple and a dict.",
        "{subject}{possibly} in {modes}",
        _refused_operands,
        _takes_operands_at,
    ),
    Rule(
        "MFN609",
        "MFN619",
        "tensor-as-python-value",
        "A tensor is used as a Python value, which it does not have while the graph is built.",
        "a tensor {subject}{possibly} in {modes} (graph mode)",
        _tensor_uses,
        _is_no_tensor_at,
    ),
)
