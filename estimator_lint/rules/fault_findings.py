"""Judging faults that end paths at one place, given whether other paths pass it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.facts.refusals import NoneUse, RefusedOperands, TensorUse
from estimator_lint.facts.trace import (
    ArgumentMismatch,
    LabelsUse,
    MissingInputItem,
    MissingParam,
    UnboundRead,
)
from estimator_lint.rules.rule import Judgement
from estimator_lint.steps import clearest

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.values.places import Place
    from estimator_lint.tensorflow_api.modes import Mode

_AnyFault = TypeVar(
    "_AnyFault",
    LabelsUse,
    ArgumentMismatch,
    MissingInputItem,
    MissingParam,
    NoneUse,
    RefusedOperands,
    TensorUse,
    UnboundRead,
)


def judge_faults(
    mode: Mode,
    faults: Iterable[_AnyFault],
    passed_well: Collection[cst.CSTNode],
    subject: Callable[[_AnyFault], str],
    exists: Callable[[Iterable[Doubts]], bool] = one_exists,
) -> Iterator[Judgement]:
    """A judgement for each place where one of ``faults`` exists and is not caught.

    It is certain if no path passes the place without a fault. ``exists`` tells whether one of some
    paths exists.
    """
    places: dict[Place, list[_AnyFault]] = {}
    for fault in faults:
        # Replacing one exception by another is not worth a finding.
        if not fault.caught and fault.place.node not in fault.place.piece.raising:
            places.setdefault(fault.place, []).append(fault)
    for place, at_place in places.items():
        if exists(fault.doubts for fault in at_place):
            certain = place.node not in passed_well
            fact = clearest(at_place)
            told = subject(at_place[0])
            yield Judgement(place, mode, certain, told, passed=fact.passed, fact=fact)
