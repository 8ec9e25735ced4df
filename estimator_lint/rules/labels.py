"""MFN601/611: ``labels``, which is None in PREDICT, is used there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.faults import judge_faults
from estimator_lint.rules.rule import Judgement, Rule

if TYPE_CHECKING:
    from estimator_lint.evaluation.model_function import FunctionTraces
    from estimator_lint.evaluation.trace import Place
    from estimator_lint.tensorflow_api.modes import Mode


def _labels_used(traces: FunctionTraces) -> Iterator[Judgement]:
    if not traces.is_evident:  # an Estimator passes None, others may not
        return
    given = traces.function.given_to or traces.function.decorated
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        # Of a model that is spread over files, what wraps it may be in one that is not seen.
        uses = [use for use in trace.labels_uses if given or use.place.via is None]
        yield from judge_faults(mode, uses, trace.operands, lambda use: use.how)


def _used_otherwise(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return place.node in traces.traces[mode].operands


LABELS_RULES = (
    Rule(
        "MFN601",
        "MFN611",
        "labels-in-predict",
        "`labels`, which is None in PREDICT, is used there.",
        "'labels' is None in {modes} and {subject}{possibly}",
        _labels_used,
        _used_otherwise,
    ),
)
