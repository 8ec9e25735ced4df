"""Doubts: conditions for the existence of a path that the source does not decide.

A test that depends on the mode in an unknown way has one outcome in each mode, but not necessarily
both. A path that took one side of it carries the doubt ``(number, side)``; so does the path that
took the other. At least one of a set of paths certainly exists if their doubts together cover all
outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Set
from typing import Final, TypeAlias

from estimator_lint.domain import bounds

#: The number of an undecidable test, and the side taken. Tests of the form of an input have
#: negative numbers; one path on each side is enough for them.
Doubt: TypeAlias = "tuple[int, bool]"
#: All conditions for the existence of a path; empty if it certainly exists.
Doubts: TypeAlias = "frozenset[Doubt]"

NO_DOUBTS: Final[Doubts] = frozenset()


def exclude_each_other(one: Doubts, other: Doubts) -> bool:
    """Whether only one of two paths can exist, for they took the two sides of some test."""
    return any((number, not side) in other for number, side in one)


class DoubtsOfTest:
    """The doubts of one test, on all the paths that reach it.

    Of paths of which only one exists, the test has one outcome, so they share a doubt: together,
    the paths behind the test then cover all outcomes again.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, list[tuple[int, list[Doubts]]]] = {}

    def number(self, tested: Hashable, path: Doubts, new_doubt: Callable[[], int]) -> int:
        """The number of the doubt about what is tested, on a path with these doubts."""
        known = self._known.setdefault(tested, [])
        for number, paths in known:
            if all(exclude_each_other(path, other) for other in paths):
                paths.append(path)
                return number
        number = new_doubt()
        known.append((number, [path]))
        return number


def resolvent(one: Doubts, other: Doubts) -> Doubts | None:
    """The condition for one of two paths to exist if they took the two sides of one test."""
    only_other = other - one
    opposed = [(number, side) for number, side in one - other if (number, not side) in only_other]
    if len(opposed) != 1:
        return None
    (number, side) = opposed[0]
    return (one - {(number, side)}) | (other - {(number, not side)})


def without(doubts: Doubts, numbers: Set[int]) -> Doubts:
    """Doubts without those of these numbers, which are given without a sign."""
    return frozenset(doubt for doubt in doubts if abs(doubt[0]) not in numbers)


def merge_exactly(one: Doubts, other: Doubts) -> bool:
    """Whether the merged doubts of two paths express the same as both together."""
    if len(one) != len(other):
        return False
    difference = one ^ other
    if len(difference) == 2:
        (number, side), opposite = difference
        return opposite == (number, not side)
    return not difference


def one_exists(paths: Iterable[Doubts]) -> bool:
    """Whether at least one of the paths certainly exists, given the doubts of each."""
    found = list(dict.fromkeys(paths))
    if _is_proved(found):
        return True
    taken = {doubt for doubts in found for doubt in doubts}
    both = {(number, side) for number, side in taken if number < 0 and (number, not side) in taken}
    return bool(both) and _is_proved([doubts - both for doubts in found])


def one_exists_in_any_form(paths: Iterable[Doubts]) -> bool:
    """Whether at least one of the paths exists, whatever the form of the input is."""
    return _is_proved(list(dict.fromkeys(paths)))


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


def strongest(paths: Iterable[Doubts]) -> Doubts:
    """The least that must be so for one of the paths to exist, given the doubts of each."""
    first, *others = dict.fromkeys(paths)
    known = [first]
    for doubts in others:
        if len(known) >= bounds.MAX_DOUBT_SETS:
            break
        implied = [resolvent(doubts, other) for other in known]
        known += [doubts, *(one for one in implied if one is not None)]
    return min(known, key=lambda doubts: (len(doubts), sorted(doubts)))


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
