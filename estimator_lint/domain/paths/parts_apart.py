"""Leaving the common parts of entries out of comparisons.

A dict, list or object that many statements store in is large, and paths that meet differ
in little of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress, filterfalse, repeat
from operator import is_
from typing import TYPE_CHECKING, Any, Final, cast

from estimator_lint.domain.paths.handled_exceptions import Handled
from estimator_lint.domain.values.lazy_items import LazyItems
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Overrides,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import Entry

_ABSENT: Final = object()
#: With so few parts, comparing each is as fast.
_FEW: Final = 4


def are_same(one: Entry, other: Entry) -> bool:
    """Whether two entries are one and the same, though they may be two objects.

    A symbolic value is one object, except for what tests have shown about it.
    """
    if one is other:
        return True
    kind = type(one)
    if type(other) is not kind:
        return False
    match one:
        case Constant() | Reference() | Handled() | LazyItems():
            return one == other
        case DictContents():
            theirs = cast("DictContents", other)
            return (
                one.open is theirs.open
                and _are_same_entries(one.entries, theirs.entries)
                and one.has_order_of(theirs)
                and _are_same_items(one.unkeyed, theirs.unkeyed)
            )
        case SequenceContents():
            sequence = cast("SequenceContents", other)
            return (
                one.open is sequence.open
                and one.held == sequence.held
                and _are_same_items(one.items, sequence.items)
            )
        case Overrides():
            stored = cast("Overrides", other)
            return (
                one.open is stored.open
                and _are_same_entries(one.attributes, stored.attributes)
                and _are_same_entries(one.items, stored.items)
            )
        case TupleValue():
            tuple_ = cast("TupleValue", other)
            return one.names == tuple_.names and _are_same_items(one.items, tuple_.items)
        case int():
            return one == other
    return False


def _are_same_items(ours: tuple[Value, ...], theirs: tuple[Value, ...]) -> bool:
    return len(ours) == len(theirs) and all(
        one is other or are_same(one, other) for one, other in zip(ours, theirs, strict=True)
    )


def _are_same_entries(ours: Mapping[Any, Value], theirs: Mapping[Any, Value]) -> bool:
    return (
        len(ours) == len(theirs)
        and ours.keys() == theirs.keys()
        and all(value is theirs[key] or are_same(value, theirs[key]) for key, value in ours.items())
    )


def apart(entries: list[Entry]) -> list[Entry]:
    """``entries`` without the parts that are the very same in all of them.

    Two results are alike if and only if the two entries are, and identical if and only if those
    are.
    """
    if not _has_many_parts(entries[0]):
        return entries
    distinct = {id(entry): entry for entry in entries}
    reduced = dict(zip(distinct, _apart(list(distinct.values())), strict=True))
    return [reduced[id(entry)] for entry in entries]


def _has_many_parts(entry: Entry) -> bool:
    match entry:
        case DictContents(entries=entries):
            return len(entries) > _FEW
        case Overrides(attributes=attributes, items=items):
            return len(attributes) + len(items) > _FEW
        case SequenceContents(items=items) | TupleValue(items=items):
            return len(items) > _FEW
    return False


def _apart(entries: list[Entry]) -> list[Entry]:
    kind = type(entries[0])
    if any(type(entry) is not kind for entry in entries):
        return entries
    match entries[0]:
        case DictContents():
            return _dicts_apart(cast("list[DictContents]", entries))
        case Overrides():
            return _stored_apart(cast("list[Overrides]", entries))
        case SequenceContents():
            sequences = cast("list[SequenceContents]", entries)
            fronts = _without_shared_front([one.items for one in sequences])
            return [
                SequenceContents(own, one.open, one.held)
                for own, one in zip(fronts, sequences, strict=True)
            ]
        case TupleValue():
            tuples = cast("list[TupleValue]", entries)
            fronts = _without_shared_front([one.items for one in tuples])
            return [TupleValue(own, one.names) for own, one in zip(fronts, tuples, strict=True)]
    return entries


def _dicts_apart(dicts: list[DictContents]) -> list[Entry]:
    orders = {tuple(one.entries) for one in dicts}
    if len(set(map(frozenset, orders))) < len(orders):
        return [*dicts]  # some have the same keys in another order
    entries = _without_shared([one.entries for one in dicts])
    return [
        DictContents(own, one.open, one.unkeyed) for own, one in zip(entries, dicts, strict=True)
    ]


def _stored_apart(objects: list[Overrides]) -> list[Entry]:
    attributes = _without_shared([one.attributes for one in objects])
    items = _without_shared([one.items for one in objects])
    return [
        Overrides(own, stored, one.open)
        for own, stored, one in zip(attributes, items, objects, strict=True)
    ]


def _without_shared(mappings: list[Mapping[Any, Value]]) -> list[Mapping[Any, Value]]:
    # Without a step of Python for each key: a large dict is compared at every meeting of paths.
    first, *others = mappings
    shared = dict(first)
    for other in others:
        alike = map(is_, map(other.get, shared, repeat(_ABSENT)), shared.values())
        shared = dict(compress(shared.items(), alike))
    return [
        {key: mapping[key] for key in filterfalse(shared.__contains__, mapping)}
        for mapping in mappings
    ]


def _without_shared_front(sequences: list[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    """The items after those that all of them begin with.

    If a dropped item is not just a symbolic value, one such item stays: more differences are
    ignored between sequences of nothing but symbolic values.
    """
    first = sequences[0]
    count = min(map(len, sequences))
    for other in sequences:
        count = next((at for at in range(count) if other[at] is not first[at]), count)
    witness = next(((item,) for item in first[:count] if not isinstance(item, SymbolicValue)), ())
    return [(*witness, *items[count:]) for items in sequences]
