"""Assignment: to names, attributes, subscripts and patterns of them; and ``del``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import ItemOf
from estimator_lint.domain.values.values import (
    UNBOUND,
    ClassValue,
    Constant,
    FunctionValue,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.facts.trace import UnboundRead
from estimator_lint.interpreter.changed_objects import note_assigned
from estimator_lint.interpreter.classes.implicit_calls import ITERATION, note_implicit_call
from estimator_lint.interpreter.classes.method_resolution import Elsewhere, look_up_member
from estimator_lint.interpreter.conditions.choices_of_mode import note_given, note_told_mode
from estimator_lint.interpreter.conditions.none_uses import none_use
from estimator_lint.interpreter.conditions.tensor_uses import passing
from estimator_lint.interpreter.conditions.told_lengths import integer, note_filled
from estimator_lint.interpreter.lookup.attributes import evaluate_key, write_attribute
from estimator_lint.interpreter.lookup.members import calls_code
from estimator_lint.interpreter.lookup.names import scope_of, unknown_global
from estimator_lint.interpreter.lookup.possibly_empty import (
    least_length,
    note_entry_taken,
    note_part_replaced,
    note_rest,
)
from estimator_lint.interpreter.objects import (
    delete_attribute,
    delete_item,
    escape,
    items_of,
    kept,
    new_sequence,
    store_item,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def assign(
    ev: Evaluator,
    target: cst.CSTNode,
    value: Value,
    state: State,
    source: cst.CSTNode | None = None,
) -> list[State]:
    """Assign ``value``, the value of ``source``; the states of the paths that continue."""
    if type(target) is cst.Name:
        value = kept(ev, value) if type(value) is TupleValue else value
        scope = scope_of(ev, target.value)
        if scope is not None:
            if scope is not ev.frame.scope and ev.loops and _reads(ev, target.value):
                # The loop, which does not name the variable, may run the function many times.
                value = ev.unknown(imprecise=True)
            state.bind(scope, target.value, value)
        else:
            unknown = unknown_global(ev, ev.frame.code.module, target.value)
            note_assigned(ev, unknown, state)
            note_given(ev, unknown, [value])
        return [state]
    match target:
        case cst.Attribute():
            return _assign_attribute(ev, target, kept(ev, value), state)
        case cst.Subscript():
            return _assign_item(ev, target, kept(ev, value), state)
        case cst.Tuple() | cst.List():
            return _unpack(ev, target, value, state, source or target)
        case cst.StarredElement():
            return assign(ev, target.value, value, state)
        case _:
            return [state]


def _reads(ev: Evaluator, name: str) -> bool:
    """Whether the function that is evaluated reads a variable."""
    code = ev.frame.code
    return name in code.module.effects(code.node.body).read


def _assign_attribute(
    ev: Evaluator, target: cst.Attribute, value: Value, state: State
) -> list[State]:
    states = []
    for base, after in ev.evaluate(target.value, [state]):
        base = ev.resolve(base, after)
        use = none_use(ev, base, target.value, "has an attribute assigned", after)
        if same_as_none(base) or _has_fixed(base, target.attr.value):
            states += ev.goes_wrong(after, "AttributeError", use)
            continue
        if isinstance(base, SymbolicValue) and calls_code(ev, base, target.attr.value, "__set__"):
            escape(ev, base, after)
            states.append(after)
            continue
        write_attribute(ev, base, target.attr.value, value, after)
        if isinstance(base, ClassValue):
            note_given(ev, base, [value])
        elif isinstance(base, SymbolicValue) and base.instance_of is None:
            note_told_mode(ev, base, [value])
        states.append(after)
    return states


def _has_fixed(base: Value, name: str) -> bool:
    """Whether assigning raises: to an attribute of a tuple, or to a field of a spec."""
    # The class of a spec has no `__slots__`: other attributes can be assigned.
    return isinstance(base, TupleValue) or (isinstance(base, SpecValue) and name in base.fields)


def _assign_item(ev: Evaluator, target: cst.Subscript, value: Value, state: State) -> list[State]:
    states = []
    bases = ev.push(ev.evaluate(target.value, [state]))
    for key, after in evaluate_key(ev, target, bases):
        base = ev.resolve(after.pop(), after)
        use = none_use(ev, base, target.value, "has an item assigned", after)
        if same_as_none(base) or isinstance(base, TupleValue | SpecValue | FunctionValue):
            states += ev.goes_wrong(after, "TypeError", use)
            continue
        if not passing(ev, base, target, "has an item assigned", after):
            continue
        if _calls_own_method(ev, base, "__setitem__"):
            escape(ev, value, after)
            escape(ev, base, after)
        else:
            store_item(ev, base, ev.resolve(key, after), value, after)
            if isinstance(key, SymbolicValue) and type(target.slice[0].slice) is cst.Slice:
                has_lower = target.slice[0].slice.lower is not None
                lower = ev.operands[key.number][0] if has_lower else None
                note_part_replaced(ev, base, lower, value, after)
        states.append(after)
    return states


def _calls_own_method(ev: Evaluator, base: Value, name: str) -> bool:
    """Whether an operation on an object calls a method of that name of a class of the project."""
    return (
        isinstance(base, SymbolicValue)
        and base.instance_of is not None
        and not isinstance(look_up_member(ev, base.instance_of, name), Elsewhere)
    )


def _unpack(
    ev: Evaluator,
    target: cst.Tuple | cst.List,
    value: Value,
    state: State,
    source: cst.CSTNode,
) -> list[State]:
    value = ev.resolve(value, state)
    note_implicit_call(ev, value, ITERATION, state)
    use = none_use(ev, value, source, "is unpacked", state)
    if same_as_none(value):
        return ev.goes_wrong(state, "TypeError", use)
    if not passing(ev, value, source, "is unpacked", state):
        return []
    elements = target.elements
    items = items_of(value, state)
    if items is None:
        if not all(type(element) is cst.StarredElement for element in elements):
            note_filled(ev, value, state)
        parts: Sequence[Value] = [
            _unpacked(ev, value, index, elements, state) for index in range(len(elements))
        ]
    else:
        fitting = _distributed(ev, elements, items, target, state)
        if fitting is None:
            what = _argument_mismatch(len(items), elements)
            argument_mismatch = ev.trace.note_argument_mismatch(ev.place(target), what, state)
            return ev.goes_wrong(state, "ValueError", argument_mismatch)
        parts = fitting
    ev.trace.fits.add(target)
    states = [state]
    for element, part in zip(elements, parts, strict=True):
        states = [after for before in states for after in assign(ev, element.value, part, before)]
    return states


def _unpacked(
    ev: Evaluator,
    value: Value,
    index: int,
    elements: Sequence[cst.BaseElement],
    state: State,
) -> Value:
    """One part of an unknown value."""
    part = ev.part("unpacked", index, len(elements), of=[value])
    if not any(type(element) is cst.StarredElement for element in elements):
        ev.origins[part.number] = ItemOf(value, Constant(index), len(elements))
    elif type(elements[index]) is cst.StarredElement:
        note_rest(ev, part, value, len(elements), state)
    return part


def _argument_mismatch(count: int, elements: Sequence[cst.BaseElement]) -> str:
    """The message for a number of values that differs from that of the targets."""
    starred = any(type(element) is cst.StarredElement for element in elements)
    targets = f"at least {len(elements) - 1}" if starred else str(len(elements))
    values = "1 value is" if count == 1 else f"{count} values are"
    return f"{values} unpacked into {targets} targets"


def _distributed(
    ev: Evaluator,
    elements: Sequence[cst.BaseElement],
    items: tuple[Value, ...],
    node: cst.CSTNode,
    state: State,
) -> list[Value] | None:
    """The value for each target; None if their number does not fit."""
    starred = [type(element) is cst.StarredElement for element in elements]
    if True not in starred:
        return list(items) if len(items) == len(elements) else None
    at = starred.index(True)
    taken = len(items) - (len(elements) - 1)
    if taken < 0:
        return None
    middle = SequenceContents(items[at : at + taken])
    rest = new_sequence(ev, node, middle, state, of_set=False)
    return [*items[:at], rest, *items[at + taken :]]


def delete(ev: Evaluator, target: cst.CSTNode, state: State) -> list[State]:
    """``del target``; the states of the paths that continue."""
    match target:
        case cst.Name(value=name):
            return _delete_name(ev, target, name, state)
        case cst.Attribute():
            return _delete_attribute(ev, target, state)
        case cst.Subscript():
            states = []
            bases = ev.push(ev.evaluate(target.value, [state]))
            for key, after in evaluate_key(ev, target, bases):
                base = ev.resolve(after.pop(), after)
                use = none_use(ev, base, target.value, "is subscripted", after)
                if same_as_none(base):
                    states += ev.goes_wrong(after, "TypeError", use)
                    continue
                if not passing(ev, base, target, "has an item deleted", after):
                    continue
                if _calls_own_method(ev, base, "__delitem__"):
                    escape(ev, base, after)
                else:
                    is_last = integer(key) is None or least_length(ev, base, after) < 2
                    delete_item(ev, base, ev.resolve(key, after), after)
                    if is_last:
                        note_entry_taken(ev, base, key, after)
                states.append(after)
            return states
        case cst.Tuple() | cst.List():
            states = [state]
            for element in target.elements:
                states = [after for s in states for after in delete(ev, element.value, s)]
            return states
        case _:
            return [state]


def _delete_name(ev: Evaluator, target: cst.Name, name: str, state: State) -> list[State]:
    scope = scope_of(ev, name)
    if scope is None:
        return [state]
    if state.variable(scope, name) is UNBOUND:
        read = UnboundRead(ev.place(target), name, state.doubts, passed=state.passed)
        ev.trace.unbound_reads.append(read)
        return ev.goes_wrong(state, "UnboundLocalError", read)
    ev.trace.bound_reads.add(target)
    state.bind(scope, name, UNBOUND)
    return [state]


def _delete_attribute(ev: Evaluator, target: cst.Attribute, state: State) -> list[State]:
    states = []
    for base, after in ev.evaluate(target.value, [state]):
        base = ev.resolve(base, after)
        if isinstance(base, SymbolicValue):
            if calls_code(ev, base, target.attr.value, "__delete__"):
                escape(ev, base, after)
            else:
                delete_attribute(ev, base, target.attr.value, after)
        states.append(after)
    return states
