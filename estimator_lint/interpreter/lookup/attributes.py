"""Attributes and subscripts: what ``x.name`` and ``x[key]`` are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.lazy_items import RangeItems
from estimator_lint.domain.values.provenance import ItemOf
from estimator_lint.domain.values.values import (
    NONE,
    BoundBuiltin,
    BuiltinValue,
    ClassValue,
    Constant,
    DictContents,
    FunctionValue,
    ModuleValue,
    Reference,
    SequenceContents,
    SuperValue,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.facts.trace import MissingInputItem, MissingParam
from estimator_lint.interpreter.changed_objects import note_assigned, note_change
from estimator_lint.interpreter.classes.decorators import decorator_names
from estimator_lint.interpreter.classes.implicit_calls import ITEM, note_implicit_call
from estimator_lint.interpreter.conditions.mode_tests import is_mode, note_key
from estimator_lint.interpreter.conditions.none_uses import none_use, operand_of
from estimator_lint.interpreter.conditions.passed_params import (
    inputs_without_key,
    lacks_attribute,
    lacks_key,
)
from estimator_lint.interpreter.conditions.tensor_uses import attribute_of_array, fails_for_tensor
from estimator_lint.interpreter.conditions.told_lengths import note_filled
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import expression
from estimator_lint.interpreter.lookup.instances import derived
from estimator_lint.interpreter.lookup.members import (
    attribute_of_class,
    attribute_of_instance,
    attribute_of_super,
)
from estimator_lint.interpreter.lookup.names import module_attribute, scope_of, unknown_in_module
from estimator_lint.interpreter.lookup.possibly_empty import note_slice
from estimator_lint.interpreter.objects import (
    dict_contents,
    escape,
    new_sequence,
    sequence_contents,
    store_attribute,
    stored_in,
)
from estimator_lint.interpreter.specs.type_inference import is_op_of_tensor
from estimator_lint.tensorflow_api.symbols import mode_keys
from estimator_lint.tensorflow_api.value_types import Kind, holds_tensors, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Result

_NAMED_TUPLE_METHODS = frozenset({"_replace", "_asdict"})
_SPEC_METHODS = frozenset({"_replace", "_asdict", "as_estimator_spec"})


@expression(cst.Attribute)
def _attribute(ev: Evaluator, node: cst.Attribute, states: list[State]) -> list[Result]:
    # A long chain of calls and attributes is nested on its left side only.
    return [
        result
        for base, after in ev.evaluate(node.value, states)
        for result in read_attribute(ev, base, node.attr.value, node, after)
    ]


def read_attribute(
    ev: Evaluator, base: Value, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    """The results of ``base.name``."""
    base = ev.resolve(base, state)
    if not hasattr(None, name):
        use = none_use(ev, base, operand_of(node), f"has no attribute '{name}'", state)
        if same_as_none(base):
            return ev.fails(state, "AttributeError", use)
    missing = attribute_of_array(ev, base, name, node, state)
    if missing is not None:
        return missing
    match base:
        case SymbolicValue():
            return _attribute_of_symbolic_value(ev, base, name, node, state)
        case Reference() | Constant() if _has_method(base, name):
            return [(BoundBuiltin(base, name), state)]
        case Constant() if not hasattr(base.value, name):
            return [(ev.unknown(imprecise=True), state)]
        case TupleValue() if name in base.names:
            return [(base.items[base.names.index(name)], state)]
        case TupleValue() if base.names and name in _NAMED_TUPLE_METHODS:
            return [(BoundBuiltin(base, name), state)]
        case SpecValue():
            return [(_attribute_of_spec(ev, base, name), state)]
        case ClassValue():
            return attribute_of_class(ev, base, name, node, state)
        case ModuleValue():
            return [(module_attribute(ev, ev.frame.code.module, base, name), state)]
        case BuiltinValue(name="dict") if name == "fromkeys":
            return [(BuiltinValue("dict.fromkeys"), state)]
        case BuiltinValue(name="object") if name in ("__init__", "__setattr__"):
            return [(BuiltinValue(f"object.{name}"), state)]
        case SuperValue():
            return attribute_of_super(ev, base, name, node, state)
        case FunctionValue() if name == "__name__" and _keeps_name(base):
            return [(Constant(base.code.name), state)]
        case _:
            return [(derived(ev, base, name), state)]


def _keeps_name(function: FunctionValue) -> bool:
    """Whether a function is called as it is defined: nothing gives it another name."""
    index = function.code.module.index
    return (
        "wraps" not in decorator_names(function.code)
        and not index.stores_attribute("__name__")
        and not index.mentions("update_wrapper")
    )


def write_attribute(ev: Evaluator, base: Value, name: str, value: Value, state: State) -> None:
    """``base.name = value``, as far as it is followed."""
    match base:
        case SymbolicValue():
            store_attribute(ev, base, name, value, state)
        case ClassValue():
            note_change(ev, base, state, Constant(name))
            note_assigned(ev, derived(ev, base, name), state)
        case ModuleValue():
            note_change(ev, base, state, Constant(name))
            note_assigned(ev, unknown_in_module(ev, base, name), state)


_CONTAINERS: dict[str, type] = {"dict": dict, "list": list, "set": set}


def _has_method(value: Reference | Constant, name: str) -> bool:
    kind = _CONTAINERS[value.kind] if isinstance(value, Reference) else type(value.value)
    return callable(getattr(kind, name, None))


def _attribute_of_symbolic_value(
    ev: Evaluator, base: SymbolicValue, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    stored = stored_in(base, state).attributes.get(name)
    if stored is not None:
        return [(stored, state)]
    if base.symbol is not None:
        return _attribute_of_symbol(ev, base.symbol, name, node, state)
    if base.instance_of is not None:
        return attribute_of_instance(ev, base, name, node, state)
    if name == "__dict__":
        escape(ev, base, state)  # storing items there stores attributes
    if lacks_attribute(ev, base, name):
        missing = MissingParam(
            ev.place(node), name, state.doubts, is_attribute=True, passed=state.passed
        )
        ev.trace.missing_params.append(missing)
        return ev.fails(state, "AttributeError", missing)
    value = derived(ev, base, name, tensor=is_op_of_tensor(ev, base, name))
    if not base.tensor and _is_set_on_import(ev, node):
        ev.fixed_names.add(value.number)
    return [(value, state)]


def _is_set_on_import(ev: Evaluator, node: cst.BaseExpression) -> bool:
    """Whether importing the file assigns to an attribute of a global variable."""
    match node:
        case cst.Attribute(value=cst.Name(value=base), attr=cst.Name(value=name)):
            return scope_of(ev, base) is None and ev.frame.code.module.index.changes_on_import(
                f"{base}.{name}"
            )
    return False


def _attribute_of_symbol(
    ev: Evaluator, path: str, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    keys = mode_keys(path)
    if keys is None or name.startswith("_"):
        return [(ev.symbol(f"{path}.{name}"), state)]
    if name in keys:
        return [(Constant(keys[name].value, role="mode key"), state)]
    ev.trace.note_unknown_key(ev.place(node), f"ModeKeys.{name}", state.doubts, state.passed)
    ev.went_wrong = True
    return ev.fails(state, "AttributeError")


def _attribute_of_spec(ev: Evaluator, spec: SpecValue, name: str) -> Value:
    if name in _SPEC_METHODS:
        return BoundBuiltin(spec, name)
    value = spec.fields.get(name)
    if value is None:
        return ev.unknown()
    if same_as_none(value) and name in spec.spec_class.empty_when_none:
        return ev.unknown(not_none=True)
    return value


@expression(cst.Subscript)
def _subscript(ev: Evaluator, node: cst.Subscript, states: list[State]) -> list[Result]:
    bases = ev.push(ev.evaluate(node.value, states))
    if len(node.slice) == 1 and type(node.slice[0].slice) is cst.Slice:
        return _sliced(ev, node, node.slice[0].slice, bases)
    return [
        result
        for key, after in evaluate_key(ev, node, bases)
        for result in read_item(ev, after.pop(), key, node, after)
    ]


def _sliced(
    ev: Evaluator, node: cst.Subscript, key: cst.Slice, states: list[State]
) -> list[Result]:
    """The results of ``base[lower:upper:step]``; the paths have the base as an operand."""
    parts = (key.lower, key.upper, key.step)
    present = [part for part in parts if part is not None]
    results: list[Result] = []
    for values, after in ev.evaluate_all(present, states):
        base, remaining = after.pop(), iter(values)
        limits = [NONE if part is None else ev.resolve(next(remaining), after) for part in parts]
        found = _slice_of(ev, ev.resolve(base, after), limits, node, after)
        if found is not None:
            results.append((found, after))
            continue
        present_at = tuple(part is not None for part in parts)
        unknown = ev.derived("slice", present_at, of=values, not_none=True)
        for part, onward in read_item(ev, base, unknown, node, after):
            note_slice(ev, part, base, limits, onward)
            results.append((part, onward))
    return results


def _slice_of(
    ev: Evaluator, base: Value, limits: list[Value], node: cst.Subscript, state: State
) -> Value | None:
    """A part of a sequence, if that and the limits are known."""
    known = [limit.value for limit in limits if isinstance(limit, Constant)]
    numbers = [one for one in known if one is None or isinstance(one, int)]
    if len(numbers) < len(limits) or numbers[2] == 0:
        return None
    of = slice(*numbers)
    contents = sequence_contents(base, state)
    if contents is not None and not contents.open:
        part = SequenceContents(contents.items[of])
        return new_sequence(ev, node, part, state, of_set=False)
    match base:
        case Constant(value=str() as text):
            return Constant(text[of])
        case TupleValue(items=items) if type(base) in (TupleValue, RangeItems):
            return replace(base, items=items[of], names=())
    return None


def evaluate_key(ev: Evaluator, node: cst.Subscript, states: list[State]) -> list[Result]:
    """The key between the brackets; a slice is an unknown value."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        index = node.slice[0].slice
        if not index.star:
            return ev.evaluate(index.value, states)
    parts: list[cst.BaseExpression] = []
    form: list[tuple[bool, ...]] = []
    for element in node.slice:
        if isinstance(element.slice, cst.Index):
            form.append(())
            parts.append(element.slice.value)
        elif isinstance(element.slice, cst.Slice):
            bounds = (element.slice.lower, element.slice.upper, element.slice.step)
            form.append(tuple(bound is not None for bound in bounds))
            parts.extend(bound for bound in bounds if bound is not None)
    return [
        (ev.derived("slice", tuple(form), of=values, not_none=True), after)
        for values, after in ev.evaluate_all(parts, states)
    ]


def read_item(
    ev: Evaluator, base: Value, key: Value, node: cst.BaseExpression, state: State
) -> list[Result]:
    """The results of ``base[key]``; ``node`` is the whole expression."""
    is_tested = not isinstance(key, Constant)  # it may be one of the keys that there are
    base, key = ev.resolve(base, state), ev.resolve(key, state)
    note_implicit_call(ev, base, ITEM, state)
    use = none_use(ev, base, operand_of(node), "is subscripted", state)
    if same_as_none(base):
        return ev.fails(state, "TypeError", use)
    entries = dict_contents(base, state)
    if entries is not None:
        return _item_of_dict(ev, base, entries, key, node, state)
    contents = sequence_contents(base, state)
    if contents is not None or isinstance(base, TupleValue):
        failed = fails_for_tensor(ev, key, node, "is used as a list or tuple index", state)
        if failed is not None:
            return failed
    if isinstance(base, TupleValue):
        return _item_of_sequence(ev, base, base.items, key, state)
    if contents is not None and not contents.open:
        return _item_of_sequence(ev, base, contents.items, key, state)
    if isinstance(base, SpecValue):
        return _item_of_sequence(ev, base, tuple(base.fields.values()), key, state)
    if isinstance(base, SymbolicValue) and isinstance(key, Constant):
        stored = stored_in(base, state).items.get(key.value)
        if stored is not None:
            return [(stored, state)]
        if not is_tested and lacks_key(ev, base, key, state):
            missing = MissingParam(
                ev.place(node), str(key.value), state.doubts, passed=state.passed
            )
            ev.trace.missing_params.append(missing)
            return ev.fails(state, "KeyError", missing)
        ways = [] if is_tested else inputs_without_key(ev, base, key, state)
        if ways:
            name = "features" if base.number == ev.trace.features else ev.trace.labels_name
            lacking = MissingInputItem(
                *(ev.place(node), name, str(key.value), state.doubts),
                for_serving=all(way.for_serving for way in ways),
                passed=state.passed,
            )
            ev.trace.missing_items.append(lacking)
            return ev.fails(state, "KeyError", lacking)
    if isinstance(key, Constant) and isinstance(key.value, int):
        note_filled(ev, base, state)  # otherwise, that raises
    item = _item_of_tensor(ev, base, key) or ev.part("item", of=[base, key])
    ev.origins[item.number] = ItemOf(base, key)
    return [(item, state)]


def _item_of_tensor(ev: Evaluator, base: Value, key: Value) -> SymbolicValue | None:
    """A part of a tensor, or an item of what a function of TensorFlow returns."""
    if not isinstance(base, SymbolicValue) or base.of_input:
        return None
    is_index = isinstance(key, Constant) and isinstance(key.value, int)
    kind = Kind.TENSOR if base.tensor else None
    if base.result_of is not None:
        kind = kind_of_result(base.result_of)
        if is_index and holds_tensors(base.result_of):
            kind = Kind.TENSOR
    if kind is Kind.TENSOR:
        return ev.derived("item", of=[base, key], tensor=True)
    return ev.derived("item", of=[base, key], not_none=True) if kind is Kind.TUPLE else None


def note_lookup(
    ev: Evaluator, entries: DictContents, key: Value, node: cst.CSTNode, state: State
) -> None:
    """Record that ``mode`` was looked up among the keys of a dict."""
    if is_mode(key):
        for candidate in entries.entries:
            if isinstance(node, cst.BaseExpression):
                note_key(ev, Constant(candidate), node, state)


def _item_of_dict(
    ev: Evaluator,
    base: Value,
    entries: DictContents,
    key: Value,
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    note_lookup(ev, entries, key, node, state)
    if isinstance(key, Constant):
        found = entries.entries.get(key.value)
        if found is not None:
            return [(found, state)]
        if not entries.open:
            return ev.fails(state, "KeyError")
    return [(ev.derived("item", of=[base, key, *entries.entries.values()]), state)]


def _item_of_sequence(
    ev: Evaluator, base: Value, items: tuple[Value, ...], key: Value, state: State
) -> list[Result]:
    if isinstance(key, Constant) and isinstance(key.value, int):
        if -len(items) <= key.value < len(items):
            return [(items[key.value], state)]
        return ev.fails(state, "IndexError")
    return [(ev.derived("item", of=[base, key, *items]), state)]
