"""Snapshots of containers, for records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from estimator_lint.domain import bounds
from estimator_lint.domain.values.open_sequences import united
from estimator_lint.domain.values.values import (
    DictContents,
    Picture,
    Reference,
    SequenceContents,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State


def pictures_of(values: Iterable[Value], state: State) -> list[Value]:
    """``values`` as they are now: containers with their contents, as far as there is room."""
    pictures = _Pictures(state)
    return [pictures.of(value, bounds.PICTURE_DEPTH) for value in values]


def common_picture(one: Value, other: Value) -> Value | None:
    """What two snapshots of one value have in common, for a record of both.

    A list may then hold whatever either of them holds, a dict has the entries that both have.
    None if they are not snapshots of the same value.
    """
    if one == other:
        return one
    match one, other:
        case Picture(number=number), Picture(number=same) if number == same:
            contents = _common_contents(one.contents, other.contents)
            return None if contents is None else Picture(number, one.kind, contents)
        case TupleValue(items=items), TupleValue(items=others) if type(one) is type(other):
            shared = common_pictures(items, others)
            return None if shared is None else replace(one, items=shared)
    return None


def common_pictures(one: Sequence[Value], other: Sequence[Value]) -> tuple[Value, ...] | None:
    """The same for several values; None if there is one that has no common picture."""
    if len(one) != len(other):
        return None
    shared = [common_picture(*pair) for pair in zip(one, other, strict=True)]
    known = tuple(value for value in shared if value is not None)
    return known if len(known) == len(shared) else None


_Contents: TypeAlias = "DictContents | SequenceContents"


def _common_contents(one: _Contents, other: _Contents) -> _Contents | None:
    if isinstance(one, SequenceContents) and isinstance(other, SequenceContents):
        held = [*one.items, *(item for item in other.items if item not in one.items)]
        return SequenceContents(
            tuple(held) if len(held) <= bounds.MAX_PICTURED else (),
            open=True,
            held=united((*one.held, *other.held)),
        )
    if isinstance(one, DictContents) and isinstance(other, DictContents):
        entries: dict[Any, Value] = {}
        for key, value in one.entries.items():
            shared = common_picture(value, other.entries[key]) if key in other.entries else None
            if shared is not None:
                entries[key] = shared
        unkeyed = tuple(value for value in one.unkeyed if value in other.unkeyed)
        return DictContents(entries, True, unkeyed)
    return None


class _Pictures:
    """The container contents in one record."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._room = bounds.MAX_PICTURED

    def of(self, value: Value, depth: int) -> Value:
        """``value`` with its contents; without them past the depth, or if there is no room."""
        if isinstance(value, TupleValue) and depth and self._makes_room(value.items):
            items = tuple(self.of(item, depth - 1) for item in value.items)
            return replace(value, items=items)
        if not isinstance(value, Reference):
            return value
        contents = self._state.contents(value.number) if depth else None
        if isinstance(contents, DictContents) and self._makes_room(contents.values):
            shown = {key: self.of(entry, depth - 1) for key, entry in contents.entries.items()}
            others = tuple(self.of(entry, depth - 1) for entry in contents.unkeyed)
            return Picture(value.number, "dict", DictContents(shown, contents.open, others))
        if isinstance(contents, SequenceContents) and self._makes_room(contents.items):
            items = tuple(self.of(item, depth - 1) for item in contents.items)
            return Picture(value.number, value.kind, replace(contents, items=items))
        empty = DictContents({}, True) if value.kind == "dict" else SequenceContents((), True)
        return Picture(value.number, value.kind, empty)

    def _makes_room(self, values: Sequence[Value]) -> bool:
        """Whether there is room for ``values``; if so, it is taken."""
        if len(values) > self._room:
            return False
        self._room -= len(values)
        return True
