"""What is offered at a finding: its repairs, and a comment that silences it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estimator_lint.language_server.outcomes import Change, Outcome, Repair


@dataclass(frozen=True)
class Offer:
    """An action that changes the text.

    Attributes:
        title: what it does.
        changes: the changes of the module.
        is_preferred: the editor may apply it without asking.
    """

    title: str
    changes: tuple[Change, ...]
    is_preferred: bool = False


def offers_for(
    outcome: Outcome, number: int, repairs: Mapping[int, tuple[Repair, ...]]
) -> list[Offer]:
    """The repairs of a finding, given by its number, and the comment that silences it."""
    offers = [
        Offer(repair.title, repair.changes, repair.is_preferred)
        for repair in repairs.get(number, ())
    ]
    comment = outcome.comments[number] if outcome.comments else None
    if comment is not None:
        code = outcome.findings[number].code
        offers.append(Offer(f"Silence {code} here (# noqa)", (comment,)))
    return offers


def fixing_all(changes: tuple[Change, ...]) -> Offer:
    """All safe repairs of a module."""
    return Offer("Apply all safe fixes of estimator-lint", changes)
