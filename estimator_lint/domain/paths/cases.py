"""The cases that one path stands for, where paths are joined of which tests have told other things.

Paths that agree in all that the code reads are joined even if tests have shown something else on
each. What was shown is kept with the joined path, as cases: a later test rules out some of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from estimator_lint.domain.paths.doubts import Doubts, merge_exactly, of_either, without
from estimator_lint.domain.values.values import Constant, constant_key

#: What tests have shown about a value: an entry of a path and its key, see ``path_facts``.
Fact: TypeAlias = tuple[tuple[Hashable, ...], Hashable]


class Case(NamedTuple):
    """One of the paths that were joined.

    Attributes:
        facts: what tests have shown on it, and not on all the others.
        doubts: conditions under which it exists.
    """

    facts: frozenset[Fact]
    doubts: Doubts


@dataclass(frozen=True)
class Cases:
    """A group of cases of a path, of which at least one occurs if the path exists.

    Attributes:
        doubts: those of the path when it was joined; others have come since, for all the cases.
        all: the cases; at least two.
    """

    doubts: Doubts
    all: tuple[Case, ...]

    @cached_property
    def subjects(self) -> frozenset[Hashable]:
        """The numbers of the values that the facts are about."""
        return frozenset(key[1] for case in self.all for key, _ in case.facts)

    @cached_property
    def _doubted(self) -> frozenset[int]:
        """The numbers of the doubts of the cases, without a sign."""
        return frozenset(abs(number) for case in self.all for number, _ in case.doubts)

    def without_subject(self, number: Hashable) -> tuple[Case, ...]:
        """The cases where it is no longer known what tests have shown about a value."""
        return simplified(
            Case(frozenset(fact for fact in case.facts if fact[0][1] != number), case.doubts)
            for case in self.all
        )

    def without_doubts(self, numbers: Set[int]) -> Cases:
        """The same where these doubts are no conditions any more, see ``State.dispel``."""
        if not self._doubted & numbers:
            return self
        return Cases(
            without(self.doubts, numbers),
            tuple(Case(case.facts, without(case.doubts, numbers)) for case in self.all),
        )


def simplified(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The same cases, by fewer ones."""
    left: list[Case] = []
    pending = list(cases)
    pending.reverse()
    while pending:
        case = pending.pop()
        for index, other in enumerate(left):
            united = _united(case, other)
            if united is not None:
                del left[index]
                pending.append(united)
                break
        else:
            left.append(case)
    return tuple(left)


def _united(one: Case, other: Case) -> Case | None:
    """The case that is both of two, if there is one."""
    if one.doubts <= other.doubts and one.facts <= other.facts:
        return one
    if other.doubts <= one.doubts and other.facts <= one.facts:
        return other
    if one.facts == other.facts and merge_exactly(one.doubts, other.doubts):
        return Case(one.facts, of_either(one.doubts, other.doubts))
    if one.doubts == other.doubts and _are_opposite(
        one.facts - other.facts, other.facts - one.facts
    ):
        return Case(one.facts & other.facts, one.doubts)
    return None


def _are_opposite(one: frozenset[Fact], other: frozenset[Fact]) -> bool:
    """Whether two facts are the two outcomes of one test."""
    if len(one) != 1 or len(other) != 1:
        return False
    ((key, entry),) = one
    ((opposite, told),) = other
    if key[0] == "truth":
        return key == opposite and entry is not told
    if key[0] == "not":
        return _are_opposite(other, one) if opposite[0] == "is" else False
    return (
        key[0] == "is"
        and isinstance(entry, Constant)
        and opposite == ("not", key[1], constant_key(entry))
    )
