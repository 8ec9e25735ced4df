"""Doubts: what must be so for a path to exist, where nobody knows whether it is.

A test that depends on the mode in a way not known has one outcome in each mode,
and it is not known which.  A path that took one side of it carries the doubt
``(number, side)``; so does the path that took the other.  Of a set of paths, one
exists for certain if their doubts between them leave no way out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from estimator_lint.domain import bounds

#: The number of a test that nothing is known about, and the side taken.  That of a test of the
#: form of an input is negative: who looks for one path on each side has looked enough.
Doubt: TypeAlias = "tuple[int, bool]"
#: All that must be so for a path to exist; empty where it exists for certain.
Doubts: TypeAlias = "frozenset[Doubt]"

NO_DOUBTS: Final[Doubts] = frozenset()


def resolvent(one: Doubts, other: Doubts) -> Doubts | None:
    """What must be so for one of two paths to exist, where they took both sides of a test."""
    only_other = other - one
    opposed = [(number, side) for number, side in one - other if (number, not side) in only_other]
    if len(opposed) != 1:
        return None
    (number, side) = opposed[0]
    return (one - {(number, side)}) | (other - {(number, not side)})


def merge_exactly(one: Doubts, other: Doubts) -> bool:
    """Whether the doubts of two merged paths tell all that the two distinguished."""
    if len(one) != len(other):
        return False
    difference = one ^ other
    if len(difference) == 2:
        (number, side), opposite = difference
        return opposite == (number, not side)
    return not difference


def one_exists(paths: Iterable[Doubts]) -> bool:
    """Whether one of the paths exists for certain, given the doubts of each."""
    found = list(dict.fromkeys(paths))
    if _is_proved(found):
        return True
    taken = {doubt for doubts in found for doubt in doubts}
    both = {(number, side) for number, side in taken if number < 0 and (number, not side) in taken}
    return bool(both) and _is_proved([doubts - both for doubts in found])


def _is_proved(paths: list[Doubts]) -> bool:
    known: list[Doubts] = []
    # Those that tell most are looked at first, before the search is given up.
    pending = sorted(paths, key=len, reverse=True)
    while pending:
        doubts = pending.pop()
        if not doubts:
            return True
        if any(other <= doubts for other in known):
            continue
        if len(known) >= bounds.MAX_DOUBT_SETS:
            return False
        for other in known:
            implied = resolvent(doubts, other)
            if implied is not None:
                pending.append(implied)
        known.append(doubts)
    return False


def of_either(one: Doubts, other: Doubts) -> Doubts:
    """Doubts under which one of two paths exists; for the path that both are merged into."""
    if one <= other:
        return one
    if other <= one:
        return other
    implied = resolvent(one, other)
    if implied is not None:
        return implied
    if len(one) != len(other):
        return min(one, other, key=len)
    return min(one, other, key=lambda doubts: sorted(doubts - (one & other)))
