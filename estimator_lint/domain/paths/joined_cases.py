"""Joining the cases of paths, and ruling out cases by later tests."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.cases import Case, Cases, simplified
from estimator_lint.domain.paths.doubts import NO_DOUBTS, merge_exactly, of_either, strongest
from estimator_lint.domain.paths.path_facts import (
    constants_left,
    correlation_lost_by_merging,
)
from estimator_lint.domain.paths.state import NOTHING_TOLD
from estimator_lint.domain.values.constants import ConstantSet
from estimator_lint.domain.values.values import Constant, constant_key

if TYPE_CHECKING:
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.paths.state import Entry, Key, State


@dataclass(frozen=True)
class JoinedTests:
    """What a joined path knows about tests, beside the facts that hold on all the paths.

    Attributes:
        doubts: those of the path.
        lost: the subjects of tests that may have one outcome only.
        shared: the groups of cases that all the paths have, as they are.
        cases: a further group.
    """

    doubts: Doubts
    lost: set[Hashable] = field(default_factory=set)
    shared: tuple[Cases, ...] = ()
    cases: tuple[Case, ...] = ()

    def on(self, state: State) -> State:
        """The joined path, with its cases."""
        state.cases = self.shared
        state.add_cases(self.doubts, self.cases)
        return state


def join_tests(
    told_apart: Mapping[Key, Sequence[Entry]], one: State, other: State, *, lossless: bool
) -> JoinedTests:
    """What remains of the tests of two paths; ``lossless`` if their join has lost little."""
    doubts = of_either(one.doubts, other.doubts)
    exactly = lossless and merge_exactly(one.doubts, other.doubts)
    lost = correlation_lost_by_merging(told_apart, one, other, doubts, lossless=exactly)
    shared = _shared(told_apart, [one, other])
    if not lost and len(shared) == len(one.cases) == len(other.cases) and (exactly or not shared):
        return JoinedTests(doubts, shared=shared)
    cases = _joined_cases(told_apart, [one, other], shared) if lossless else None
    if cases is None:
        return JoinedTests(doubts, lost | subjects_of_cases([one, other]))
    if one.doubts != other.doubts:
        doubts = min(doubts, strongest(case.doubts for case in cases), key=len)
    return JoinedTests(doubts, shared=shared, cases=cases)


def join_tests_of_all(
    told_apart: Mapping[Key, Sequence[Entry]], states: Sequence[State]
) -> JoinedTests | None:
    """The same for several paths with the same doubts; None if they have too many cases."""
    shared = _shared(told_apart, states)
    cases = _joined_cases(told_apart, states, shared)
    return None if cases is None else JoinedTests(states[0].doubts, shared=shared, cases=cases)


def count_of_cases(one: State, other: State) -> int:
    """At most how many cases a path has that two are joined to, beside those that both have."""
    if one.cases is other.cases:
        return 2
    return _count_without(one.cases, other.cases) + _count_without(other.cases, one.cases)


def _count_without(groups: Sequence[Cases], others: Sequence[Cases]) -> int:
    """How many combinations there are of cases of the groups that are none of ``others``."""
    ids = set(map(id, others))
    count = 1
    for group, at in zip(groups, map(id, groups), strict=True):
        if at not in ids:
            count *= len(group.all)
    return count


def subjects_of_cases(states: Sequence[State]) -> set[Hashable]:
    """What the facts in the cases of some paths are about."""
    return {subject for state in states for group in state.cases for subject in group.subjects}


def _shared(
    told_apart: Mapping[Key, Sequence[Entry]], states: Sequence[State]
) -> tuple[Cases, ...]:
    """The groups of cases that all the paths have, of which nothing else tells them apart."""
    first, *others = states
    shared = first.cases
    for other in others:
        if other.cases is not shared:
            ids = set(map(id, other.cases))
            shared = tuple(
                [one for one, at in zip(shared, map(id, shared), strict=True) if at in ids]
            )
    if not shared:
        return ()
    subjects = {key[1] for key in told_apart}
    return tuple([group for group in shared if not subjects & group.subjects])


def _without(groups: Sequence[Cases], others: Sequence[Cases]) -> list[Cases]:
    """The groups that are none of ``others``; a path may have as many as tests were passed."""
    ids = set(map(id, others))
    return [group for group, at in zip(groups, map(id, groups), strict=True) if at not in ids]


def _sizes(groups: Sequence[Cases]) -> list[int]:
    return [len(group.all) for group in groups]


def _joined_cases(
    told_apart: Mapping[Key, Sequence[Entry]], states: Sequence[State], shared: Sequence[Cases]
) -> tuple[Case, ...] | None:
    """A group of cases for a path that some paths are joined to; None if they are too many.

    ``told_apart`` has the facts that differ, for each of the paths.
    """
    if any(key[0] == "correlation lost" for key in told_apart):
        return None
    found: list[Case] = []
    for index, state in enumerate(states):
        facts = frozenset(
            (key, entries[index])
            for key, entries in told_apart.items()
            if entries[index] is not None
        )
        own = _without(state.cases, shared)
        if prod(_sizes(own)) > bounds.MAX_CASES_COMPARED:
            return None
        found += _combinations(Case(facts, state.doubts), own)
        if len(found) > bounds.MAX_CASES_COMPARED:
            return None
    cases = simplified(found)
    return cases if len(cases) <= bounds.MAX_CASES else None


def _combinations(path: Case, groups: Sequence[Cases]) -> list[Case]:
    """The cases of a path: one of each of its groups."""
    joined = [group.doubts for group in groups]
    doubts = path.doubts.difference(*joined)
    return [
        Case(
            path.facts.union(*(case.facts for case in cases)),
            doubts.union(*(case.doubts for case in cases)),
        )
        for cases in product(*(group.all for group in groups))
    ]


def narrow(state: State) -> bool:
    """Rule out the cases of a path that its facts exclude; whether any is left.

    The groups about other values than those that were told of since are as they were.
    """
    told, state.told = state.told, NOTHING_TOLD
    for group in state.cases:
        if not (told | state.told if state.told else told) & group.subjects:
            continue
        left = [case for case in group.all if _is_possible(case, state)]
        if not left:
            state.told = told
            return False
        if len(left) < len(group.all):
            needed = NO_DOUBTS
            if not any(case.doubts <= state.doubts for case in left):
                needed = strongest(case.doubts for case in left)
            state.doubts |= needed
            state.remove_cases(group)
            state.add_cases(group.doubts | needed, left)
    return True


def _is_possible(case: Case, state: State) -> bool:
    return all(_agrees(key, entry, state) for key, entry in case.facts)


def _agrees(key: Key, entry: Hashable, state: State) -> bool:
    """Whether a fact can hold on a path."""
    kind, number, *_ = key
    left = constants_left(number, state)
    if kind == "truth":
        known = state.get(key)
        if known is not None:
            return known is entry
        return left is None or any(bool(constant.value) is entry for constant in left)
    if kind == "not":
        return left is None or any(constant_key(constant) != key[2] for constant in left)
    truth = state.get(("truth", number))
    constants = entry if isinstance(entry, ConstantSet) else (entry,)
    return any(
        (truth is None or bool(constant.value) is truth)
        and not state.get(("not", number, constant_key(constant)))
        and (left is None or constant_key(constant) in left)
        for constant in constants
        if isinstance(constant, Constant)
    )
