"""Mutable objects: reading and writing their contents, and losing track of them.

Code that is not followed may change an object that it is given (the object *escapes*). Afterwards,
entries that were not None are still known (in practice nothing removes a loss again), None and
constants may have been replaced, and there may be new entries.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.lazy_items import LazyItems
from estimator_lint.domain.values.open_sequences import opened, with_item, without_item
from estimator_lint.domain.values.values import (
    NOTHING_STORED,
    BoundBuiltin,
    BoundMethod,
    ClassValue,
    Constant,
    DictContents,
    FunctionValue,
    Overrides,
    PartialValue,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    contained,
)
from estimator_lint.interpreter.changed_objects import forget_attributes_in, note_change
from estimator_lint.interpreter.several_objects import (
    stored_attribute,
    stored_item,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import ClassCode


def new_dict(ev: Evaluator, node: cst.CSTNode, contents: DictContents, state: State) -> Reference:
    """A dict made at ``node``."""
    reference = Reference(ev.allocate(node, state, "dict"), "dict")
    state.set_contents(reference.number, contents)
    return reference


def new_sequence(
    ev: Evaluator, node: cst.CSTNode, contents: SequenceContents, state: State, *, of_set: bool
) -> Reference:
    """A list or set made at ``node``."""
    if of_set:
        contents = without_equal_items(contents)
    kind: Literal["list", "set"] = "set" if of_set else "list"
    reference = Reference(ev.allocate(node, state, kind), kind)
    state.set_contents(reference.number, contents)
    return reference


def without_equal_items(contents: SequenceContents) -> SequenceContents:
    """The items of a set, of which unknown ones may be equal to others."""
    items = tuple(dict.fromkeys(contents.items))
    constants = {item.value for item in items if isinstance(item, Constant)}  # 1 is True here
    are_known = len(constants) == len(items) or len(items) < 2
    return SequenceContents(items, contents.open or not are_known)


def dict_contents(value: Value, state: State) -> DictContents | None:
    """The entries of a dict that the evaluated code made."""
    if isinstance(value, Reference):
        contents = state.contents(value.number)
        if isinstance(contents, DictContents):
            return contents
    return None


def sequence_contents(value: Value, state: State) -> SequenceContents | None:
    """The items of a list or set that the evaluated code made."""
    if isinstance(value, Reference):
        contents = state.contents(value.number)
        if isinstance(contents, SequenceContents):
            return contents
    return None


def stored_in(value: SymbolicValue, state: State) -> Overrides:
    """What the evaluated code stored in the attributes and items of ``value``."""
    contents = state.contents(value.number)
    return contents if isinstance(contents, Overrides) else NOTHING_STORED


def kept(ev: Evaluator, value: Value) -> Value:
    """A value as a container or an attribute has it.

    When a view or an iterator there is read, and how far, is not known.
    """
    if isinstance(value, LazyItems):
        return ev.unknown(not_none=True, imprecise=True)
    if type(value) is TupleValue and _has_lazy_items(value):
        return replace(value, items=tuple(kept(ev, item) for item in value.items))
    return value


def _has_lazy_items(value: TupleValue) -> bool:
    for item in value.items:
        kind = type(item)
        if kind is LazyItems or (kind is TupleValue and _has_lazy_items(item)):  # type: ignore[arg-type]
            return True
    return False


def store_attribute(
    ev: Evaluator, base: SymbolicValue, name: str, value: Value, state: State
) -> None:
    """``base.name = value``."""
    note_change(ev, base, state, Constant(name))
    value = stored_attribute(ev, base, name, kept(ev, value), state)
    ev.trace.stored.add((base.number, name))
    stored = stored_in(base, state)
    attributes = {**stored.attributes, name: value}
    state.set_contents(base.number, replace(stored, attributes=attributes))


def delete_attribute(ev: Evaluator, base: SymbolicValue, name: str, state: State) -> None:
    """``del base.name``; the class of an object that is made here may have another one."""
    stored, known = stored_in(base, state), ev.instances.get(base.number)
    is_new = ev.is_made_here(base.number) if known is None else known.is_new
    if not is_new or stored.open or name not in stored.attributes:
        store_attribute(ev, base, name, ev.unknown(imprecise=True), state)
        return
    note_change(ev, base, state, Constant(name))
    ev.trace.stored.add((base.number, name))
    left = {key: value for key, value in stored.attributes.items() if key != name}
    state.set_contents(base.number, replace(stored, attributes=left))


def store_item(ev: Evaluator, base: Value, key: Value, value: Value, state: State) -> None:
    """``base[key] = value``."""
    note_change(ev, base, state, key)
    if isinstance(base, SymbolicValue):
        value = stored_item(ev, base, key, value, state)
        stored = stored_in(base, state)
        items: dict[Any, Value] = (
            {**stored.items, key.value: value}
            if isinstance(key, Constant)
            else weakened(ev, base.number, stored.items, state)
        )
        state.set_contents(base.number, replace(stored, items=items))
        return
    if not isinstance(base, Reference):
        return
    contents = state.contents(base.number)
    if isinstance(contents, DictContents):
        if isinstance(key, Constant):
            contents = DictContents({**contents.entries, key.value: value}, contents.open)
        else:
            entries = weakened(ev, base.number, contents.entries, state)
            contents = DictContents(entries, open=True, unkeyed=(value,))
        state.set_contents(base.number, contents)
    elif isinstance(contents, SequenceContents):
        state.set_contents(base.number, with_item(contents, key, value))


def delete_item(ev: Evaluator, base: Value, key: Value, state: State) -> None:
    """``del base[key]``."""
    note_change(ev, base, state, key)
    contents = dict_contents(base, state)
    if contents is not None and isinstance(base, Reference):
        if isinstance(key, Constant):
            entries = {k: v for k, v in contents.entries.items() if k != key.value}
            state.set_contents(base.number, DictContents(entries, contents.open))
        else:
            state.set_contents(base.number, DictContents({}, open=True))
    elif isinstance(base, SymbolicValue):
        stored = stored_in(base, state)
        state.set_contents(base.number, replace(stored, items={}))
        forget_attributes_in(ev, base, state, key)
    elif isinstance(base, Reference):
        sequence = sequence_contents(base, state)
        state.set_contents(base.number, without_item(sequence, key))


def weakened(
    ev: Evaluator, number: int, entries: Mapping[Any, Value], state: State
) -> dict[Any, Value]:
    """What is known of an object's entries after unfollowed code may have changed them.

    Paths on which the same happens to the same object get the same unknown values.
    """
    count = state.next_count("weakened", number)
    return {
        key: ev.symbolic_value("weakened", number, count, key, imprecise=True)
        if isinstance(value, Constant)
        else value
        for key, value in entries.items()
    }


def escape(ev: Evaluator, value: Value, state: State) -> None:
    """Record that ``value`` is given to code that is not followed."""
    _escape(ev, value, state, set())


def _escape(ev: Evaluator, value: Value, state: State, seen: set[object]) -> None:
    match value:
        case Reference() | SymbolicValue():
            _escape_object(ev, value, state, seen)
        case TupleValue():
            _escape_parts(ev, value.items, state, seen)
        case FunctionValue():
            _escape_function(ev, value, state, seen)
        case BoundMethod():
            _escape(ev, value.receiver, state, seen)
            _escape_function(ev, value.function, state, seen)
        case BoundBuiltin():
            _escape(ev, value.receiver, state, seen)
        case ClassValue() if value.code in ev.classes.scopes:
            for method in methods_of_local_class(ev, value.code):
                _escape_function(ev, method, state, seen)
        case PartialValue():
            for part in (value.function, *value.arguments, *dict(value.keywords).values()):
                _escape(ev, part, state, seen)
        case _:
            pass


def methods_of_local_class(ev: Evaluator, code: ClassCode) -> list[FunctionValue]:
    """The methods of a class that a function has defined, which close over its variables."""
    scope = ev.classes.scopes.get(code)
    return [] if scope is None else [FunctionValue(one, scope) for one in code.methods.values()]


def closures_in(ev: Evaluator, value: Value) -> list[Value]:
    """The functions of the evaluated code that an unknown value was made with, and may call."""
    if not isinstance(value, SymbolicValue) or value.number not in ev.closing_over:
        return []
    operands = ev.operands.get(value.number, ())
    return [one for one in operands if isinstance(one, FunctionValue) and one.scope is not None]


def _escape_object(
    ev: Evaluator, value: Reference | SymbolicValue, state: State, seen: set[object]
) -> None:
    for part in closures_in(ev, value):
        _escape(ev, part, state, seen)
    contents = state.contents(value.number)
    if contents is None and isinstance(value, SymbolicValue) and value.instance_of is not None:
        contents = NOTHING_STORED
    if contents is None or value.number in seen:
        return
    seen.add(value.number)
    if isinstance(value, Reference):
        note_change(ev, value, state)
    match contents:
        case DictContents():
            _escape_parts(ev, contents.values, state, seen)
            weak = DictContents(weakened(ev, value.number, contents.entries, state), open=True)
            state.set_contents(value.number, weak)
        case SequenceContents():
            _escape_parts(ev, contents.items, state, seen)
            if isinstance(value, Reference) and contents.items and not contents.open:
                state.set_contents(value.number, SequenceContents(contents.items, open=True))
            else:
                state.set_contents(value.number, opened(contents))
        case Overrides():
            _escape_parts(ev, contained(contents), state, seen)
            state.set_contents(
                value.number,
                Overrides(
                    weakened(ev, value.number, contents.attributes, state),
                    weakened(ev, value.number, contents.items, state),
                    open=True,
                ),
            )


def _escape_parts(ev: Evaluator, parts: Sequence[Value], state: State, seen: set[object]) -> None:
    """Let the parts of a container escape; most are tensors or the like, which nothing changes."""
    held, closing = state.layer.bottom.holders, ev.closing_over
    read = None if state.log is None else state.log.reads
    for part in parts:
        if type(part) is SymbolicValue:
            number = part.number
            if (
                number not in held
                and number not in closing
                and part.instance_of is None
                and (read is None or ("contents", number) in read)
            ):
                continue
        elif type(part) is Constant:
            continue
        _escape(ev, part, state, seen)


def _escape_function(
    ev: Evaluator, function: FunctionValue, state: State, seen: set[object]
) -> None:
    """A function that escapes may be called, and change the variables it closes over."""
    code, scope = function.code, function.scope
    if (code, scope) in seen:
        return
    seen.add((code, scope))
    for _, default in function.defaults:
        _escape(ev, default, state, seen)
    while scope is not None:
        for name in code.names_read & scope.names:
            value = state.variable(scope, name)
            if value is None:
                continue
            if name in code.names_rebound_outside or type(value) is LazyItems:
                state.bind(scope, name, ev.unknown(imprecise=True))
            else:
                _escape(ev, value, state, seen)
        scope = scope.parent


def items_of(value: Value, state: State) -> tuple[Value, ...] | None:
    """The items of an iteration over ``value``, if known."""
    match value:
        case LazyItems():
            return value.now(state)
        case TupleValue():
            return value.items
        case Constant(value=str() as text) if len(text) <= bounds.MAX_CHARACTERS_ITERATED:
            return tuple(Constant(character) for character in text)
        case SpecValue():
            return tuple(value.fields.values())
        case Reference():
            entries = dict_contents(value, state)
            if entries is not None:
                return None if entries.open else tuple(map(Constant, entries.entries))
            contents = sequence_contents(value, state)
            return None if contents is None or contents.open else contents.items
        case _:
            return None


def with_entry(contents: DictContents, key: Value, value: Value) -> DictContents:
    """``contents`` with one more entry, whose key is assumed to be none of the unknown ones."""
    return with_entries(contents, [(key, value)])


def with_entries(contents: DictContents, pairs: Iterable[tuple[Value, Value]]) -> DictContents:
    """``contents`` with more entries, whose keys are assumed to be none of the unknown ones."""
    entries, unkeyed = dict(contents.entries), list(contents.unkeyed)
    for key, value in pairs:
        if isinstance(key, Constant):
            entries[key.value] = value
        else:
            unkeyed.append(value)
    is_open = contents.open or len(unkeyed) > len(contents.unkeyed)
    return DictContents(entries, is_open, tuple(unkeyed))


def updated(contents: DictContents, other: DictContents | None) -> DictContents:
    """``contents`` after ``update(other)``; None represents an unknown dict."""
    if other is None:
        return DictContents({}, open=True)
    kept = {} if other.open else contents.entries
    return DictContents({**kept, **other.entries}, contents.open or other.open)


def known_items(container: Value, state: State) -> tuple[tuple[Value, ...], bool]:
    """The known items of an iteration over ``container``, and whether there may be more."""
    if isinstance(container, TupleValue):
        return container.items, False
    if isinstance(container, Reference):
        contents = state.contents(container.number)
        if isinstance(contents, DictContents):
            return tuple(Constant(key) for key in contents.entries), contents.open
        if isinstance(contents, SequenceContents):
            return contents.items, contents.open
    if isinstance(container, SymbolicValue):
        stored = state.contents(container.number)
        if isinstance(stored, Overrides):
            return tuple(Constant(key) for key in stored.items), True
    return (), True
