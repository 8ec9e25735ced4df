"""Calls of builtins that create containers, or iterate over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.value_numbers import comes_of_mode, tells_form_of_features
from estimator_lint.domain.values.lazy_items import LazyItems, RangeItems, sources_of
from estimator_lint.domain.values.provenance import ItemOf
from estimator_lint.domain.values.values import (
    NONE,
    UNBOUND,
    Constant,
    DictContents,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.arguments import Arguments
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.possibly_empty import note_made_of
from estimator_lint.interpreter.objects import (
    dict_contents,
    items_of,
    kept,
    new_dict,
    new_sequence,
    updated,
    with_entries,
)
from estimator_lint.interpreter.specs.type_inference import kind_of
from estimator_lint.tensorflow_api.value_types import Kind

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.interpreter.evaluator import Result

Handler: TypeAlias = (
    "Callable[[Evaluator, Arguments, cst.BaseExpression, State], list[Result] | None]"
)


def local_variables(ev: Evaluator, scope: Scope, node: cst.BaseExpression, state: State) -> Value:
    """``locals()`` in a function."""
    entries: dict[str, Value] = {}
    for name in sorted(scope.names):
        value = state.variable(scope, name)
        if value is not None and value is not UNBOUND:
            entries[name] = kept(ev, value)
    return new_dict(ev, node, DictContents(entries), state)


def _dict(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    contents = DictContents({})
    if given.positional:
        contents = mapping_of(ev, given.positional[0].value, state)
    named = ((Constant(name), kept(ev, each.value)) for name, each in given.keywords.items())
    contents = with_entries(contents, named)
    if given.more_keywords:
        contents = DictContents(contents.entries, open=True)
    value = new_dict(ev, node, contents, state)
    note_made_of(ev, value, (one.value for one in given.positional[:1]), state)
    return [(value, state)]


def _dict_from_keys(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if not given.positional:
        return None
    keys, *rest = given.values()
    items = items_of(ev.resolve(keys, state), state)
    value = kept(ev, rest[0]) if rest else NONE
    pairs = ((key, value) for key in items or ())
    contents = with_entries(DictContents({}, open=items is None), pairs)
    made = new_dict(ev, node, contents, state)
    note_made_of(ev, made, [keys], state)
    return [(made, state)]


def mapping_of(ev: Evaluator, value: Value, state: State) -> DictContents:
    """The entries that ``dict(value)`` has: of a dict or an iterable of pairs."""
    value = ev.resolve(value, state)
    entries = dict_contents(value, state)
    if entries is not None:
        return updated(DictContents({}), entries)
    items = items_of(value, state)
    if items is None:
        return DictContents({}, open=True)
    pairs: list[tuple[Value, Value]] = []
    for item in items:
        parts = items_of(item, state)
        if parts is None or len(parts) != 2:
            return DictContents({}, open=True)
        pairs.append((parts[0], parts[1]))
    return with_entries(DictContents({}), pairs)


def _sequence(kind: str) -> Handler:
    def handle(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        items: tuple[Value, ...] | None = ()
        if given.positional:
            items = items_of(ev.resolve(given.positional[0].value, state), state)
        if kind == "tuple":
            return None if items is None else [(ev.bounded(TupleValue(items)), state)]
        contents = SequenceContents(items or (), open=items is None)
        value = new_sequence(ev, node, contents, state, of_set=kind == "set")
        if items is None:
            note_made_of(ev, value, given.values()[:1], state)
        return [(value, state)]

    return handle


def _len(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1:
        return None
    items = items_of(ev.resolve(given.positional[0].value, state), state)
    return None if items is None else [(Constant(len(items)), state)]


def _range(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    limits = [ev.resolve(argument.value, state) for argument in given.positional]
    if not 1 <= len(limits) <= 3:
        return None
    start = limits[0] if len(limits) > 1 else Constant(0)
    numbers = list(map(_number, limits))
    if None not in numbers:
        try:
            span = range(*numbers)  # type: ignore[arg-type]
        except ValueError:
            return ev.fails(state, "ValueError")
        # len() of a range longer than any list would raise OverflowError.
        if not span[bounds.MAX_RANGE :]:
            return [(RangeItems(tuple(map(Constant, span))), state)]
    if isinstance(start, SymbolicValue):
        ev.starts_of_ranges.add(start.number)
    ((value, after),) = _of_unknown_length(ev, "range", limits, (start, _index(ev, node)), state)
    stop = limits[-1] if len(limits) < 3 else None
    if isinstance(value, SymbolicValue):
        ev.limits_of_ranges[value.number] = limits
        if isinstance(stop, SymbolicValue):
            ev.last_items[value.number] = _one_less(ev, stop)
    return [(value, after)]


def _one_less(ev: Evaluator, number: SymbolicValue) -> SymbolicValue:
    """The value of the expression ``number - 1``, about which other tests say nothing."""
    key = ("operation", "Subtract", ev.identity(number), ev.identity(Constant(1)))
    return SymbolicValue(ev.number_of(key), not_none=True, imprecise=True)


def _number(value: Value) -> int | None:
    """An int that a value is known to be."""
    number = value.value if isinstance(value, Constant) else None
    return number if isinstance(number, int) else None


def _index(ev: Evaluator, node: cst.BaseExpression) -> Value:
    """One value for all numbers but the first: the outcomes of their tests are unknown."""
    return ev.symbolic_value("index", id(node), not_none=True, imprecise=True)


def _of_unknown_length(
    ev: Evaluator, name: str, of: Sequence[Value], iterations: tuple[Value, Value], state: State
) -> list[Result]:
    """An iterable with its first item, and one value for all further ones."""
    value = ev.derived("builtin", name, of=of, not_none=True)
    note_made_of(ev, value, of, state)
    ev.iterations_of[value.number] = iterations
    ev.value_types[value.number] = (Kind.RANGE if name == "range" else Kind.ITERATOR, False)
    return [(value, state)]


def iterations(
    ev: Evaluator, value: Value, items: tuple[Value, ...] | None, node: cst.CSTNode
) -> tuple[Value, Value]:
    """The first item of a nonempty iterable, and one value for all further ones.

    ``items`` are those of ``value``, if known.
    """
    if items is not None:
        return items[0], ev.symbolic_value("one of many", id(node), imprecise=True)
    if isinstance(value, SymbolicValue) and value.number in ev.iterations_of:
        return ev.iterations_of[value.number]
    first = iterated_item(ev, value, id(node), 0)
    ev.first_items[first.number] = value
    # It may be any of the further items: a test of it says nothing about the others.
    further = ev.symbolic_value("iterated", id(node), 1, ev.identity(value), imprecise=True)
    note_items(ev, value, first, further)
    return first, further


def iterated_item(ev: Evaluator, iterable: Value, *key: int) -> SymbolicValue:
    """An item of an iteration; those of ``features`` show its form."""
    of_form = tells_form_of_features(iterable)
    return ev.symbolic_value(
        *("iterated", *key, ev.identity(iterable)),
        result_of="builtins.iter" if of_form else None,
        imprecise=ev.depends_on_mode(iterable),
        of_mode=comes_of_mode(iterable),
        of_input=of_form,
    )


def note_items(ev: Evaluator, iterable: Value, *items: SymbolicValue) -> None:
    """Record where items come from, if the kind of all items is known."""
    if kind_of(ev, iterable) in (Kind.GRADIENTS, Kind.TENSORS):
        for item in items:
            ev.origins[item.number] = ItemOf(iterable, item)


def _enumerate(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    start = _enumerated_from(ev, given, state)
    if start is None:
        return None
    value = ev.resolve(given.positional[0].value, state)
    items = items_of(value, state)
    if items is None:
        first, further = iterations(ev, value, items, node)
        pairs = TupleValue((Constant(start), first)), TupleValue((_index(ev, node), further))
        return _of_unknown_length(ev, "enumerate", [value, Constant(start)], pairs, state)
    known = (TupleValue((Constant(index), item)) for index, item in enumerate(items, start))
    return [(ev.bounded(LazyItems(tuple(known), sources=sources_of([value], state))), state)]


def _enumerated_from(ev: Evaluator, given: Arguments, state: State) -> int | None:
    """The number with which ``enumerate`` starts; None if unknown."""
    starts = [*given.positional[1:], *given.keywords.values()]
    if not given.positional or len(starts) > 1 or given.keywords.keys() - {"start"}:
        return None
    return _number(ev.resolve(starts[0].value, state)) if starts else 0


def _zip(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if given.keywords or not given.positional:
        return None
    values = [ev.resolve(argument.value, state) for argument in given.positional]
    columns = [items_of(value, state) for value in values]
    known = [column for column in columns if column is not None]
    if len(known) == len(columns) or () in known:
        rows = map(TupleValue, zip(*known, strict=False))
        return [(ev.bounded(LazyItems(tuple(rows), sources=sources_of(values, state))), state)]
    heads = (
        iterations(ev, value, items, node) for value, items in zip(values, columns, strict=True)
    )
    first, further = map(TupleValue, zip(*heads, strict=True))
    return _of_unknown_length(ev, "zip", values, (first, further), state)


def _reversed(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1 or given.keywords:
        return None
    value = ev.resolve(given.positional[0].value, state)
    items = items_of(value, state)
    if items is not None:
        return [(LazyItems(items[::-1], sources=sources_of([value], state, "backward")), state)]
    if isinstance(value, SymbolicValue) and value.number in ev.iterations_of:
        _, further = ev.iterations_of[value.number]
        first = ev.last_items.get(value.number)
        if first is not None:
            ev.starts_of_ranges.add(first.number)
        pair = first or further, further
        return _of_unknown_length(ev, "reversed", [value], pair, state)
    return None


def _sorted(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    """A list of strings, or of tuples that begin with different ones, in their order."""
    if len(given.positional) != 1 or given.keywords:
        return None
    by_text: dict[str, Value] = {}
    items = items_of(ev.resolve(given.positional[0].value, state), state)
    for item in items or ():
        first = item.items[0] if isinstance(item, TupleValue) and item.items else item
        text = first.value if isinstance(first, Constant) else None
        if not isinstance(text, str) or text in by_text:
            return None
        by_text[text] = item
    if len({type(item) for item in by_text.values()}) != 1:
        return None
    contents = SequenceContents(tuple(by_text[text] for text in sorted(by_text)))
    return [(new_sequence(ev, node, contents, state, of_set=False), state)]


def _next(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    """The first item of a generator that is written as the argument: nothing else reads it."""
    if not given.positional or given.keywords:
        return None
    first, *default = given.positional
    is_fresh = isinstance(first.node, cst.Arg) and isinstance(first.node.value, cst.GeneratorExp)
    if not is_fresh or not isinstance(first.value, TupleValue):
        return None
    if first.value.items:
        return [(first.value.items[0], state)]
    if default:
        return [(default[0].value, state)]
    return ev.fails(state, "StopIteration")


#: By the name in ``builtins``.
CONTAINERS: dict[str, Handler] = {
    "dict": _dict,
    "dict.fromkeys": _dict_from_keys,
    "enumerate": _enumerate,
    "frozenset": _sequence("set"),
    "len": _len,
    "list": _sequence("list"),
    "next": _next,
    "range": _range,
    "reversed": _reversed,
    "set": _sequence("set"),
    "sorted": _sorted,
    "tuple": _sequence("tuple"),
    "zip": _zip,
}
