"""The differences between paths that meet."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.differing_operands import differing_operands
from estimator_lint.domain.paths.join import MAY_END
from estimator_lint.domain.paths.parts_apart import apart, are_same
from estimator_lint.domain.paths.path_facts import TOLD_BY_TESTS
from estimator_lint.domain.paths.shared_entries import share_layer
from estimator_lint.domain.paths.state import State, entries_under, shared_layer, written_since
from estimator_lint.domain.paths.traits import (
    JOINED_AT_NO_COST,
    MAY_BE_LACKING,
    UNBOUND_TRAIT,
    Grain,
    trait,
    trait_of_value,
)
from estimator_lint.domain.paths.value_join import LITTLE
from estimator_lint.domain.values.values import Constant, SymbolicValue

if TYPE_CHECKING:
    from estimator_lint.domain.paths.join import Joiner
    from estimator_lint.domain.paths.state import Entry, Key
    from estimator_lint.domain.paths.traits import ValueTypeOf
    from estimator_lint.domain.values.values import Value

#: The register for the way a path leaves a block, which is never lost, however many paths there
#: are.
WAY_OUT: Final = "way out"


#: Kinds of entries that tell no paths apart.
_NEVER_APART: Final = TOLD_BY_TESTS | JOINED_AT_NO_COST - {"count"}


class Differences:
    """The differences between some paths.

    Args:
        states: the paths.
        joiner: knows what can still be read and reached.
        value_type: what kind of thing a value is.
    """

    def __init__(self, states: list[State], joiner: Joiner, value_type: ValueTypeOf) -> None:
        self._states = states
        self._joiner = joiner
        self._value_type = value_type
        self._base = shared_layer(*states)
        self._below = State(self._base, log=states[0].log)
        self._written = [written_since(self._base, state) for state in states]
        self._entries: dict[Key, list[Entry]] = {}
        #: Objects, scopes and statements that only some of the paths reached.
        self._partial: set[Key] = set()
        self._find_entries()
        _, self._operands = differing_operands(states)
        #: Contents of objects that some path can reach; computed when first needed.
        self._reached: set[Key] | None = None
        self._columns: dict[Grain, dict[Hashable, list[int]]] = {}

    @property
    def count(self) -> int:
        """The number of the paths."""
        return len(self._states)

    def _find_entries(self) -> None:
        """Find the keys under which not all paths have the same entry."""
        written, lasts = self._written, self._joiner.lasts
        seen: set[Key] = set()
        for by in written:
            for key, entry in by.items():
                if key in seen or key[0] in _NEVER_APART:
                    continue
                seen.add(key)
                for other in written:
                    if key not in other or other[key] is not entry:
                        break
                else:
                    continue
                if lasts(key):
                    self._note_entries(key)

    def _note_entries(self, key: Key) -> None:
        entries = entries_under(key, self._written, self._below)
        distinct = {id(entry): entry for entry in entries}
        if len(distinct) == 1:
            return
        if key[0] == "count":
            # The next count must be new on each of the paths; one count may serve all.
            self._make_one(key, max(entry for entry in entries if isinstance(entry, int)))
            return
        if id(None) in distinct and key[0] not in MAY_BE_LACKING:
            if not _is_of_contents(key):
                return
            made = [entry for entry in distinct.values() if entry is not None]
            if len(made) == 1 and self._joiner.is_of_new_object(key, made[0]):
                # On the other paths, nothing refers to the object.
                self._make_one(key, made[0])
                return
            self._partial.add(key)
        # The entry that paths share from before, if there is one.
        known = next(
            (one for one, by in zip(entries, self._written, strict=True) if key not in by),
            entries[0],
        )
        if all(are_same(known, entry) for entry in distinct.values()):
            self._make_one(key, known)
        else:
            self._entries[key] = apart(entries)

    def _make_one(self, key: Key, entry: Entry) -> None:
        """Let all the paths have the very same object, so that they are not compared again."""
        for by, state in zip(self._written, self._states, strict=True):
            by[key] = entry
            state.set(key, entry)

    def unite_imprecise(self) -> None:
        """Give variables one imprecise value where only its number distinguishes paths.

        Joins have created these values separately, so each of them would make more variables
        differ, although nothing is known about any. If many other paths differ in little more,
        their values are united, too; so are those of many variables that some path has lost.
        """
        self._joiner.begin_join()
        united: dict[Key, Value] = {}
        alike: dict[Key, Value] = {}
        partly_lost: dict[Key, Value] = {}
        for key, entries in self._entries.items():
            if key[0] != "variable" or not all(
                isinstance(one, Constant | SymbolicValue) for one in entries
            ):
                continue
            value, cost = self._united(key, entries)  # type: ignore[arg-type]
            lost = [isinstance(one, SymbolicValue) and one.imprecise for one in entries]
            if not cost and all(lost):
                united[key] = value
            elif cost <= LITTLE:
                alike[key] = value
            elif any(lost):
                partly_lost[key] = value
        for others in (alike, partly_lost):
            if len(others) > bounds.MAX_UNLIKE:
                united.update(others)
        for key, value in united.items():
            self._make_one(key, value)
            del self._entries[key]

    def _united(self, key: Key, values: list[Value]) -> tuple[Value, int]:
        """A value for all of these, and the most that a join of two of them costs."""
        united, most = values[0], 0
        self._joiner.locate(*key)
        for value, state in zip(values[1:], self._states[1:], strict=True):
            if value is not united:
                united, cost = self._joiner.join_values(united, self._states[0], value, state)
                most = max(most, cost)
        return united, most

    def columns(self, grain: Grain) -> dict[Hashable, list[int]]:
        """For each differing key, a number for the trait of each path: 0 for unbound."""
        known = self._columns.get(grain)
        if known is None:
            known = self._columns[grain] = dict(self._columns_of(grain))
            # Unreachable objects do not distinguish paths.
            lost = [key for key in known if self._is_out_of_reach(key)]  # type: ignore[arg-type]
            for key in lost:
                del known[key]
        return known

    def _columns_of(self, grain: Grain) -> Iterable[tuple[Hashable, list[int]]]:
        keys: list[Key | int] = [*self._entries, *self._operands]
        for key in keys:
            column = self._column(key, Grain.WHOLE if _is_never_lost(key) else grain)
            if _tells_apart(column):
                yield key, column

    def _column(self, key: Key | int, grain: Grain) -> list[int]:
        """For each path a number for its trait under a key: 0 for unbound.

        An object that two paths share is examined on the first of them only: what the tests of one
        path say about it does not distinguish the two.
        """
        if isinstance(key, int):
            entries: Sequence[Entry] = self._operands[key]
        else:
            entries = self._entries[key]
            if key in self._partial:
                return [1] * len(entries)
        numbers: dict[Hashable, int] = {UNBOUND_TRAIT: 0}
        of_entry: dict[int, int] = {}
        identities = list(map(id, entries))
        for identity, entry, state in zip(identities, entries, self._states, strict=True):
            if identity not in of_entry:
                if isinstance(key, int):
                    found = trait_of_value(entry, state, grain, self._value_type)  # type: ignore[arg-type]
                else:
                    found = trait(key, entry, state, grain, self._value_type)
                if found not in numbers:
                    numbers[found] = len(numbers)
                of_entry[identity] = numbers[found]
        return [of_entry[identity] for identity in identities]

    def alike(self) -> list[list[State]]:
        """The paths in groups whose joins would lose nothing but test outcomes."""
        classes = [list(range(len(self._states)))]
        done: list[list[int]] = []
        last = self._joiner.held_apart
        # Contents last: whether they are reachable is expensive to decide.
        in_order = sorted(self._entries, key=_is_of_contents)
        keys: list[Key | int] = [last] if last is not None and last in self._entries else []
        keys += [*in_order, *self._operands]
        for key in keys:
            column = self._column(key, Grain.WHOLE)
            pending = _split(classes, column)
            if len(pending) == len(classes) or self._is_out_of_reach(key):
                continue
            if not isinstance(key, int):
                self._joiner.held_apart = key
            done += [part for part in pending if len(part) == 1]
            classes = [part for part in pending if len(part) > 1]
            if not classes:
                break
        return [[self._states[index] for index in sorted(part)] for part in done + classes]

    def variables_apart(self, count: int) -> list[Key] | None:
        """Keys of variables that alone tell so many paths apart; None if none do."""
        classes = [list(range(len(self._states)))]
        telling: list[Key] = []
        for key in self._entries:
            if key[0] not in MAY_END or key in self._partial:
                continue
            pending = _split(classes, self._column(key, Grain.WHOLE))
            if len(pending) > len(classes):
                telling.append(key)
                classes = pending
                if len(classes) >= count:
                    return telling
        return None

    def _is_out_of_reach(self, key: Key | int) -> bool:
        """Whether a key stands for the contents of an unreachable object."""
        if isinstance(key, int) or not _is_of_contents(key):
            return False
        if not self._joiner.may_be_garbage(key[1]):  # type: ignore[arg-type]
            return False
        if self._reached is None:
            self._reached = self._find_reached()
        return key not in self._reached

    def _find_reached(self) -> set[Key]:
        """The possibly unreachable objects that are reachable after all; forgets the others."""
        may_be_garbage = self._joiner.may_be_garbage
        contents = [
            key
            for key in self._entries
            if _is_of_contents(key) and may_be_garbage(key[1])  # type: ignore[arg-type]
        ]
        reached = set(self._joiner.reachable(contents, self._states))
        for key in contents:
            if key not in reached:
                for state in self._states:
                    state.set(key, None)
        return reached

    def share(self) -> None:
        """Move what all the paths have written alike into one layer, to be compared no more."""
        share_layer(self._states, self._base, self._written, self._joiner.lasts)

    def buckets(self, grain: Grain) -> list[list[State]]:
        """The paths in groups that are alike at the grain.

        Paths that certainly exist are separated from the others.
        """
        return self._by_columns([self._certainty(), *self.columns(grain).values()])

    def buckets_of_few_facts(self, few: int) -> list[list[State]]:
        """The same, by as many facts as still leave few buckets, if boundness alone does."""
        bound = self.columns(Grain.BOUND)
        columns = self.columns(Grain.FACTS)
        telling = [self._certainty(), *(columns[key] for key in columns if key in bound)]
        candidates = [traits for key, traits in columns.items() if key not in bound]
        while candidates and _count_buckets([*telling, *candidates]) > few:
            left = _buckets_without_each(telling, candidates)
            del candidates[left.index(min(left))]
        return self._by_columns([*telling, *candidates])

    def _certainty(self) -> list[int]:
        """A column that separates the paths that certainly exist from the others."""
        return [bool(state.doubts) for state in self._states]

    def buckets_by_first_unbound(self, most: int) -> list[list[State]]:
        """The paths by their first unbound variable, so that a path remains for each of these."""
        columns = self.columns(Grain.BOUND)
        ways = [traits for key, traits in columns.items() if _is_never_lost(key)]
        # Variables that are unbound on the same paths count as one.
        patterns = {
            tuple(map(bool, traits)): traits
            for key, traits in columns.items()
            if not _is_never_lost(key)
        }
        # Variables that few paths leave unbound come first, so that more paths remain for the
        # others.
        rarest = sorted(patterns.values(), key=lambda traits: traits.count(0))
        bound = rarest[: max(1, most - 1)]

        def key(index: int) -> Hashable:
            unbound = (place for place, traits in enumerate(bound) if not traits[index])
            return (next(unbound, -1), *(traits[index] for traits in ways))

        return self._by(key)

    def _by_columns(self, columns: list[list[int]]) -> list[list[State]]:
        """The paths in groups that agree in all of the columns."""
        found: dict[tuple[int, ...], list[State]] = {}
        for state, traits in zip(self._states, zip(*columns, strict=True), strict=True):
            found.setdefault(traits, []).append(state)
        return list(found.values())

    def _by(self, key: Callable[[int], Hashable]) -> list[list[State]]:
        found: dict[Hashable, list[State]] = {}
        for index, state in enumerate(self._states):
            found.setdefault(key(index), []).append(state)
        return list(found.values())


def _count_buckets(columns: list[list[int]]) -> int:
    """The number of groups of paths that agree in all of the columns."""
    return len(set(zip(*columns, strict=True)))


def _buckets_without_each(always: list[list[int]], columns: list[list[int]]) -> list[int]:
    """For each column, how many buckets there are without it; the columns in ``always`` stay."""
    before = [_numbered(always)]
    for column in columns:
        before.append(_numbered([before[-1], column]))
    counts: list[int] = []
    behind = [0] * len(before[0])
    for index in reversed(range(len(columns))):
        counts.append(_count_buckets([before[index], behind]))
        behind = _numbered([columns[index], behind])
    counts.reverse()
    return counts


def _numbered(columns: list[list[int]]) -> list[int]:
    """One column that separates the same paths as all the columns together."""
    numbers: dict[tuple[int, ...], int] = {}
    return [numbers.setdefault(traits, len(numbers)) for traits in zip(*columns, strict=True)]


def _split(classes: list[list[int]], column: list[int]) -> list[list[int]]:
    """The classes of paths, split further by their numbers in the column."""
    parts: list[list[int]] = []
    for members in classes:
        found: dict[int, list[int]] = {}
        for index in members:
            number = column[index]
            if number in found:
                found[number].append(index)
            else:
                found[number] = [index]
        parts += found.values()
    return parts


def _tells_apart(column: list[int]) -> bool:
    return column.count(column[0]) < len(column)


def _is_of_contents(key: Key) -> bool:
    return key[0] == "contents"


def _is_never_lost(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[:2] == ("register", WAY_OUT)
