"""Lists and sets whose items are only partly known."""

from __future__ import annotations

from collections.abc import Iterable

from estimator_lint.domain import bounds
from estimator_lint.domain.values.values import Constant, SequenceContents, SymbolicValue, Value


def opened(contents: SequenceContents, more: Iterable[Value] = ()) -> SequenceContents:
    """The contents where it is not known which of the items, and of ``more``, there are.

    Symbolic values are kept as values that it may hold: what is made of the list depends on them.
    """
    return SequenceContents((), open=True, held=united((*contents.items, *contents.held, *more)))


def united(values: Iterable[Value]) -> tuple[SymbolicValue, ...]:
    """The first symbolic values of several."""
    symbolic = dict.fromkeys(one for one in values if isinstance(one, SymbolicValue))
    return tuple(symbolic)[: bounds.MAX_HELD]


def with_item(contents: SequenceContents, key: Value, value: Value) -> SequenceContents:
    """The contents after ``items[key] = value``."""
    if isinstance(key, Constant) and isinstance(key.value, int) and not contents.open:
        items = list(contents.items)
        if -len(items) <= key.value < len(items):
            items[key.value] = value
            return SequenceContents(tuple(items))
    return opened(SequenceContents(()), [value])  # it may replace any of the others


def without_item(contents: SequenceContents | None, key: Value) -> SequenceContents:
    """The contents after ``del items[key]``."""
    at = key.value if isinstance(key, Constant) else None
    if contents is not None and not contents.open and isinstance(at, int):
        items = contents.items
        if -len(items) <= at < len(items):
            at = range(len(items))[at]
            return SequenceContents((*items[:at], *items[at + 1 :]))
    return SequenceContents((), open=True)
