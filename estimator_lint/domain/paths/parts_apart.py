"""What is the same in all of some entries of states, and need not be compared again.

A dict, list or object that many statements store in is large, and paths that meet differ
in little of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from estimator_lint.domain.values.values import (
    DictContents,
    Overrides,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import Entry

_ABSENT: Final = object()
#: Of so few parts each is compared as fast.
_FEW: Final = 4


def apart(entries: list[Entry]) -> list[Entry]:
    """``entries`` without the parts that are the very same in all of them.

    Two of them are alike if and only if the two that are given are alike, and one object
    if and only if those are.
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
                SequenceContents(own, one.open) for own, one in zip(fronts, sequences, strict=True)
            ]
        case TupleValue():
            tuples = cast("list[TupleValue]", entries)
            fronts = _without_shared_front([one.items for one in tuples])
            return [TupleValue(own, one.names) for own, one in zip(fronts, tuples, strict=True)]
    return entries


def _dicts_apart(dicts: list[DictContents]) -> list[Entry]:
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
    first, *others = mappings
    shared = set(first)
    for other in others:
        shared = {key for key in shared if other.get(key, _ABSENT) is first[key]}
    return [
        {key: value for key, value in mapping.items() if key not in shared} for mapping in mappings
    ]


def _without_shared_front(sequences: list[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    """The items behind those that all begin with.

    Of what is dropped one item stays that is more than a symbolic value, if there is any:
    sequences of nothing but symbolic values are alike in more.
    """
    first = sequences[0]
    count = min(map(len, sequences))
    for other in sequences:
        count = next((at for at in range(count) if other[at] is not first[at]), count)
    witness = next(((item,) for item in first[:count] if not isinstance(item, SymbolicValue)), ())
    return [(*witness, *items[count:]) for items in sequences]
