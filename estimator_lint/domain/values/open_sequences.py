"""Lists and sets whose items are only partly known."""

from __future__ import annotations

from collections.abc import Iterable

from estimator_lint.domain import bounds
from estimator_lint.domain.values.values import SequenceContents, SymbolicValue, Value


def opened(contents: SequenceContents, more: Iterable[Value] = ()) -> SequenceContents:
    """The contents where it is not known which of the items, and of ``more``, there are.

    Symbolic values are kept as values that it may hold: what is made of the list depends on them.
    """
    return SequenceContents((), open=True, held=united((*contents.items, *contents.held, *more)))


def united(values: Iterable[Value]) -> tuple[SymbolicValue, ...]:
    """The first symbolic values of several."""
    symbolic = dict.fromkeys(one for one in values if isinstance(one, SymbolicValue))
    return tuple(symbolic)[: bounds.MAX_HELD]
