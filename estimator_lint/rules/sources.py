"""What a value is made of, followed back from one call to the ones before it."""

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

#: Something not known, and where it comes from; None: nowhere that is known.
Source: TypeAlias = "tuple[SymbolicValue, Origin | None]"


def behind(value: Value, origins: Origins, goes_on: Callable[[Origin], bool]) -> Iterator[Source]:
    """``value`` and what it is made of, back to what ``goes_on`` is false of."""
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
            pending += parts(origin)


def parts(origin: Origin) -> tuple[SymbolicValue, ...]:
    """What something is made of, but for constants; of a method that is given none, its object."""
    match origin:
        case ItemOf(base=base) | AttributeOf(base=base):
            return tuple(_unknown_in([base]))
        case OperationOn(operands=operands):
            return tuple(_unknown_in(operands))
        case CallOf(receiver=receiver, arguments=arguments, keywords=keywords):
            given = tuple(_unknown_in([*arguments, *keywords.values()]))
            return given or (() if receiver is None else tuple(_unknown_in([receiver])))


def _unknown_in(values: Iterable[Value]) -> Iterator[SymbolicValue]:
    """The values, and what containers among them hold, that are neither constants nor names."""
    for value in values:
        match value:
            case SymbolicValue(symbol=None):
                yield value
            case TupleValue(items=items):
                yield from _unknown_in(items)
            case Picture(contents=DictContents() as contents):
                yield from _unknown_in(contents.values)
            case Picture(contents=SequenceContents() as contents):
                yield from _unknown_in(contents.items)
