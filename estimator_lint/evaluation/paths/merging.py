"""Which paths are merged where they meet, and when.

Paths that meet are put into buckets by what findings are made of, and joined within
a bucket: where nothing is lost by it, always; where there are too many paths, by
coarser and coarser grains, until they are few enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from estimator_lint.evaluation import bounds
from estimator_lint.evaluation.paths.assumptions import TOLD_BY_TESTS
from estimator_lint.evaluation.paths.doubts import merge_exactly
from estimator_lint.evaluation.paths.joining import SIMILAR, Joiner
from estimator_lint.evaluation.paths.state import Layer, shared_layer, written_since
from estimator_lint.evaluation.paths.traits import (
    UNBOUND_TRAIT,
    Grain,
    trait,
    trait_of_value,
)

if TYPE_CHECKING:
    from estimator_lint.evaluation.paths.frames import Raised
    from estimator_lint.evaluation.paths.state import Entry, Key, State
    from estimator_lint.evaluation.paths.traits import NatureOf
    from estimator_lint.evaluation.values.values import Value

#: More than any join costs.
_ANY_COST: Final = 1_000_000
_ABSENT: Final = object()
#: The register of how a path leaves a block: that is not lost, however many paths there are.
WAY_OUT: Final = "way out"


class Merger:
    """Merges the paths of one evaluation.

    Args:
        joiner: merges two states.
        nature: what kind of thing a value is.
        note_loss: called where a merge loses something.
    """

    def __init__(self, joiner: Joiner, nature: NatureOf, note_loss: Callable[[], None]) -> None:
        self._joiner = joiner
        self._nature = nature
        self._note_loss = note_loss

    def meeting(self, states: list[State]) -> list[State]:
        """The paths behind a place where several meet: merged where nothing is lost, and few."""
        if len(states) < 2:
            return states
        self._joiner.meetings += 1
        states = self.bounded(self._merge_for_free(states))
        if len(states) > 1:
            _share(states, self._joiner)
        return states

    def results(self, results: list[tuple[Value, State]]) -> list[tuple[Value, State]]:
        """The results of an expression, merged where they are too many."""
        if len(results) <= bounds.MAX_PATHS:
            return results
        return self.meeting_results(results)

    def meeting_results(self, results: list[tuple[Value, State]]) -> list[tuple[Value, State]]:
        """The results of an expression, merged where nothing is lost, and few."""
        if len(results) < 2:
            return results
        states = self.meeting([state.push(value) for value, state in results])
        return [(state.pop(), state) for state in states]

    def raises(self, raises: list[Raised]) -> list[Raised]:
        """Paths that end by exceptions, made fewer where they are many."""
        if len(raises) <= bounds.MAX_PATHS:
            return raises
        by_class: dict[object, list[Raised]] = {}
        for raised in raises:
            by_class.setdefault(raised.exception, []).append(raised)
        merged: list[Raised] = []
        for alike in by_class.values():
            faults = frozenset(fault for raised in alike for fault in raised.faults)
            by = frozenset(node for raised in alike for node in raised.by)
            states = self.meeting([raised.state for raised in alike])
            merged += [replace(alike[0], state=state, faults=faults, by=by) for state in states]
        return merged

    def similar(self, results: list[tuple[Value, State]]) -> list[tuple[Value, State]]:
        """Results that differ in little are made one; those in doubt apart from the others."""
        kept: list[State] = []
        self._joiner.meetings += 1
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
        """All paths made one, whatever is lost by it."""
        self._joiner.meetings += 1
        return self._joined(states) if len(states) > 1 else states

    def bounded(self, states: list[State]) -> list[State]:
        """At most ``MAX_PATHS`` paths, whatever is lost by it."""
        if len(states) <= bounds.MAX_PATHS:
            return states
        self._joiner.meetings += 1
        differences = _Differences(states, self._joiner, self._nature)
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
        """One path that stands for all of them.

        Those are joined first whose doubts leave nothing open between them.
        """
        pending = list(states)
        while len(pending) > 1:
            one, other = _closest(pending)
            joined = self._joiner.join(pending[one], pending.pop(other), _ANY_COST)
            assert joined is not None
            pending[one], cost = joined
            if cost:
                self._note_loss()
        return pending

    def _merge_for_free(self, states: list[State]) -> list[State]:
        """Merge where nothing is lost; the two sides of one test first, and again.

        Together these leave nothing open, where others would leave a doubt.
        """
        differences = _Differences(states, self._joiner, self._nature)
        merged: list[State] = []
        for bucket in differences.buckets(Grain.WHOLE, by_doubt=False):
            merged += self._merge_bucket(bucket) if len(bucket) > 1 else bucket
        return merged if len(merged) < len(states) else states

    def _merge_bucket(self, bucket: list[State]) -> list[State]:
        count = len(bucket) + 1
        while 1 < len(bucket) < count:
            count = len(bucket)
            bucket = self._merge_pairs(bucket, exactly=True)
        if any(state.doubts for state in bucket):
            bucket = self._merge_pairs(bucket, exactly=False)
        return bucket

    def _merge_pairs(self, states: list[State], *, exactly: bool) -> list[State]:
        kept: list[State] = []
        for state in states:
            for index in range(max(0, len(kept) - bounds.MAX_COMPARED), len(kept)):
                if exactly and not merge_exactly(kept[index].doubts, state.doubts):
                    continue
                joined = self._joiner.join(kept[index], state, 0)
                if joined is not None:
                    kept[index] = joined[0]
                    break
            else:
                kept.append(state)
        return kept


def _share(states: list[State], joiner: Joiner) -> None:
    """Keep in one layer what all the paths have written alike, to be looked at no more."""
    base = shared_layer(*states)
    written = [written_since(base, state) for state in states]
    if sum(map(len, written)) <= bounds.SMALL_LAYER * len(states):
        return
    first, *others = written
    common: dict[Key, Entry] = {}
    for key, entry in first.items():
        if all(by.get(key, _ABSENT) is entry for by in others):
            common[key] = entry
    common = {key: entry for key, entry in common.items() if joiner.lasts(key)}
    layer = Layer(base, common)
    for state, by in zip(states, written, strict=True):
        own = {key: entry for key, entry in by.items() if key not in common and joiner.lasts(key)}
        state.layer = Layer(layer, own)


class _Differences:
    """What tells some paths apart.

    Args:
        states: the paths.
        joiner: knows what can still be read and reached.
        nature: what kind of thing a value is.
    """

    def __init__(self, states: list[State], joiner: Joiner, nature: NatureOf) -> None:
        self._states = states
        self._joiner = joiner
        self._nature = nature
        base = shared_layer(*states)
        written = [written_since(base, state) for state in states]
        self._entries: dict[Key, list[Entry]] = {}
        for key in dict.fromkeys(key for entries in written for key in entries):
            if key[0] in TOLD_BY_TESTS or not joiner.lasts(key):
                continue
            entries = [
                by[key] if key in by else state.get(key)
                for by, state in zip(written, states, strict=True)
            ]
            first = entries[0]
            if any(entry is not first for entry in entries):
                self._entries[key] = entries
        self._operands = _operands(states)
        self._columns: dict[Grain, dict[Hashable, list[int]]] = {}

    def columns(self, grain: Grain) -> dict[Hashable, list[int]]:
        """By what tells them apart, a number for the trait of each path: 0 for unbound."""
        known = self._columns.get(grain)
        if known is None:
            known = self._columns[grain] = dict(self._columns_of(grain))
            # Objects that nothing can reach any more tell no paths apart.
            perhaps_lost = [
                key
                for key in known
                if isinstance(key, tuple)
                and key[0] == "contents"
                and self._joiner.may_be_garbage(key[1])
            ]
            reached = set(self._joiner.reachable(perhaps_lost, *self._states))
            for key in perhaps_lost:
                if key not in reached:
                    del known[key]
        return known

    def _columns_of(self, grain: Grain) -> Iterable[tuple[Hashable, list[int]]]:
        for key, entries in self._entries.items():
            if any(entry is None for entry in entries) and key[0] != "happened":
                continue  # an object, scope or statement that only some paths came to
            here = Grain.WHOLE if _is_never_lost(key) else grain
            traits = _numbered(
                trait(key, entry, state, here, self._nature)
                for entry, state in zip(entries, self._states, strict=True)
            )
            if any(one != traits[0] for one in traits):
                yield key, traits
        for height, values in self._operands.items():
            traits = _numbered(
                trait_of_value(value, state, grain, self._nature)
                for value, state in zip(values, self._states, strict=True)
            )
            if any(one != traits[0] for one in traits):
                yield height, traits

    def buckets(
        self, grain: Grain, left_out: Collection[Hashable] = (), *, by_doubt: bool = True
    ) -> list[list[State]]:
        """The paths, those together that nothing of the grain tells apart.

        ``by_doubt`` keeps those that exist for certain apart from the others.
        """
        telling = [traits for key, traits in self.columns(grain).items() if key not in left_out]
        return self._by(
            lambda index: (
                by_doubt and bool(self._states[index].doubts),
                *(traits[index] for traits in telling),
            )
        )

    def buckets_of_few_facts(self, few: int) -> list[list[State]]:
        """The same by as many facts as leave few buckets, where boundness alone leaves few."""
        bound = self.columns(Grain.BOUND)
        left_out: set[Hashable] = set()
        candidates = [key for key in self.columns(Grain.FACTS) if key not in bound]
        buckets = self.buckets(Grain.FACTS)
        while len(buckets) > few and candidates:
            dropped = min(
                candidates, key=lambda key: len(self.buckets(Grain.FACTS, left_out | {key}))
            )
            candidates.remove(dropped)
            left_out.add(dropped)
            buckets = self.buckets(Grain.FACTS, left_out)
        return buckets

    def buckets_by_first_unbound(self, most: int) -> list[list[State]]:
        """The paths by the first variable that is unbound: of each there is a path left so."""
        columns = self.columns(Grain.BOUND)
        ways = [traits for key, traits in columns.items() if _is_never_lost(key)]
        bound = [traits for key, traits in columns.items() if not _is_never_lost(key)]
        bound = bound[: max(1, most - 1)]

        def key(index: int) -> Hashable:
            unbound = (place for place, traits in enumerate(bound) if not traits[index])
            return (next(unbound, -1), *(traits[index] for traits in ways))

        return self._by(key)

    def _by(self, key: Callable[[int], Hashable]) -> list[list[State]]:
        found: dict[Hashable, list[State]] = {}
        for index, state in enumerate(self._states):
            found.setdefault(key(index), []).append(state)
        return list(found.values())


def _closest(states: list[State]) -> tuple[int, int]:
    """Two of the paths, by their indices: such as have doubts that tell no more when joined."""
    last = min(len(states), bounds.MAX_COMPARED)
    for other in range(1, last):
        for one in range(other):
            if merge_exactly(states[one].doubts, states[other].doubts):
                return one, other
    return 0, 1


def _numbered(traits: Iterable[Hashable]) -> list[int]:
    numbers: dict[Hashable, int] = {UNBOUND_TRAIT: 0}
    return [numbers.setdefault(one, len(numbers)) for one in traits]


def _is_never_lost(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[:2] == ("register", WAY_OUT)


def _operands(states: list[State]) -> dict[int, list[Value]]:
    """By their heights, the operands in which the paths differ."""
    tops = [state.operands for state in states]
    found: dict[int, list[Value]] = {}
    while any(top is not tops[0] for top in tops):
        height = tops[0].height  # type: ignore[union-attr]
        found[height] = [top.value for top in tops]  # type: ignore[union-attr]
        tops = [top.below for top in tops]  # type: ignore[union-attr]
    return found
