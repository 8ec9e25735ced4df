"""The parts of entries that findings depend on: paths that agree in them are joined first.

The coarser the grain, the more is ignored:

- ``Grain.WHOLE``: nothing that a join would lose.
- ``Grain.PLAIN``: numbers, strings and kinds of tensors are alike.
- ``Grain.FACTS``: only None, booleans, boundness, specs and exceptions are distinguished.
- ``Grain.BOUND``: only what is bound and what is not.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.domain.paths.handled_exceptions import Handled
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.paths.values_on_paths import resolve
from estimator_lint.domain.values.values import (
    UNBOUND,
    Constant,
    DictContents,
    Overrides,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import Entry, Key, State
    from estimator_lint.tensorflow_api.value_types import ValueType

    ValueTypeOf: TypeAlias = Callable[[Value], ValueType]


class Grain(enum.IntEnum):
    """How much is distinguished."""

    WHOLE = 0
    PLAIN = 1
    FACTS = 2
    BOUND = 3


#: Kinds of entries that are joined at no cost.
JOINED_AT_NO_COST: Final = frozenset({"count", "exclusions", "last exclusion"})
#: Kinds of entries whose absence distinguishes paths, too.
MAY_BE_LACKING: Final = frozenset({"pending", "happened"})
_LIKE_ANY: Final = "any"
#: The trait of an unbound variable.
UNBOUND_TRAIT: Final = "unbound"


def trait(key: Key, entry: Entry, state: State, grain: Grain, value_type: ValueTypeOf) -> Hashable:
    """What distinguishes the entry under ``key`` from others, at the grain."""
    kind = key[0]
    if kind in JOINED_AT_NO_COST:
        return _LIKE_ANY
    if kind in MAY_BE_LACKING:
        told = bool(entry) if kind == "pending" else entry
        return told if grain is Grain.WHOLE else _LIKE_ANY
    match entry:
        case Handled():
            return entry if grain < Grain.FACTS else entry.exception
        case Value():
            return trait_of_value(entry, state, grain, value_type)
        case DictContents() | SequenceContents() | Overrides():
            return _of_contents(entry, state, grain, value_type)
    return entry if grain is Grain.WHOLE else _LIKE_ANY


def trait_of_value(value: Value, state: State, grain: Grain, value_type: ValueTypeOf) -> Hashable:
    """The same for a value."""
    value = resolve(value, state)
    if value is UNBOUND:
        return UNBOUND_TRAIT
    if grain is Grain.BOUND:
        return _LIKE_ANY
    match value:
        case Constant():
            return _of_constant(value, grain)
        case SymbolicValue():
            return _of_symbolic_value(value, state, grain, value_type)
        case TupleValue(items=items, names=names):
            parts = tuple(trait_of_value(item, state, grain, value_type) for item in items)
            return ("tuple", names, parts)
        case SpecValue():
            return ("spec", value.visits[0].place, value.visits[0].missing)
    return value if grain < Grain.FACTS else type(value).__name__


def _of_constant(value: Constant, grain: Grain) -> Hashable:
    matters = value.value is None or isinstance(value.value, bool) or value.role is not None
    return value if matters or grain is Grain.WHOLE else "plain"


def _of_symbolic_value(
    value: SymbolicValue, state: State, grain: Grain, value_type: ValueTypeOf
) -> Hashable:
    if grain > Grain.PLAIN:
        return "plain"
    if grain is Grain.PLAIN:
        kind, per_example = value_type(value)
        return "plain" if kind is None and not per_example else (kind, per_example)
    told = state.assumes_about(value.number) and state.peek(("truth", value.number)) is not None
    return (
        "opaque",
        value.number if told else None,
        value.not_none,
        value.imprecise and bool(state.doubts),
        None if value.instance_of is None else id(value.instance_of),
        value.labels,
        value_type(value),
    )


def _of_contents(
    contents: DictContents | SequenceContents | Overrides,
    state: State,
    grain: Grain,
    value_type: ValueTypeOf,
) -> Hashable:
    if grain > Grain.PLAIN:
        return _LIKE_ANY

    def of(value: Value) -> Hashable:
        return trait_of_value(value, state, grain, value_type)

    is_open = contents.open if grain is Grain.WHOLE else False
    match contents:
        case DictContents(entries=entries, unkeyed=unkeyed):
            parts = [(repr(key), of(value)) for key, value in entries.items()]
            is_ordered = grain is Grain.WHOLE and not is_open
            found = tuple(parts) if is_ordered else frozenset(parts)
            return ("dict", found, tuple(map(of, unkeyed)), is_open)
        case SequenceContents(items=items):
            plain = grain is Grain.PLAIN and all(isinstance(item, SymbolicValue) for item in items)
            return ("sequence", "plain" if plain else tuple(map(of, items)), is_open)
        case Overrides(attributes=attributes, items=stored):
            return (
                "stored",
                frozenset((name, of(value)) for name, value in attributes.items()),
                frozenset((repr(key), of(value)) for key, value in stored.items()),
                is_open,
            )
