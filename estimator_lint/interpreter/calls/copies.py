"""``copy.copy`` and ``copy.deepcopy``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from estimator_lint.domain.values.values import (
    DictContents,
    Overrides,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.classes.implicit_calls import is_made_here
from estimator_lint.interpreter.classes.method_resolution import Elsewhere, look_up_member
from estimator_lint.interpreter.lookup.possibly_empty import note_made_of
from estimator_lint.interpreter.objects import escape, stored_in
from estimator_lint.interpreter.several_objects import note_copied

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import ClassCode

#: Methods by which a class says how its instances are copied.
_COPYING: Final = (
    *("__copy__", "__deepcopy__", "__getstate__", "__setstate__"),
    *("__reduce__", "__reduce_ex__", "__getnewargs__", "__getnewargs_ex__"),
)


def copied(ev: Evaluator, node: cst.CSTNode, value: Value, state: State, *, deep: bool) -> Value:
    """The result of ``copy.copy`` or, with ``deep``, ``copy.deepcopy``.

    What the evaluated code has not made counts as equal to its copy.
    """
    return _copied(ev, node, value, state, deep, {})


def _copied(
    ev: Evaluator,
    node: cst.CSTNode,
    value: Value,
    state: State,
    deep: bool,
    made: dict[int, Value],
) -> Value:
    def part(inner: Value) -> Value:
        return _copied(ev, node, inner, state, deep, made) if deep else inner

    match value:
        case TupleValue(items=items, names=names):
            return TupleValue(tuple(map(part, items)), names)
        case Reference(number=number):
            contents = state.contents(number)
            if number in made or contents is None:
                return made.get(number, value)
            container = Reference(ev.allocate(node, state, value.kind), value.kind)
            made[number] = container
            if isinstance(contents, DictContents):
                entries = {key: part(entry) for key, entry in contents.entries.items()}
                unkeyed = tuple(map(part, contents.unkeyed))
                contents = DictContents(entries, contents.open, unkeyed)
            elif isinstance(contents, SequenceContents):
                contents = replace(contents, items=tuple(map(part, contents.items)))
            state.set_contents(container.number, contents)
            note_made_of(ev, container, [value], state)
            return container
        case SymbolicValue(instance_of=code) if code is not None and is_made_here(ev, value):
            if value.number in made:
                return made[value.number]
            kept = stored_in(value, state)
            if _says_how(ev, code):
                escape(ev, value, state)
                return ev.unknown(not_none=True)
            copy = _instance_like(ev, value, ev.allocate(node, state))
            made[value.number] = copy
            attributes = {name: part(attribute) for name, attribute in kept.attributes.items()}
            by_key = {key: part(item) for key, item in kept.items.items()}
            state.set_contents(copy.number, Overrides(attributes, by_key, kept.open))
            return copy
        case SymbolicValue(symbol=None, tensor=False):
            note_copied(value, state)
            return value
        case _:
            return value


def _says_how(ev: Evaluator, code: ClassCode) -> bool:
    """Whether a class of the project says how its instances are copied."""
    return any(not isinstance(look_up_member(ev, code, name), Elsewhere) for name in _COPYING)


def _instance_like(ev: Evaluator, value: SymbolicValue, number: int) -> SymbolicValue:
    """Another instance of the class of ``value``; ``number`` identifies it."""
    copy = ev.symbolic_value(
        *("instance", id(value.instance_of), number),
        not_none=True,
        instance_of=value.instance_of,
    )
    ev.instances[copy.number] = replace(ev.instances[value.number])
    ev.operands[copy.number] = ev.operands.get(value.number, ())
    ev.note_made_here(copy.number)
    return copy
