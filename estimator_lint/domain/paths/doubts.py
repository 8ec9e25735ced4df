"""Doubts: conditions for the existence of a path that the source does not decide.

A test that depends on the mode in an unknown way has one outcome in each mode, but not necessarily
both. A path that took one side of it carries the doubt ``(number, side)``; so does the path that
took the other. At least one of a set of paths certainly exists if their doubts together cover all
outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from estimator_lint.domain import bounds

#: The number of an undecidable test, and the side taken. Tests of the form of an input have
#: negative numbers; one path on each side is enough for them.
Doubt: TypeAlias = "tuple[int, bool]"
#: All conditions for the existence of a path; empty if it certainly exists.
Doubts: TypeAlias = "frozenset[Doubt]"

NO_DOUBTS: Final[Doubts] = frozenset()


def resolvent(one: Doubts, other: Doubts) -> Doubts | None:
    """The condition for one of two paths to exist if they took the two sides of one test."""
    only_other = other - one
    opposed = [(number, side) for number, side in one - other if (number, not side) in only_other]
    if len(opposed) != 1:
        return None
    (number, side) = opposed[0]
    return (one - {(number, side)}) | (other - {(number, not side)})


def merge_exactly(one: Doubts, other: Doubts) -> bool:
    """Whether the merged doubts of two paths express the same as both together."""
    if len(one) != len(other):
        return False
    difference = one ^ other
    if len(difference) == 2:
        (number, side), opposite = difference
        return opposite == (number, not side)
    return not difference


def depends_on_form(doubts: Doubts) -> bool:
    """Whether a path exists only for inputs of some form."""
    return any(number < 0 for number, _ in doubts)


def one_exists(paths: Iterable[Doubts]) -> bool:
    """Whether at least one of the paths certainly exists, given the doubts of each."""
    found = list(dict.fromkeys(paths))
    if _is_proved(found):
        return True
    taken = {doubt for doubts in found for doubt in doubts}
    both = {(number, side) for number, side in taken if number < 0 and (number, not side) in taken}
    return bool(both) and _is_proved([doubts - both for doubts in found])


def _is_proved(paths: list[Doubts]) -> bool:
    known: list[Doubts] = []
    # The most informative ones come first, in case the search is given up.
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
    """The doubts of the path that two paths are merged into: one of the two exists under them."""
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
