"""What tests have told of a value on a path, and what of it is left where paths are merged.

Of a symbolic value, by its number: ``("truth", number)`` tells whether it is true, ``("is",
number)`` which constant it equals, ``("among", number)`` of which constants it equals one,
``("not", number, key)`` that it is not the constant of that key, and
``("correlation lost", number)`` that merged paths have been told different things, and a
test may have one outcome only.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.domain.paths.doubts import merge_exactly, of_either
from estimator_lint.domain.paths.state import written_since
from estimator_lint.domain.values.values import Constant, TupleValue, constant_key

if TYPE_CHECKING:
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.paths.state import Entry, Key, Layer, State

    #: What tests have told a path.
    Told: TypeAlias = Mapping[Key, Entry]
    #: What two paths have been told, where that differs.
    ToldApart: TypeAlias = Mapping[Key, tuple[Entry, Entry]]

#: What equals what; the constants that are left are those of one path and those of the other.
_OF_CONSTANTS: Final = frozenset({"is", "among", "not"})
TOLD_BY_TESTS: Final = _OF_CONSTANTS | {"truth", "correlation lost"}


def united(told_apart: ToldApart, one: State, other: State) -> dict[Key, Entry]:
    """What holds on both of two merged paths, of what tests have told them."""
    merged: dict[Key, Entry] = dict.fromkeys(told_apart)
    for number in {key[1] for key in told_apart if key[0] in _OF_CONSTANTS}:
        keys = {key[2] for key in told_apart if key[0] == "not" and key[1] == number}
        merged.update(_united_constants(number, keys, one, other))
    return merged


def _united_constants(
    number: Hashable, keys: set[Hashable], one: State, other: State
) -> dict[Key, Entry]:
    """The same of the constants that one value may equal; ``keys`` are some that it may not."""
    left = [_constants_left(number, state) for state in (one, other)]
    keys = keys.union(*(constants or () for constants in left))
    merged: dict[Key, Entry] = {("is", number): None, ("among", number): None}
    for key in keys:
        ruled_out = all(
            state.get(("not", number, key)) if constants is None else key not in constants
            for constants, state in zip(left, (one, other), strict=True)
        )
        merged["not", number, key] = True if ruled_out else None
    if left[0] is not None and left[1] is not None:
        constants = [constant for _, constant in sorted({**left[0], **left[1]}.items(), key=repr)]
        if len(constants) == 1:
            merged["is", number] = constants[0]
        else:
            merged["among", number] = TupleValue(tuple(constants))
    return merged


def _constants_left(number: Hashable, state: State) -> dict[Hashable, Constant] | None:
    """The constants, by their keys, that a value can only equal; None where it is any other."""
    known = state.get(("is", number))
    if isinstance(known, Constant):
        return {constant_key(known): known}
    among = state.get(("among", number))
    if not isinstance(among, TupleValue):
        return None
    return {
        constant_key(constant): constant
        for constant in among.items
        if isinstance(constant, Constant) and not state.get(("not", number, constant_key(constant)))
    }


def told_since(layer: Layer, state: State) -> Told:
    """What tests have told a path since ``layer``."""
    return {
        key: entry
        for key, entry in written_since(layer, state).items()
        if key[0] in TOLD_BY_TESTS and entry is not None
    }


def may_leave_nothing_open(one: Told, doubts: Doubts, other: Told, other_doubts: Doubts) -> bool:
    """Whether a join of two paths may leave no test with one outcome only: a quick look.

    The paths have these doubts; see ``correlation_lost_by_merging``.
    """
    different = {key for key in (*one, *other) if one.get(key) != other.get(key)}
    if not different or any(key[0] == "correlation lost" for key in different):
        return True
    merged = of_either(doubts, other_doubts)
    for told, path_doubts in ((one, doubts), (other, other_doubts)):
        if path_doubts == merged and not (different & told.keys()):
            return True
    return merge_exactly(doubts, other_doubts) and len({key[1] for key in different}) == 1


def correlation_lost_by_merging(
    told_apart: ToldApart, one: State, other: State, doubts: Doubts, *, lossless: bool
) -> set[Hashable]:
    """The subjects of tests that may have one outcome only on a merged path with these doubts.

    It exists at least by the path whose doubts it has; and where that one assumes
    nothing of a test, both outcomes exist.  Of the sides of tests of one value all exist; but
    where the merge has lost which of them has a None, say, one may since have ended by it.
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


def _are_sides_of_one(told_apart: ToldApart) -> bool:
    """Whether two paths are told apart by nothing but what one value may be."""
    if len({key[1] for key in told_apart}) > 1:
        return False
    if {key[0] for key in told_apart} <= _OF_CONSTANTS:
        return True
    return all(
        key[0] == "truth" and set(sides) == {True, False} for key, sides in told_apart.items()
    )
