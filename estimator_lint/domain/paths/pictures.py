"""Snapshots of containers, for records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
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


class _Pictures:
    """The container contents in one record."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._room = bounds.MAX_PICTURED

    def of(self, value: Value, depth: int) -> Value:
        """``value`` with its contents; without them past the depth, or if there is no room."""
        if isinstance(value, TupleValue) and depth and self._makes_room(value.items):
            items = tuple(self.of(item, depth - 1) for item in value.items)
            return TupleValue(items, value.names)
        if not isinstance(value, Reference):
            return value
        contents = self._state.contents(value.number) if depth else None
        if isinstance(contents, DictContents) and self._makes_room(contents.values):
            shown = {key: self.of(entry, depth - 1) for key, entry in contents.entries.items()}
            others = tuple(self.of(entry, depth - 1) for entry in contents.unkeyed)
            return Picture(value.number, "dict", DictContents(shown, contents.open, others))
        if isinstance(contents, SequenceContents) and self._makes_room(contents.items):
            items = tuple(self.of(item, depth - 1) for item in contents.items)
            return Picture(value.number, value.kind, SequenceContents(items, contents.open))
        empty = DictContents({}, True) if value.kind == "dict" else SequenceContents((), True)
        return Picture(value.number, value.kind, empty)

    def _makes_room(self, values: Sequence[Value]) -> bool:
        """Whether there is room for ``values``; if so, it is taken."""
        if len(values) > self._room:
            return False
        self._room -= len(values)
        return True
