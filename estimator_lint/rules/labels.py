"""MFN601/611: ``labels``, which is None in PREDICT, is used there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.rules.fault_findings import judge_faults
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces


def _labels_used(traces: FunctionTraces) -> Iterator[Judgement]:
    if not traces.is_evident:  # an Estimator passes None, other callers may not
        return
    given = traces.function.given_to or traces.function.decorated
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        if mode is Mode.PREDICT and (
            (_may_get_labels(traces) and _predicts(traces)) or _may_get_placeholders(traces)
        ):
            continue
        # If a model is spread over several files, its wrapper may be in one that is not seen.
        uses = [use for use in trace.labels_uses if given or _is_in_own_file(use.place, traces)]
        for judgement in judge_faults(mode, uses, trace.operands, lambda use: use.how):
            yield replace(judgement, spec=trace.labels_name)


def _is_in_own_file(place: Place, traces: FunctionTraces) -> bool:
    """Whether a place is in the file of the model function, be that the linted one or another."""
    if place.via is None:
        return True
    return traces.via is not None and place.piece in traces.module.source.pieces


def _may_get_labels(traces: FunctionTraces) -> bool:
    """Whether PREDICT may run on a TPU, where it gets the labels of the input function.

    Only elsewhere, and when the model is exported, they are None.
    """
    estimator_uses = traces.function.estimator_uses
    if traces.function.given_to:
        return any(Mode.PREDICT in estimator_use.perhaps_on_tpu for estimator_use in estimator_uses)
    return any(visit.spec_class.for_tpu for visit in traces.traces[Mode.PREDICT].visits)


def _may_get_placeholders(traces: FunctionTraces) -> bool:
    """Whether an Estimator may pass placeholders for the labels that it has seen before."""
    return any(estimator_use.may_keep_labels for estimator_use in traces.function.estimator_uses)


def _predicts(traces: FunctionTraces) -> bool:
    """Whether PREDICT needs no labels where nothing but a TPU can give it some.

    It needs none if some path reaches its end without them: the test that leads there may check
    whether the function runs on a TPU. It also needs none if each of its Estimators certainly
    predicts on a TPU.
    """
    on_tpu = [
        Mode.PREDICT in estimator_use.on_tpu
        for estimator_use in traces.function.estimator_uses
        if estimator_use.estimator is not None
    ]
    return bool(traces.traces[Mode.PREDICT].returns) or (bool(on_tpu) and all(on_tpu))


def _used_otherwise(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return place.node in traces.traces[mode].operands


LABELS_RULES = (
    Rule(
        "MFN601",
        "MFN611",
        "labels-in-predict",
        "`labels`, which is None in PREDICT, is used there.",
        "'{spec}' is None in {modes} but {subject}{possibly}",
        _labels_used,
        _used_otherwise,
    ),
)
