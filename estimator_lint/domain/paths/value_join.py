"""Joining the values of two paths; the cost says how much information is lost."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from itertools import chain, compress, filterfalse
from operator import is_not
from typing import Any, Final, TypeAlias

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.paths.state import Entry, State
from estimator_lint.domain.paths.values_on_paths import is_told, not_none, resolve
from estimator_lint.domain.values.lazy_items import are_alike
from estimator_lint.domain.values.open_sequences import opened, united
from estimator_lint.domain.values.values import (
    NONE,
    UNBOUND,
    Constant,
    DictContents,
    Overrides,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.tensorflow_api.value_types import Compatibility

#: A number or a string that is seldom tested.
LITTLE: Final = 1
#: A container or function.
SOME: Final = 3
#: None, boundness, booleans, specs: what findings depend on.
MUCH: Final = 10

_LOST_NATURE: Final = {
    Compatibility.SAME: 0,
    Compatibility.ALIKE: 0,
    Compatibility.MADE_APART: LITTLE,
    Compatibility.UNKNOWN: LITTLE,
    Compatibility.DIFFERENT: MUCH,
}

#: A meeting of paths, and a place in their states.
Location: TypeAlias = "tuple[Hashable, ...]"


class ValueJoiner:
    """Joins values of one evaluation.

    Args:
        new_symbolic_value: gives the imprecise SymbolicValue of a location; takes ``not_none`` and
            ``tensor``, and a symbolic value of the same kind.
        compatibility: how a field judges two values.
    """

    def __init__(
        self,
        new_symbolic_value: Callable[[Location, bool, bool, SymbolicValue | None], SymbolicValue],
        compatibility: Callable[[Value, Value], Compatibility],
    ) -> None:
        self._make_opaque = new_symbolic_value
        self._compatibility = compatibility
        #: Identifies this meeting of paths, and the location that is joined. Both name the result
        #: of a join, so that paths that are joined separately, but at the same time, do not differ
        #: in what both have lost.
        self.meetings = 0
        self._location: list[Hashable] = []
        #: In a join of several paths, the index of the one that is joined with those before it.
        self.step = 1
        #: The results for pairs of different values in this join, by step, for reuse where the same
        #: pair occurs again.
        self._merged_pairs: dict[tuple[int, Value, Value], tuple[Value, int]] = {}

    def begin_join(self) -> None:
        """Begin to join two paths, or all paths of a bucket."""
        self._merged_pairs.clear()
        self.step = 1

    @property
    def joins_values(self) -> bool:
        """Whether this join has made one value of different ones."""
        return bool(self._merged_pairs)

    def locate(self, *location: Hashable) -> None:
        """Set the location of what is joined next."""
        self._location[:] = location

    def _new_symbolic_value(
        self, not_none: bool, tensor: bool, of: SymbolicValue | None
    ) -> SymbolicValue:
        location = (self.meetings, *self._location)
        return self._make_opaque(location, not_none, tensor, of)

    def join_values(self, a: Value, one: State, b: Value, other: State) -> tuple[Value, int]:
        """The join of a value that is ``a`` on one path and ``b`` on the other."""
        if a == b:  # a new test will show again what only one path knows about it
            return a, 0
        a, b = resolve(a, one), resolve(b, other)
        if a == b:
            return a, 0
        known = self._merged_pairs.get((self.step, a, b))
        if known is None:
            known = self._join_different(a, one, b, other)
            self._merged_pairs[self.step, a, b] = known
        return known

    def _join_different(self, a: Value, one: State, b: Value, other: State) -> tuple[Value, int]:
        if isinstance(a, TupleValue) and isinstance(b, TupleValue):
            if are_alike(a, b):
                items, cost = self._join_items(a.items, one, b.items, other)
                return replace(a, items=items), cost
        elif isinstance(a, SpecValue) and isinstance(b, SpecValue):
            if a.visits[0].place == b.visits[0].place and a.spec_class is b.spec_class:
                return self._join_specs(a, one, b, other)
        if isinstance(a, SymbolicValue) and isinstance(b, SymbolicValue):
            value, cost = self._join_symbolic_values(a, b)
            # Its truth correlates with the tests of the path: `both = first and second`.
            told = is_told(a, one) or is_told(b, other)
            return value, cost + LITTLE if told else cost
        cost = max(_loss(a, b), _LOST_NATURE[self._compatibility(a, b)])
        return self._new_symbolic_value(not_none(a) and not_none(b), False, None), cost

    def _join_symbolic_values(self, a: SymbolicValue, b: SymbolicValue) -> tuple[Value, int]:
        cost = 0 if a.not_none == b.not_none else LITTLE
        if a.instance_of is not b.instance_of or a.labels is not b.labels:
            cost += LITTLE
        compatibility = self._compatibility(a, b)
        cost += _LOST_NATURE[compatibility]
        of = a if compatibility in (Compatibility.SAME, Compatibility.MADE_APART) else None
        return self._new_symbolic_value(a.not_none and b.not_none, a.tensor and b.tensor, of), cost

    def _join_items(
        self, a: tuple[Value, ...], one: State, b: tuple[Value, ...], other: State
    ) -> tuple[tuple[Value, ...], int]:
        items, cost = list(a), 0
        for index, (x, y) in enumerate(zip(a, b, strict=True)):
            if x is not y:
                items[index], loss = self._join_part(index, x, one, y, other)
                cost += loss
        return tuple(items), cost

    def _join_part(
        self, part: Hashable, a: Value, one: State, b: Value, other: State
    ) -> tuple[Value, int]:
        """As ``join_values``, for a part of what is being joined."""
        self._location.append(part)
        joined = self.join_values(a, one, b, other)
        self._location.pop()
        return joined

    def _join_specs(
        self, a: SpecValue, one: State, b: SpecValue, other: State
    ) -> tuple[Value, int]:
        fields: dict[str, Value] = {}
        cost = 0 if a.visits[0].missing == b.visits[0].missing else MUCH
        for name in a.fields:
            fields[name], loss = self._join_part(name, a.fields[name], one, b.fields[name], other)
            cost += loss
        visits = tuple(dict.fromkeys((*a.visits, *b.visits)))
        return SpecValue(a.spec_class, fields, visits), cost

    def join_contents(self, a: Entry, one: State, b: Entry, other: State) -> tuple[Entry, int]:
        """The same for the contents of an object, which are of one kind on both paths."""
        match a, b:
            case DictContents(), DictContents():
                entries, cost, lacking = self._join_mappings(a.entries, one, b.entries, other)
                cost += MUCH * len(lacking) + (LITTLE if a.open != b.open else 0)
                is_open = a.open or b.open or not a.has_order_of(b)
                if is_open and not (a.open or b.open or lacking):
                    cost += SOME  # the order
                unkeyed: tuple[Value, ...] = ()
                if len(a.unkeyed) == len(b.unkeyed):
                    unkeyed, loss = self._join_items(a.unkeyed, one, b.unkeyed, other)
                    cost += loss
                return DictContents(entries, is_open, unkeyed), cost
            case SequenceContents(), SequenceContents():
                if len(a.items) == len(b.items):
                    items, cost = self._join_items(a.items, one, b.items, other)
                    cost += LITTLE if a.open != b.open else 0
                    held = united((*a.held, *b.held)) if a.held or b.held else ()
                    return SequenceContents(items, a.open or b.open, held), cost
                plain = all(isinstance(item, SymbolicValue) for item in (*a.items, *b.items))
                return opened(a, (*b.items, *b.held)), LITTLE if plain else SOME
            case Overrides(), Overrides():
                attributes, cost = self._join_stored(a.attributes, one, b.attributes, other)
                stored, loss = self._join_stored(a.items, one, b.items, other)
                cost += loss + (LITTLE if a.open != b.open else 0)
                return Overrides(attributes, stored, a.open or b.open), cost
            case _:
                raise AssertionError((a, b))

    def _join_stored(
        self, a: Mapping[Any, Value], one: State, b: Mapping[Any, Value], other: State
    ) -> tuple[dict[Any, Value], int]:
        """As ``_join_mappings``; what only one side stored is unknown on the other."""
        entries, cost, lacking = self._join_mappings(a, one, b, other)
        for key in lacking:
            value = a[key] if key in a else b[key]
            self._location.append(key)
            entries[key] = self._new_symbolic_value(False, False, None)
            self._location.pop()
            cost += MUCH if isinstance(value, Constant) else LITTLE
        return entries, cost

    def _join_mappings(
        self, a: Mapping[Any, Value], one: State, b: Mapping[Any, Value], other: State
    ) -> tuple[dict[Any, Value], int, list[Any]]:
        """The joined entries, the cost, and the keys that only one side has.

        Most entries are the very same on both sides; these are skipped without a step of Python.
        """
        entries, cost = dict(a), 0
        for key in [*compress(a, map(is_not, map(b.get, a), a.values()))]:
            if key in b:
                entries[key], loss = self._join_part(key, a[key], one, b[key], other)
                cost += loss
            else:
                del entries[key]
        return entries, cost, [*filterfalse(entries.__contains__, chain(a, b))]


def _loss(a: Value, b: Value) -> int:
    for value in (a, b):
        if value is UNBOUND or value == NONE or isinstance(value, SpecValue):
            return MUCH
        if isinstance(value, Constant) and (isinstance(value.value, bool) or value.role):
            return MUCH
    return LITTLE if all(isinstance(value, Constant | SymbolicValue) for value in (a, b)) else SOME
