"""The sources of a value, followed back from call to call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    DictContents,
    Picture,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import Origin, Origins

#: A symbolic value, and its origin; None if that is unknown.
Source: TypeAlias = "tuple[SymbolicValue, Origin | None]"


def behind(
    value: Value,
    origins: Origins,
    goes_on: Callable[[Origin], bool],
    into: Callable[[Origin], Iterable[SymbolicValue]] | None = None,
) -> Iterator[Source]:
    """``value`` and what it is computed from, back to values for which ``goes_on`` is false.

    ``into`` gives the operands that are followed, if not all of them are.
    """
    seen: set[SymbolicValue] = set()
    pending = list(_unknown_in([value]))
    while pending:
        one = pending.pop()
        if one in seen:
            continue
        seen.add(one)
        origin = origins.get(one.number)
        yield one, origin
        if origin is not None and goes_on(origin):
            pending += (into or parts)(origin)


def parts(origin: Origin) -> tuple[SymbolicValue, ...]:
    """The operands of a value, except constants; its object, for a method without any."""
    match origin:
        case ItemOf(base=base) | AttributeOf(base=base):
            return tuple(_unknown_in([base]))
        case OperationOn(operands=operands):
            return tuple(_unknown_in(operands))
        case CallOf(receiver=receiver, arguments=arguments, keywords=keywords):
            given = tuple(_unknown_in([*arguments, *keywords.values()]))
            return given or (() if receiver is None else tuple(_unknown_in([receiver])))


def _unknown_in(values: Iterable[Value]) -> Iterator[SymbolicValue]:
    """The symbolic values among ``values``, and in containers among them, that are not names."""
    for value in values:
        match value:
            case SymbolicValue(symbol=None):
                yield value
            case TupleValue(items=items):
                yield from _unknown_in(items)
            case Picture(contents=DictContents() as contents):
                yield from _unknown_in(contents.values)
            case Picture(contents=SequenceContents() as contents):
                yield from _unknown_in((*contents.items, *contents.held))
