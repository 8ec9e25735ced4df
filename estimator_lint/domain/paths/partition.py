"""Which paths are joined where they meet, and when.

Paths that meet are put into buckets by the facts that findings depend on, and joined within a
bucket: always if nothing is lost by it; if there are too many paths, at coarser and coarser grains,
until they are few enough.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.bucket_join import join_bucket
from estimator_lint.domain.paths.differences import Differences
from estimator_lint.domain.paths.doubts import NO_DOUBTS, merge_exactly
from estimator_lint.domain.paths.join import SIMILAR, Joiner
from estimator_lint.domain.paths.joined_cases import count_of_cases
from estimator_lint.domain.paths.known_apart import KnownApart
from estimator_lint.domain.paths.path_facts import may_leave_nothing_open, told_since
from estimator_lint.domain.paths.shared_entries import share
from estimator_lint.domain.paths.state import shared_layer
from estimator_lint.domain.paths.traits import Grain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.paths.frames import Raised
    from estimator_lint.domain.paths.path_facts import Told
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.paths.traits import ValueTypeOf
    from estimator_lint.domain.values.values import Value

#: If more paths meet, they are merged in portions of this size.
_AT_A_TIME: Final = 2 * bounds.MAX_PATHS
#: More than any join costs.
_ANY_COST: Final = 1_000_000


class Partitioner:
    """Merges the paths of one evaluation.

    Args:
        joiner: merges two states.
        value_type: what kind of thing a value is.
        note_loss: called where a merge loses something.
    """

    def __init__(
        self, joiner: Joiner, value_type: ValueTypeOf, note_loss: Callable[[], None]
    ) -> None:
        self._joiner = joiner
        self._value_type = value_type
        self._note_loss = note_loss
        self._known_apart = KnownApart(joiner, value_type)

    def meeting(self, states: list[State]) -> list[State]:
        """The paths behind a place where several meet: few, merged first where nothing is lost.

        Of many paths, those that forked last are merged first: they have most in common, and wrote
        little of their own.
        """
        if len(states) < 2:
            return states
        self._joiner.begin_meeting()
        states, kept = self._in_portions(states, partial(self._meeting, are_all=False))
        return self._meeting(states) + kept

    def _meeting(self, states: list[State], *, are_all: bool = True) -> list[State]:
        if len(states) < 2:
            return states
        groups = self._known_apart.groups(states)
        if groups is not None:
            return self._meeting_in_groups(groups, exactly=not are_all)
        differences = Differences(states, self._joiner, self._value_type)
        merged = self._merge_by_cases(self._merge_for_free(differences, exactly=not are_all))
        is_less = len(merged) < len(states)
        if len(merged) <= bounds.MAX_PATHS:
            self._share(differences, merged)
            return merged if is_less else states
        return self._too_many(merged) if is_less else self._reduced(self._bounded(differences))

    def _meeting_in_groups(self, groups: list[list[State]], *, exactly: bool) -> list[State]:
        """The same for paths of which those of different groups are known to be apart."""
        buckets: list[list[State]] = []
        for group in groups:
            if len(group) == 1:
                buckets.append(group)
                continue
            differences = Differences(group, self._joiner, self._value_type)
            found = self._merge_for_free(differences, exactly=exactly)
            self._share(differences, [state for bucket in found for state in bucket])
            buckets += found
        merged = self._merge_by_cases(buckets)
        if len(merged) > bounds.MAX_PATHS:
            return self._too_many(merged)
        self._known_apart.repeat(merged)
        return merged

    def _share(self, differences: Differences, merged: list[State]) -> None:
        """Keep once what the paths of a meeting have written alike, and what tells them apart."""
        if len(merged) < differences.count:
            share(merged, self._joiner.lasts)
        else:
            differences.share()
        if len(merged) > 1:
            self._known_apart.note(merged, differences)

    def _too_many(self, states: list[State]) -> list[State]:
        return self._reduced(self.bounded(states))

    def _reduced(self, few: list[State]) -> list[State]:
        if len(few) > 1:
            left = Differences(few, self._joiner, self._value_type)
            left.unite_imprecise()
            left.share()
        return few

    def few(self, states: list[State]) -> list[State]:
        """Paths that come from several branches, merged if there are many."""
        return self.meeting(states) if len(states) > bounds.MAX_PATHS else states

    def results(self, results: list[tuple[Value, State]]) -> list[tuple[Value, State]]:
        """The results of an expression, merged if there are too many."""
        if len(results) <= bounds.MAX_PATHS:
            return results
        return self.meeting_results(results)

    def meeting_results(self, results: list[tuple[Value, State]]) -> list[tuple[Value, State]]:
        """The results of an expression: few, merged first where nothing is lost."""
        if len(results) < 2:
            return results
        states = self.meeting([state.push(value) for value, state in results])
        return [(state.pop(), state) for state in states]

    def raises(self, raises: list[Raised], *, caught: bool) -> list[Raised]:
        """Paths that end by exceptions, reduced if there are many.

        If nothing may catch them, one of each kind represents all.
        """
        if not caught:
            kinds = {(one.exception, one.faults, one.by): one for one in reversed(raises)}
            return list(reversed(kinds.values()))
        if len(raises) <= bounds.MAX_PATHS:
            return raises
        by_class: dict[object, list[Raised]] = {}
        for raised in raises:
            by_class.setdefault((raised.exception, bool(raised.by)), []).append(raised)
        merged: list[Raised] = []
        for alike in by_class.values():
            faults = frozenset(fault for raised in alike for fault in raised.faults)
            by = frozenset(node for raised in alike for node in raised.by)
            states = self.meeting([raised.state for raised in alike])
            merged += [replace(alike[0], state=state, faults=faults, by=by) for state in states]
        return merged

    def similar(self, results: list[tuple[Value, State]]) -> list[tuple[Value, State]]:
        """Joins results that differ little; those in doubt separately from the others."""
        kept: list[State] = []
        self._joiner.begin_meeting()
        for state in [after.push(value) for value, after in results]:
            for index, other in enumerate(kept):
                if bool(other.doubts) is bool(state.doubts):
                    joined = self._joiner.join(other, state, SIMILAR)
                    if joined is not None:
                        kept[index] = joined[0]
                        if joined[1]:
                            self._note_loss()
                        break
            else:
                kept.append(state)
        return [(state.pop(), state) for state in kept]

    def one(self, states: list[State]) -> list[State]:
        """All paths joined into one, even if information is lost."""
        self._joiner.begin_meeting()
        return self._joined(states) if len(states) > 1 else states

    def bounded(self, states: list[State]) -> list[State]:
        """Merges down to ``MAX_PATHS`` paths, whatever is lost; the last ones first, as above."""
        if len(states) <= bounds.MAX_PATHS:
            return states
        self._joiner.begin_meeting()
        states, kept = self._in_portions(states, self._bounded_few)
        return self._bounded_few(states) + kept

    def _in_portions(
        self, states: list[State], merge: Callable[[list[State]], list[State]]
    ) -> tuple[list[State], list[State]]:
        """Merge the last ones, portion by portion: the paths left to merge, and those behind them.

        The latter are of portions in which all paths leave a block by different ways.
        """
        kept: list[State] = []
        while len(states) > _AT_A_TIME:
            last = merge(states[-_AT_A_TIME:])
            states = states[:-_AT_A_TIME]
            if len(last) < _AT_A_TIME:
                states += last
            else:
                kept = last + kept
        return states, kept

    def _bounded_few(self, states: list[State]) -> list[State]:
        """The same for no more paths than are merged at a time."""
        if len(states) <= bounds.MAX_PATHS:
            return states
        return self._bounded(Differences(states, self._joiner, self._value_type))

    def _bounded(self, differences: Differences) -> list[State]:
        for grain in (Grain.PLAIN, Grain.FACTS):
            buckets = differences.buckets(grain)
            if grain is Grain.FACTS and len(buckets) > bounds.FEW_PATHS:
                buckets = differences.buckets_of_few_facts(bounds.FEW_PATHS)
            if len(buckets) <= bounds.FEW_PATHS:
                return self._join_buckets(buckets)
        return self._join_buckets(differences.buckets_by_first_unbound(bounds.MAX_PATHS))

    def _join_buckets(self, buckets: list[list[State]]) -> list[State]:
        return [state for bucket in buckets for state in self._joined(bucket)]

    def _joined(self, states: list[State]) -> list[State]:
        """One path that represents all of them.

        Paths whose doubts together cover all outcomes are joined first, and all paths with the same
        doubts at once.
        """
        with without_doubts(shared_doubts(states), states) as pending:
            self._join_to_one(pending)
        return pending

    def _join_to_one(self, pending: list[State]) -> None:
        by_doubts: dict[Doubts, list[State]] = {}
        for state in pending:
            by_doubts.setdefault(state.doubts, []).append(state)
        pending[:] = [self._joined_at_once(alike) for alike in by_doubts.values()]
        tests: dict[Doubts, frozenset[int]] = {}
        while len(pending) > 1:
            one, other = _closest(pending, tests)
            joined = self._joiner.join(pending[one], pending.pop(other), _ANY_COST)
            assert joined is not None
            pending[one], cost = joined
            if cost:
                self._note_loss()

    def _joined_at_once(self, states: list[State]) -> State:
        """One path that represents all of them; they have the same doubts."""
        if len(states) == 1:
            return states[0]
        joined, cost = join_bucket(self._joiner, states)
        if cost:
            self._note_loss()
        return joined

    def _merge_for_free(self, differences: Differences, *, exactly: bool) -> list[list[State]]:
        """Merge where nothing is lost: the two sides of one test first, repeatedly.

        Together these cover all outcomes; other pairs would leave a doubt. With ``exactly`` no
        others are merged.
        """
        return [
            self._merge_bucket(bucket, exactly) if len(bucket) > 1 else bucket
            for bucket in differences.alike()
        ]

    def _merge_by_cases(self, buckets: list[list[State]]) -> list[State]:
        """Of many paths, merge also those that differ only in what tests have shown.

        It is kept as cases: explanations then know less of how a path came about.
        """
        if sum(map(len, buckets)) > bounds.FEW_PATHS:
            buckets = [self._merge_pairs(bucket, exactly=True, by_cases=True) for bucket in buckets]
        return [state for bucket in buckets for state in bucket]

    def _merge_bucket(self, bucket: list[State], exactly: bool) -> list[State]:
        shared = shared_doubts(bucket)
        with without_doubts(shared, bucket) as kept:
            count = len(kept) + 1
            while 1 < len(kept) < count:
                count = len(kept)
                kept[:] = self._merge_pairs(kept, exactly=True)
            if not exactly and (shared or any(state.doubts for state in kept)):
                kept[:] = self._merge_pairs(kept, exactly=False)
        return kept

    def _merge_pairs(
        self, states: list[State], *, exactly: bool, by_cases: bool = False
    ) -> list[State]:
        if len(states) < 2:
            return states
        base = shared_layer(*states)
        kept: list[State] = []
        told: list[Told | None] = []
        # Each is compared with those that forked after it, the next one first.
        for state in reversed(states):
            told_here: Told | None = None
            for index in reversed(range(max(0, len(kept) - bounds.MAX_COMPARED), len(kept))):
                doubts = kept[index].doubts
                if exactly and not merge_exactly(doubts, state.doubts):
                    continue
                most = bounds.MAX_CASES if by_cases else 2  # each path is one case
                if count_of_cases(kept[index], state) > most:
                    continue
                if not by_cases:
                    there = told[index]
                    if there is None:
                        there = told[index] = told_since(base, kept[index])
                    if told_here is None:
                        told_here = told_since(base, state)
                    if not may_leave_nothing_open(there, doubts, told_here, state.doubts):
                        continue
                joined = self._joiner.join(kept[index], state, 0, by_cases=by_cases)
                if joined is not None:
                    kept[index] = joined[0]
                    told[index] = None
                    break
            else:
                kept.append(state)
                told.append(told_here)
        kept.reverse()
        return kept


def shared_doubts(states: Sequence[State]) -> Doubts:
    """The doubts that all of the paths have, if many: these do not distinguish paths."""
    if min(len(state.doubts) for state in states) < bounds.MANY_DOUBTS:
        return NO_DOUBTS
    first, *others = states
    return first.doubts.intersection(*(state.doubts for state in others))


@contextmanager
def without_doubts(shared: Doubts, states: Sequence[State]) -> Iterator[list[State]]:
    """Inside the block, the paths in the list lack these doubts; the list may be changed."""
    kept = list(states)
    for state in kept if shared else ():
        state.doubts -= shared
    yield kept
    for state in kept if shared else ():
        state.doubts |= shared


def _closest(states: list[State], tests: dict[Doubts, frozenset[int]]) -> tuple[int, int]:
    """The indices of two paths; if possible, of two whose joined doubts are no weaker.

    ``tests`` keeps the numbers of the tests that doubts are about.
    """
    #: Grouped by the tests that they doubt: only these can be the two sides of one test.
    alike: dict[frozenset[int], list[int]] = {}
    for other, state in enumerate(states[: bounds.MAX_COMPARED]):
        doubts = state.doubts
        if doubts not in tests:
            tests[doubts] = frozenset(number for number, _ in doubts)
        before = alike.setdefault(tests[doubts], [])
        for one in before:
            if merge_exactly(states[one].doubts, doubts):
                return one, other
        before.append(other)
    return 0, 1


def are_same(states: list[State], before: list[State]) -> bool:
    """Whether no path was forked or joined, so that mostly the same differences remain."""
    return len(states) == len(before) and {*map(id, states)} == {*map(id, before)}
