"""Methods of dicts, lists, sets, named tuples and specs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.lazy_items import LazyItems, Source
from estimator_lint.domain.values.open_sequences import opened
from estimator_lint.domain.values.values import (
    NONE,
    BoundBuiltin,
    Constant,
    DictContents,
    Reference,
    SequenceContents,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.arguments import Arguments, spread
from estimator_lint.interpreter.calls.builtin_containers import mapping_of
from estimator_lint.interpreter.calls.constant_methods import call_of_constant
from estimator_lint.interpreter.changed_objects import note_method_change
from estimator_lint.interpreter.conditions.told_lengths import note_filled, told_length
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.attributes import note_lookup
from estimator_lint.interpreter.lookup.possibly_empty import (
    LEAVING_OUT_BY_METHOD,
    least_length,
    note_less,
    note_made_of,
)
from estimator_lint.interpreter.objects import (
    dict_contents,
    escape,
    items_of,
    kept,
    new_dict,
    new_sequence,
    sequence_contents,
    updated,
    with_entries,
    with_entry,
    without_equal_items,
)
from estimator_lint.interpreter.specs.construction import call_spec_method
from estimator_lint.interpreter.specs.type_inference import unknown_of
from estimator_lint.syntax.container_methods import (
    FILLING_METHODS_OF_CONTAINERS,
    REMOVING_METHODS_OF_CONTAINERS,
)
from estimator_lint.tensorflow_api.value_types import Kind

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.lazy_items import Reading
    from estimator_lint.domain.values.values import Argument
    from estimator_lint.interpreter.evaluator import Result


@dataclass(frozen=True)
class DictCall:
    """A call of a dict's method.

    Attributes:
        receiver: the dict.
        entries: its entries before the call.
        given: the arguments.
        node: the whole call.
        state: the path.
    """

    ev: Evaluator
    receiver: Reference
    entries: DictContents
    given: Arguments
    node: cst.BaseExpression
    state: State


DictMethod: TypeAlias = "Callable[[DictCall], list[Result] | None]"

#: Methods of lists and sets that may take items out.
_TAKING_OUT = frozenset(
    "difference_update discard intersection_update remove symmetric_difference_update".split()
)
_TAKING_ONE_OUT = frozenset({"discard", "remove"})
_ADDING_ALL = frozenset({"extend", "update"})
#: Methods of lists and sets that change nothing.
_ASKING = frozenset({"count", "index", "isdisjoint", "issubset", "issuperset", "union"})
#: Methods of lists and sets that change them and return None.
_METHODS_GIVING_NONE = _TAKING_OUT | frozenset(
    "add append clear extend insert reverse sort update".split()
)


def call_method(
    ev: Evaluator,
    method: BoundBuiltin,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    """The results of calling a method of a known value; None if it is unknown."""
    receiver = method.receiver
    given = spread(ev, arguments, state)
    if isinstance(receiver, SpecValue):
        return call_spec_method(ev, receiver, method.method, given, node, state)
    if isinstance(receiver, Constant):
        return call_of_constant(ev, receiver, method.method, given, node, state)
    if isinstance(receiver, TupleValue):
        return _call_of_named_tuple(ev, receiver, method.method, given, node, state)
    if not isinstance(receiver, Reference):
        return None
    keeps_items = (
        method.method not in REMOVING_METHODS_OF_CONTAINERS
        and receiver.number in ev.possibly_empty
        and told_length(ev, receiver, state) > 0
    )
    note_method_change(ev, receiver, method.method, given.values(), state)
    if keeps_items:
        note_filled(ev, receiver, state)
    entries = dict_contents(receiver, state)
    if entries is not None:
        handler = _DICT_METHODS.get(method.method)
        if handler is None:
            escape(ev, receiver, state)
            return None
        results = handler(DictCall(ev, receiver, entries, given, node, state))
        if method.method in REMOVING_METHODS_OF_CONTAINERS:
            note_less(ev, receiver, state)
        return results
    return _call_of_sequence(ev, receiver, method.method, given, node, state)


def _call_of_named_tuple(
    ev: Evaluator,
    receiver: TupleValue,
    name: str,
    given: Arguments,
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    fields = dict(zip(receiver.names, receiver.items, strict=True))
    if name == "_asdict":
        return [(new_dict(ev, node, DictContents(fields), state), state)]
    if given.positional or given.more_keywords or set(given.keywords) - set(fields):
        return None
    fields.update({name: argument.value for name, argument in given.keywords.items()})
    return [(ev.bounded(TupleValue(tuple(fields.values()), receiver.names)), state)]


def _get(on: DictCall) -> list[Result] | None:
    if not on.given.positional:
        return None
    key, *rest = on.given.values()
    key = on.ev.resolve(key, on.state)
    note_lookup(on.ev, on.entries, key, on.node, on.state)
    default = rest[0] if rest else NONE
    if isinstance(key, Constant):
        found = on.entries.entries.get(key.value)
        if found is not None:
            return [(found, on.state)]
        if not on.entries.open:
            return [(default, on.state)]
    return [(on.ev.derived("item", of=[on.receiver, key, *on.entries.entries.values()]), on.state)]


def _pop(on: DictCall) -> list[Result] | None:
    if not on.given.positional:
        return None
    key, *rest = on.given.values()
    key = on.ev.resolve(key, on.state)
    note_lookup(on.ev, on.entries, key, on.node, on.state)
    if not isinstance(key, Constant):
        on.state.set_contents(on.receiver.number, DictContents({}, open=True))
        return [(on.ev.unknown(), on.state)]
    found = on.entries.entries.get(key.value)
    if found is not None:
        kept = {k: v for k, v in on.entries.entries.items() if k != key.value}
        on.state.set_contents(on.receiver.number, DictContents(kept, on.entries.open))
        return [(found, on.state)]
    if on.entries.open:
        return [(on.ev.unknown(imprecise=True), on.state)]
    if rest:
        return [(rest[0], on.state)]
    return on.ev.fails(on.state, "KeyError")


def _setdefault(on: DictCall) -> list[Result] | None:
    if not on.given.positional:
        return None
    key, *rest = on.given.values()
    key = on.ev.resolve(key, on.state)
    default = kept(on.ev, rest[0]) if rest else NONE
    if not isinstance(key, Constant):
        on.state.set_contents(on.receiver.number, DictContents(on.entries.entries, open=True))
        return [(on.ev.unknown(), on.state)]
    found = on.entries.entries.get(key.value)
    if found is not None:
        return [(found, on.state)]
    value = on.ev.unknown(imprecise=True) if on.entries.open else default
    on.state.set_contents(on.receiver.number, with_entry(on.entries, key, value))
    return [(value, on.state)]


def _update(on: DictCall) -> list[Result] | None:
    contents = on.entries
    if on.given.more_positional or len(on.given.positional) > 1:
        contents = DictContents({}, open=True)
    elif on.given.positional:
        contents = updated(on.entries, mapping_of(on.ev, on.given.positional[0].value, on.state))
    given = on.given.keywords.items()
    named = ((Constant(name), kept(on.ev, each.value)) for name, each in given)
    contents = with_entries(contents, named)
    if on.given.more_keywords:
        contents = DictContents({}, open=True)
    on.state.set_contents(on.receiver.number, contents)
    return [(NONE, on.state)]


def _copy(on: DictCall) -> list[Result] | None:
    copy = new_dict(on.ev, on.node, on.entries, on.state)
    note_made_of(on.ev, copy, [on.receiver], on.state)
    return [(copy, on.state)]


def _clear(on: DictCall) -> list[Result] | None:
    on.state.set_contents(on.receiver.number, DictContents({}))
    return [(NONE, on.state)]


def _popitem(on: DictCall) -> list[Result] | None:
    on.state.set_contents(on.receiver.number, DictContents({}, open=True))
    return [(on.ev.unknown(not_none=True), on.state)]


def _view(reading: Reading) -> DictMethod:
    def handle(on: DictCall) -> list[Result] | None:
        source = Source(on.receiver, reading)
        items = source.items(on.state)
        if items is None:
            unknown = unknown_of(on.ev, Kind.VIEW)
            note_made_of(on.ev, unknown, [on.receiver], on.state)
            return [(unknown, on.state)]
        view = LazyItems(items, sources=((source, items),), is_view=True)
        return [(on.ev.bounded(view), on.state)]

    return handle


_DICT_METHODS: dict[str, DictMethod] = {
    "clear": _clear,
    "copy": _copy,
    "get": _get,
    "items": _view("items"),
    "keys": _view("keys"),
    "pop": _pop,
    "popitem": _popitem,
    "setdefault": _setdefault,
    "update": _update,
    "values": _view("values"),
}


def _call_of_sequence(
    ev: Evaluator,
    receiver: Reference,
    name: str,
    given: Arguments,
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    contents = sequence_contents(receiver, state)
    if contents is None:
        return None
    values = given.values()
    match name:
        case "clear":
            state.set_contents(receiver.number, SequenceContents(()))
            return [(NONE, state)]
        case "copy":
            copy = new_sequence(ev, node, contents, state, of_set=receiver.kind == "set")
            note_made_of(ev, copy, [receiver], state)
            return [(copy, state)]
        case _ if name in _ASKING:
            return [(ev.derived("method", name, of=[receiver, *values], not_none=True), state)]
        case _ if name in LEAVING_OUT_BY_METHOD:
            part = ev.derived("method", name, of=[receiver, *values], not_none=True)
            ev.possibly_empty.add(part.number)
            return [(part, state)]
        case "pop":
            return _pop_of_sequence(ev, receiver, contents, values, state)
        case _ if name not in _METHODS_GIVING_NONE:
            state.set_contents(receiver.number, SequenceContents((), open=True))
            return [(ev.unknown(not_none=True), state)]
    more = _added(ev, name, values, state)
    exact = None if contents.open or more is None else _with_more(name, contents, more, values)
    if exact is None:
        exact = opened(SequenceContents(()) if name in _TAKING_OUT else contents, more or ())
    state.set_contents(receiver.number, exact)
    if name in _TAKING_OUT:
        if contents.open or len(contents.items) < 2 or name not in _TAKING_ONE_OUT:
            note_less(ev, receiver, state)
    elif name in FILLING_METHODS_OF_CONTAINERS or (
        name in _ADDING_ALL and values and least_length(ev, values[0], state) > 0
    ):
        note_filled(ev, receiver, state)
    return [(NONE, state)]


def _added(ev: Evaluator, name: str, values: list[Value], state: State) -> tuple[Value, ...] | None:
    """The items that a method puts into a list or set; None if they are unknown."""
    match name, values:
        case ("discard" | "remove", [_]):
            return ()
        case ("append" | "add", [item]) | ("insert", [_, item]):
            return (kept(ev, item),)
        case ("extend" | "update", _):
            found = [items_of(ev.resolve(value, state), state) for value in values]
            known = [items for items in found if items is not None]
            if len(known) == len(found):
                return tuple(item for items in known for item in items)
    return None


def _with_more(
    name: str, contents: SequenceContents, more: tuple[Value, ...], values: list[Value]
) -> SequenceContents | None:
    """The contents after a method has put ``more`` in; None if these are not known then."""
    items = contents.items
    match name:
        case "append" | "extend":
            return SequenceContents((*items, *more))
        case "insert" if isinstance(values[0], Constant) and isinstance(values[0].value, int):
            at = slice(None, values[0].value), slice(values[0].value, None)
            return SequenceContents((*items[at[0]], *more, *items[at[1]]))
        case "add" | "update":
            united = without_equal_items(SequenceContents((*items, *more)))
            return None if united.open else united
        case "discard" | "remove" if all(isinstance(one, Constant) for one in (*items, *values)):
            if values[0] in items:
                index = items.index(values[0])
                return SequenceContents((*items[:index], *items[index + 1 :]))
    return None


def _pop_of_sequence(
    ev: Evaluator,
    receiver: Reference,
    contents: SequenceContents,
    values: list[Value],
    state: State,
) -> list[Result]:
    items, is_set = contents.items, receiver.kind == "set"
    at = values[0] if values else Constant(-1)
    if not contents.open and not (is_set and (values or len(items) > 1)):
        if not items:
            return ev.fails(state, "KeyError" if is_set else "IndexError")
        if (
            len(values) <= 1
            and isinstance(at, Constant)
            and isinstance(at.value, int)
            and -len(items) <= at.value < len(items)
        ):
            index = range(len(items))[at.value]
            left = (*items[:index], *items[index + 1 :])
            state.set_contents(receiver.number, SequenceContents(left))
            return [(items[index], state)]
    state.set_contents(receiver.number, SequenceContents((), open=True))
    if contents.open or len(items) < 2:
        note_less(ev, receiver, state)
    return [(ev.unknown(), state)]
