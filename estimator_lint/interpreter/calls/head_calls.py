"""Calls by which heads create specs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import same_as_none
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.train_op_functions import (
    HEAD_LABELS,
    HEAD_TRAINS_FROM,
    HEAD_TRAINS_WITH,
    makes_spec_by_any_head,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Evaluator


def note_head(ev: Evaluator, path: str | None, given: Arguments, state: State) -> None:
    """Record that a head creates the spec, and whether it is given something to train with.

    The labels given to a head of TensorFlow count: the spec has a loss in TRAIN, so it is made for
    training as much as one with ``loss=``.
    """
    ev.trace.creates_estimator_spec = True
    names: tuple[str, ...] = HEAD_TRAINS_WITH
    first = HEAD_TRAINS_FROM
    if ev.mode is Mode.TRAIN and makes_spec_by_any_head(path or ""):
        names, first = (*names, HEAD_LABELS[1]), HEAD_LABELS[0]
    trains_with = [given.keywords[name] for name in names if name in given.keywords]
    trains_with += given.positional[first : HEAD_TRAINS_FROM + 1]
    ev.trace.trains_by_head |= any(
        not same_as_none(ev.resolve(one.value, state)) for one in trains_with
    )
