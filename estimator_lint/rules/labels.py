"""MFN601/611: ``labels``, which is None in PREDICT, is used there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.evaluation.doubts import one_exists
from estimator_lint.rules.rule import Judgement, Rule, checked_modes
from estimator_lint.steps import clearest

if TYPE_CHECKING:
    from estimator_lint.evaluation.model_function import FunctionTraces
    from estimator_lint.evaluation.trace import LabelsUse, Place
    from estimator_lint.tensorflow_api.modes import Mode


def _labels_used(traces: FunctionTraces) -> Iterator[Judgement]:
    if not traces.is_evident:  # an Estimator passes None, others may not
        return
    given = traces.function.given_to or traces.function.decorated
    for mode in checked_modes(traces):
        if mode in traces.rejected:
            continue
        trace = traces.traces[mode]
        uses: dict[Place, list[LabelsUse]] = {}
        for use in trace.labels_uses:
            # Of a model that is spread over files, what wraps it may be in one that is not seen.
            if not use.caught and (given or use.place.via is None):
                uses.setdefault(use.place, []).append(use)
        for place, at_place in uses.items():
            if one_exists(use.doubts for use in at_place):
                certain = not _used_otherwise(traces, place, mode)
                passed = clearest(at_place).passed
                yield Judgement(place, mode, certain, at_place[0].how, passed=passed)


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
