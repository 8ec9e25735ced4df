"""Calls of the builtins that make containers, or go through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.evaluation.calls.arguments import Arguments
from estimator_lint.evaluation.evaluator import Evaluator
from estimator_lint.evaluation.values.objects import (
    dict_contents,
    items_of,
    new_dict,
    new_sequence,
    updated,
    with_entry,
)
from estimator_lint.evaluation.values.values import (
    NONE,
    UNBOUND,
    Constant,
    DictContents,
    SequenceContents,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.evaluation.code.scopes import Scope
    from estimator_lint.evaluation.handlers import Result
    from estimator_lint.evaluation.paths.state import State

Handler: TypeAlias = (
    "Callable[[Evaluator, Arguments, cst.BaseExpression, State], list[Result] | None]"
)

#: A range is unrolled up to this length.
MAX_RANGE: Final = 64


def local_variables(ev: Evaluator, scope: Scope, node: cst.BaseExpression, state: State) -> Value:
    """``locals()`` in a function."""
    entries: dict[str, Value] = {}
    for name in sorted(scope.names):
        value = state.variable(scope, name)
        if value is not None and value is not UNBOUND:
            entries[name] = value
    return new_dict(ev, node, DictContents(entries), state)


def _dict(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    contents = DictContents({})
    if given.positional:
        contents = mapping_of(ev, given.positional[0].value, state)
    for name, argument in given.keywords.items():
        contents = with_entry(contents, Constant(name), argument.value)
    if given.more_keywords:
        contents = DictContents(contents.entries, open=True)
    return [(new_dict(ev, node, contents, state), state)]


def _dict_from_keys(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if not given.positional:
        return None
    keys, *rest = given.values()
    items = items_of(ev.resolve(keys, state), state)
    contents = DictContents({}, open=items is None)
    for key in items or ():
        contents = with_entry(contents, key, rest[0] if rest else NONE)
    return [(new_dict(ev, node, contents, state), state)]


def mapping_of(ev: Evaluator, value: Value, state: State) -> DictContents:
    """The entries that ``dict(value)`` has: of a dict or an iterable of pairs."""
    value = ev.resolve(value, state)
    entries = dict_contents(value, state)
    if entries is not None:
        return updated(DictContents({}), entries)
    pairs = items_of(value, state)
    contents = DictContents({})
    if pairs is None:
        return DictContents({}, open=True)
    for pair in pairs:
        parts = items_of(pair, state)
        if parts is None or len(parts) != 2:
            return DictContents({}, open=True)
        contents = with_entry(contents, parts[0], parts[1])
    return contents


def _sequence(kind: str) -> Handler:
    def handle(
        ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
    ) -> list[Result] | None:
        items: tuple[Value, ...] | None = ()
        if given.positional:
            items = items_of(ev.resolve(given.positional[0].value, state), state)
        if kind == "tuple":
            return None if items is None else [(TupleValue(items), state)]
        contents = SequenceContents(items or (), open=items is None)
        value = new_sequence(ev, node, contents, state, of_set=kind == "set")
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
    bounds = [ev.resolve(argument.value, state) for argument in given.positional]
    numbers = [
        bound.value
        for bound in bounds
        if isinstance(bound, Constant) and isinstance(bound.value, int)
    ]
    if len(numbers) != len(bounds) or not 1 <= len(numbers) <= 3:
        return None
    try:
        span = range(*numbers)
    except ValueError:
        return ev.fails(state, "ValueError")
    if len(span) > MAX_RANGE:
        return None
    return [(TupleValue(tuple(map(Constant, span))), state)]


def _enumerate(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 1 or given.keywords:
        return None
    items = items_of(ev.resolve(given.positional[0].value, state), state)
    if items is None:
        return None
    pairs = (TupleValue((Constant(index), item)) for index, item in enumerate(items))
    return [(TupleValue(tuple(pairs)), state)]


def _zip(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    columns = [items_of(ev.resolve(arg.value, state), state) for arg in given.positional]
    known = [column for column in columns if column is not None]
    if len(known) != len(columns) or given.keywords:
        return None
    return [(TupleValue(tuple(map(TupleValue, zip(*known, strict=False)))), state)]


#: By the name in ``builtins``.
CONTAINERS: dict[str, Handler] = {
    "dict": _dict,
    "dict.fromkeys": _dict_from_keys,
    "enumerate": _enumerate,
    "frozenset": _sequence("set"),
    "len": _len,
    "list": _sequence("list"),
    "range": _range,
    "set": _sequence("set"),
    "tuple": _sequence("tuple"),
    "zip": _zip,
}
