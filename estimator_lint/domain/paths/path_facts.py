"""What tests have shown about a value on a path, and how much of it survives a merge.

The facts about the symbolic value of a number: ``("truth", number)``, whether it is true; ``("is",
number)``, which constant it equals; ``("among", number)``, that it equals one of these constants,
none of which is ruled out; ``("not", number, key)``, that it is not the constant of that key;
``("correlation lost", number)``, that merged paths knew different facts, so a test may have one
outcome only.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.domain.paths.doubts import merge_exactly, of_either
from estimator_lint.domain.paths.state import entries_under, written_since
from estimator_lint.domain.values.constants import ConstantSet
from estimator_lint.domain.values.values import Constant

if TYPE_CHECKING:
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.paths.state import Entry, Key, Layer, State

    #: The facts of a path.
    Told: TypeAlias = frozenset[tuple[Key, Entry]]
    #: The facts of each of some paths, where they differ.
    ToldApart: TypeAlias = Mapping[Key, Sequence[Entry]]

#: Which value equals which constant; the remaining constants are those of both paths.
_OF_CONSTANTS: Final = frozenset({"is", "among", "not"})
TOLD_BY_TESTS: Final = _OF_CONSTANTS | {"truth", "correlation lost"}


def united(told_apart: ToldApart, *states: State) -> dict[Key, Entry]:
    """The facts that hold on all of some merged paths."""
    merged: dict[Key, Entry] = dict.fromkeys(told_apart)
    keys_of: dict[Hashable, set[Hashable]] = {}
    for key in told_apart:
        if key[0] in _OF_CONSTANTS:
            keys = keys_of.setdefault(key[1], set())
            if key[0] == "not":
                keys.add(key[2])
    for number, keys in keys_of.items():
        merged.update(_united_constants(number, keys, states))
    return merged


def _united_constants(
    number: Hashable, keys: set[Hashable], states: Sequence[State]
) -> dict[Key, Entry]:
    """The same for the constants that one value may equal; some paths exclude those of ``keys``."""
    left = [constants_left(number, state) for state in states]
    merged: dict[Key, Entry] = {("is", number): None, ("among", number): None}
    for key in keys:
        ruled_out = all(
            state.get(("not", number, key)) if constants is None else key not in constants
            for constants, state in zip(left, states, strict=True)
        )
        merged["not", number, key] = True if ruled_out else None
    known = [constants for constants in left if constants is not None]
    if len(known) == len(left):
        united_constants = reduce(or_, known)
        if len(united_constants) == 1:
            (merged["is", number],) = united_constants
        else:
            merged["among", number] = united_constants
    return merged


def constants_left(number: Hashable, state: State) -> ConstantSet | None:
    """The only constants that a value can equal; None if it may be any."""
    known = state.get(("is", number))
    if isinstance(known, Constant):
        return ConstantSet.of([known])
    return constants_among(number, state)


def constants_among(number: Hashable, state: State) -> ConstantSet | None:
    """The constants of which a value equals one; None if it may be any."""
    among = state.get(("among", number))
    return among if isinstance(among, ConstantSet) else None


def rule_out(number: int, key: Hashable, state: State) -> None:
    """Note that a value is not the constant of that key."""
    among = constants_among(number, state)
    if among is not None and key in among:
        state.assume(("among", number), among.without(key))
    state.assume(("not", number, key), True)


def told_since(layer: Layer, state: State) -> Told:
    """The facts that a path learned since ``layer``."""
    return frozenset(
        [
            (key, entry)
            for key, entry in written_since(layer, state).items()
            if key[0] in TOLD_BY_TESTS and entry is not None
        ]
    )


def told_apart_from(
    by_one: Mapping[Key, Entry], by_other: Mapping[Key, Entry], below: State
) -> tuple[dict[Key, Entry], dict[Key, tuple[Entry, Entry]]]:
    """The facts of two paths: those that are the same, and those that differ.

    A fact that only one path wrote is compared with the entry in ``below``, their common ancestor.
    """
    told: dict[Key, Entry] = {}
    told_apart: dict[Key, tuple[Entry, Entry]] = {}
    for key, a in by_one.items():
        if key[0] in TOLD_BY_TESTS:
            b = by_other[key] if key in by_other else below.get(key)
            if a is b or a == b:
                told[key] = a
            else:
                told_apart[key] = (a, b)
    for key, b in by_other.items():
        if key not in by_one and key[0] in TOLD_BY_TESTS:
            a = below.get(key)
            if a is b or a == b:
                told[key] = b
            else:
                told_apart[key] = (a, b)
    return told, told_apart


def told_to_each(
    written: Sequence[Mapping[Key, Entry]], below: State
) -> tuple[dict[Key, Entry], dict[Key, Sequence[Entry]]]:
    """The same for several paths, given what each of them has written."""
    told: dict[Key, Entry] = {}
    told_apart: dict[Key, Sequence[Entry]] = {}
    for key in dict.fromkeys(key for by in written for key in by if key[0] in TOLD_BY_TESTS):
        entries = entries_under(key, written, below)
        if entries.count(entries[0]) == len(entries):
            told[key] = entries[0]
        else:
            told_apart[key] = entries
    return told, told_apart


def may_leave_nothing_open(one: Told, doubts: Doubts, other: Told, other_doubts: Doubts) -> bool:
    """A quick check whether a join of two paths may leave both outcomes of every test open.

    The paths have these doubts; see ``correlation_lost_by_merging``.
    """
    if one == other:
        return True
    by_one, by_other = _subjects(one - other), _subjects(other - one)
    lost = {key[1] for key, _ in one ^ other if key[0] == "correlation lost"}
    if merge_exactly(doubts, other_doubts) and len((by_one | by_other) - lost) <= 1:
        return True
    merged = of_either(doubts, other_doubts)
    exists_by = [
        subjects for subjects, own in ((by_one, doubts), (by_other, other_doubts)) if own == merged
    ]
    return any(subjects <= lost for subjects in exists_by or [by_one | by_other])


def _subjects(facts: Told) -> set[Hashable]:
    return {key[1] for key, _ in facts}


def correlation_lost_by_merging(
    told_apart: ToldApart, one: State, other: State, doubts: Doubts, *, lossless: bool
) -> set[Hashable]:
    """The subjects of tests that may have one outcome only on a merged path with these doubts.

    The merged path exists if the path with the same doubts does; where that one assumes nothing
    about a test, both outcomes exist. All sides of the tests of one value exist; but if the merge
    has lost which side has a None, say, that side may have ended since.
    """
    assumed = {key: sides for key, sides in told_apart.items() if key[0] != "correlation lost"}
    if lossless and _are_sides_of_one(assumed):
        told_apart = {
            key: sides for key, sides in told_apart.items() if key[0] == "correlation lost"
        }
    limited = [
        {key[1] for key, sides in told_apart.items() if sides[side] is not None} for side in (0, 1)
    ]
    exists_by = [
        subjects
        for subjects, path in zip(limited, (one, other), strict=True)
        if path.doubts == doubts
    ]
    return min(exists_by, key=len, default=limited[0] | limited[1])


def correlation_lost_in_bucket(told_apart: ToldApart) -> set[Hashable]:
    """The same for paths with the same doubts, if their correlation with the sides is lost.

    Each of them exists if the merged one does, so the one with the fewest assumptions decides.
    """
    count = len(next(iter(told_apart.values()), ()))
    limited: list[set[Hashable]] = [set() for _ in range(count)]
    for key, entries in told_apart.items():
        for index, entry in enumerate(entries):
            if entry is not None:
                limited[index].add(key[1])
    return min(limited, key=len, default=set())


def _are_sides_of_one(told_apart: ToldApart) -> bool:
    """Whether two paths differ in nothing but what one value may be."""
    if len({key[1] for key in told_apart}) > 1:
        return False
    if {key[0] for key in told_apart} <= _OF_CONSTANTS:
        return True
    return all(
        key[0] == "truth" and set(sides) == {True, False} for key, sides in told_apart.items()
    )
