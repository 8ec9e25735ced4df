"""Joining all paths of a bucket at once, even if information is lost.

Joining them two at a time would go through everything that they have written once per path.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from estimator_lint.domain.paths.branch_history import common
from estimator_lint.domain.paths.differing_operands import differing_operands
from estimator_lint.domain.paths.join import told_behind_join
from estimator_lint.domain.paths.joined_cases import (
    JoinedTests,
    join_tests_of_all,
    subjects_of_cases,
)
from estimator_lint.domain.paths.operands import Operand
from estimator_lint.domain.paths.path_facts import (
    TOLD_BY_TESTS,
    correlation_lost_by_merging,
    correlation_lost_in_bucket,
    told_apart_from,
    told_to_each,
    united,
)
from estimator_lint.domain.paths.state import (
    NOTHING_TOLD,
    Layer,
    State,
    entries_under,
    shared_layer,
    written_since,
)
from estimator_lint.domain.paths.value_join import MUCH

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from estimator_lint.domain.paths.join import Joiner
    from estimator_lint.domain.paths.state import Entry, Key

_Part = TypeVar("_Part")


def join_bucket(joiner: Joiner, states: Sequence[State]) -> tuple[State, int]:
    """One path for all of these, and the cost: see ``Joiner.join``.

    All of them have the same doubts, and so has the joined path.
    """
    bucket = _Bucket(joiner, states)
    written, cost = bucket.join_written()
    operands, loss = bucket.join_operands()
    cost += loss
    tests = bucket.join_tests(lossless=cost < MUCH)
    written.update(bucket.told(tests.lost))
    first, *others = states
    passed = first.passed
    for other in others:
        passed = common(passed, other.passed)
    state = State(Layer(bucket.base, written), first.doubts, first.log, passed, operands)
    state.told = NOTHING_TOLD.union(*(each.told for each in states))
    return tests.on(state), cost


class _Bucket:
    """The paths to join, and the entries joined so far."""

    def __init__(self, joiner: Joiner, states: Sequence[State]) -> None:
        self._joiner = joiner
        self._states = states
        self.base = shared_layer(*states)
        self._written = [written_since(self.base, state) for state in states]
        self._below = State(self.base, log=states[0].log)
        self._alike, self._apart = told_to_each(self._written, self._below)
        self._united = united(self._apart, *states)
        #: What is known about a value that is joined from several paths.
        self._several = State(Layer(self.base, {**self._alike, **self._united}), log=states[0].log)
        joiner.begin_join()

    def told(self, lost: set[Hashable]) -> dict[Key, Entry]:
        """The test outcomes that hold on all paths, given the subjects of the lost ones."""
        return told_behind_join({**self._alike, **self._united}, lost, self._below)

    def join_tests(self, *, lossless: bool) -> JoinedTests:
        """What remains of the tests of the paths; ``lossless`` if the join has lost little."""
        states, doubts = self._states, self._states[0].doubts
        if lossless:
            tests = join_tests_of_all(self._apart, states)
            if tests is not None:
                return tests
        lost = self._lost_by_pairs() if lossless else correlation_lost_in_bucket(self._apart)
        return JoinedTests(doubts, lost | subjects_of_cases(states))

    def _lost_by_pairs(self) -> set[Hashable]:
        """The subjects of tests whose outcomes the join no longer knows.

        If the paths are the two sides of one test, both of its outcomes are known to occur.
        """
        first, *others = self._states
        told: dict[Key, Entry] = {key: entries[0] for key, entries in self._apart.items()}
        for index, other in enumerate(others, start=1):
            by_other = {key: entries[index] for key, entries in self._apart.items()}
            one = State(Layer(self.base, told), first.doubts, first.log)
            alike, apart = told_apart_from(told, by_other, self._below)
            lost = correlation_lost_by_merging(apart, one, other, first.doubts, lossless=True)
            told = {**alike, **united(apart, one, other)}
            told.update({("correlation lost", subject): True for subject in lost})
        return {key[1] for key, entry in told.items() if key[0] == "correlation lost" and entry}

    def join_written(self) -> tuple[dict[Key, Entry], int]:
        """What the paths have written, except for test outcomes, joined; and the cost."""
        joiner, states = self._joiner, self._states
        merged: dict[Key, Entry] = {}
        cost = 0
        #: What is lost in objects that may be garbage; garbage does not distinguish paths.
        perhaps_lost: dict[Key, tuple[Entry, int]] = {}
        for key in dict.fromkeys(chain.from_iterable(self._written)):
            if key[0] in TOLD_BY_TESTS or not joiner.lasts(key):
                continue
            entries = entries_under(key, self._written, self._below)
            first = entries[0]
            if all(entry is first for entry in entries):
                merged[key] = first
                continue
            joiner.locate(*key)
            entry, loss = self._joined(entries, partial(joiner.join_entry, key))
            if loss and key[0] == "contents" and joiner.may_be_garbage(key[1]):  # type: ignore[arg-type]
                perhaps_lost[key] = entry, loss
                continue
            merged[key] = entry
            cost += loss
        for key in joiner.reachable(perhaps_lost, states):
            merged[key], loss = perhaps_lost[key]
            cost += loss
        return merged, cost

    def join_operands(self) -> tuple[Operand | None, int]:
        """The joined operand stack (all paths have one of the same height), and the cost."""
        joined, differing = differing_operands(self._states)
        cost = 0
        for height in sorted(differing):
            self._joiner.locate("operand", height)
            value, loss = self._joined(differing[height], self._joiner.join_values)
            joined = Operand(value, joined)
            cost += loss
        return joined, cost

    def _joined(
        self,
        parts: Sequence[_Part],
        join: Callable[[_Part, State, _Part, State], tuple[_Part, int]],
    ) -> tuple[_Part, int]:
        """The values of the paths at one location, joined one after the other; and the cost."""
        joined, before, cost = parts[0], self._states[0], 0
        others = zip(parts[1:], self._states[1:], strict=True)
        for index, (part, state) in enumerate(others, start=1):
            if part is not joined:
                self._joiner.step = index
                joined, loss = join(joined, before, part, state)
                cost += loss
            before = self._several
        return joined, cost
