"""The origin of a missing or wrong value of a spec."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.findings import EventKind
from estimator_lint.witnesses.missing_values import (
    OnePath,
    Told,
    never_unpacked,
    none_of_unpacked,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.rules.rule import Judgement


def values_of(visit: SiteVisit, judgement: Judgement, path: OnePath) -> Iterator[Told]:
    """The origin of a spec's fault: a None, or a value of a wrong type."""
    field = judgement.subject
    if field in visit.missing:
        if field in visit.field_places:
            yield from none_of_unpacked(visit.field_places[field], field, path)
        else:
            yield from never_unpacked(visit.place, field, path)
        return
    shown = judgement.place
    for mistyped in visit.mistyped:
        place = mistyped.place or visit.place_of(mistyped.field)
        origin = mistyped.origin
        if place == shown and origin is not None and origin != place:
            told = f"the value of {mistyped.field}{mistyped.part} is created here"
            yield Told(EventKind.VALUE, origin, told)
