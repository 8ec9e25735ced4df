"""MFN101-104 and 111-114: specs without a field that the mode requires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.values.values import Constant, same_as_none
from estimator_lint.rules.rule import Check, FineAt, Judgement, Rule
from estimator_lint.rules.sites import always_fail, visits_by_site
from estimator_lint.rules.watched_calls import Problem, judge_calls
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.train_op_functions import (
    HEAD_MODE,
    HEAD_TRAINS_FROM,
    HEAD_TRAINS_WITH,
    makes_spec_by_any_head,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import CallOf
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Trace


def _is_missing(field: str, visit: SiteVisit, mode: Mode) -> bool:
    """Whether TensorFlow rejects the spec of ``visit`` in ``mode`` because ``field`` is missing."""
    return (
        visit.rejected
        and not visit.caught
        and field in visit.missing
        and visit.key == mode.value  # with another key, the fault is the key
    )


def _missing(field: str, *modes: Mode) -> Check:
    """A check for specs without ``field`` in ``modes``."""

    def check(traces: FunctionTraces) -> Iterator[Judgement]:
        for mode in traces.checked_modes:
            if mode not in modes:
                continue
            for place, site in visits_by_site(traces.traces[mode].visits).items():
                bad = [visit for visit in site if _is_missing(field, visit, mode)]
                if one_exists(visit.doubts for visit in bad):
                    spec = site[0].spec_class.name
                    shown = clearest(bad)
                    certain = always_fail(bad, site)
                    yield Judgement(place, mode, certain, field, spec, shown.passed, shown)

    return check


def _has(field: str) -> FineAt:
    def fine_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
        return any(
            visit.place == place and not _is_missing(field, visit, mode)
            for visit in traces.traces[mode].visits_about(place)
        )

    return fine_at


def _missing_train_op(traces: FunctionTraces) -> Iterator[Judgement]:
    yield from _missing("train_op", Mode.TRAIN)(traces)
    if Mode.TRAIN in traces.checked_modes:
        for judgement in judge_calls(traces, Mode.TRAIN, _head_without_optimizer):
            if not _is_tried(judgement.place):
                yield replace(judgement, subject="train_op", spec=judgement.subject)


def _is_tried(call: Place) -> bool:
    """Whether the function handles exceptions that a call raises."""
    inner = call.node
    for outer in call.piece.around(call.node):
        if isinstance(outer, cst.FunctionDef):
            break
        if isinstance(outer, cst.Try | cst.TryStar) and outer.handlers and inner is outer.body:
            return True
        inner = outer
    return False


def _head_without_optimizer(call: CallOf, _: Trace) -> Problem | None:
    """What is wrong with a call of a head in TRAIN, if it has nothing to train with."""
    mode = call.argument(*HEAD_MODE)
    given = [call.keywords[name] for name in HEAD_TRAINS_WITH if name in call.keywords]
    if (
        not makes_spec_by_any_head(call.path or "")
        or not call.complete
        or not (isinstance(mode, Constant) and mode.value == Mode.TRAIN.value)
        or not all(map(same_as_none, (*call.arguments[HEAD_TRAINS_FROM:], *given)))
    ):
        return None
    return Problem(None, "the spec of a head without 'optimizer' or 'train_op_fn'")


_MESSAGE = "{spec} has no {subject}{possibly} in {modes}"

REQUIRED_FIELD_RULES = (
    Rule(
        "MFN101",
        "MFN111",
        "missing-loss-in-train",
        "A spec has no `loss` in TRAIN.",
        _MESSAGE,
        _missing("loss", Mode.TRAIN),
        _has("loss"),
    ),
    Rule(
        "MFN102",
        "MFN112",
        "missing-train-op",
        "A spec has no `train_op` in TRAIN.",
        _MESSAGE,
        _missing_train_op,
        _has("train_op"),
    ),
    Rule(
        "MFN103",
        "MFN113",
        "missing-loss-in-eval",
        "A spec has no `loss` in EVAL.",
        _MESSAGE,
        _missing("loss", Mode.EVAL),
        _has("loss"),
    ),
    Rule(
        "MFN104",
        "MFN114",
        "missing-predictions",
        "A spec has no `predictions` in PREDICT.",
        _MESSAGE,
        _missing("predictions", Mode.PREDICT, Mode.EVAL),
        _has("predictions"),
    ),
)
