"""Items that are read later than the expression for them is evaluated: of views and iterators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypeAlias

from estimator_lint.domain.values.values import (
    Constant,
    Contents,
    DictContents,
    Reference,
    SequenceContents,
    TupleValue,
    Value,
)

#: How a container is read.
Reading: TypeAlias = Literal["forward", "backward", "keys", "values", "items"]


class Holder(Protocol):
    """What knows the contents of containers: the state of a path."""

    def contents(self, number: int) -> Contents | None:
        """The contents of the object of that number."""


@dataclass(frozen=True, slots=True)
class Source:
    """A container that something reads item by item."""

    container: Reference
    reading: Reading = "forward"

    def items(self, state: Holder) -> tuple[Value, ...] | None:
        """What it gives now; None if that is not known."""
        contents = state.contents(self.container.number)
        match contents:
            case DictContents(open=False):
                return tuple(map(self._of_entry, contents.entries.items()))
            case SequenceContents(open=False):
                return contents.items[:: -1 if self.reading == "backward" else 1]
        return None

    def _of_entry(self, entry: tuple[object, Value]) -> Value:
        key, value = Constant(entry[0]), entry[1]
        match self.reading:
            case "values":
                return value
            case "items":
                return TupleValue((key, value))
        return key


@dataclass(frozen=True, slots=True)
class RangeItems(TupleValue):
    """The numbers of a ``range``."""

    @property
    def sample(self) -> object:
        """A Python value with the same operators."""
        return range(0)


#: Containers, with what they gave at some time.
Sources: TypeAlias = tuple[tuple[Source, tuple[Value, ...]], ...]


@dataclass(frozen=True, slots=True)
class LazyItems(TupleValue):
    """The items that a view of a dict, or a new iterator, gives if it is read at once.

    ``sources`` are the containers that it reads, with what these gave when it was made. A view may
    be read many times, an iterator only once.

    A variable whose iterator was read has one without items and with ``is_read``. Its only source
    is an empty list that stands for reading the variable again: then, it has changed.
    """

    sources: Sources = ()
    is_view: bool = False
    is_read: bool = False

    @property
    def sample(self) -> object:
        """A Python value with the same operators."""
        if not self.is_view:
            return iter(())
        (source, _), *_ = self.sources
        return getattr({}, source.reading)()

    def now(self, state: Holder) -> tuple[Value, ...] | None:
        """What it gives if it is read now; None if that is not known."""
        if self.is_view:
            (source, _), *_ = self.sources
            return source.items(state)
        are_as_before = all(source.items(state) == items for source, items in self.sources)
        return self.items if are_as_before else None


def iterator_of(value: Value) -> Value:
    """The iterator over a view; another value as it is."""
    return replace(value, is_view=False) if isinstance(value, LazyItems) else value


def truth_of_tuple(value: TupleValue) -> bool:
    """Whether a tuple, or what has items like one, is true; an iterator always is."""
    return bool(value.items) or (isinstance(value, LazyItems) and not value.is_view)


def are_alike(one: TupleValue, other: TupleValue) -> bool:
    """Whether two tuples, or what has items like them, differ in nothing but the items."""
    if isinstance(one, LazyItems) or isinstance(other, LazyItems):
        return len(one.items) == len(other.items) and replace(one, items=()) == replace(
            other, items=()
        )
    return (
        type(one) is type(other) and len(one.items) == len(other.items) and one.names == other.names
    )


def have_changed(sources: Sources, count: int, state: Holder) -> bool:
    """Whether one of the containers gives other items than before, from item ``count`` on."""
    for source, before in sources:
        items = source.items(state)
        if items is None or items[count:] != before[count:]:
            return True
    return False


def sources_of(values: list[Value], state: Holder, reading: Reading = "forward") -> Sources:
    """The containers that an iteration over some values reads."""
    found: list[tuple[Source, tuple[Value, ...]]] = []
    for value in values:
        if isinstance(value, LazyItems):
            found += value.sources
        elif isinstance(value, Reference):
            source = Source(value, reading)
            items = source.items(state)
            if items is not None:
                found.append((source, items))
    return tuple(found)
