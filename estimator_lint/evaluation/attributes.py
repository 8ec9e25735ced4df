"""Attributes and subscripts: what ``x.name`` and ``x[key]`` are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.evaluation.evaluator import Evaluator, expression
from estimator_lint.evaluation.mode_tests import is_mode, note_key
from estimator_lint.evaluation.names import (
    decorator_names,
    dotted_value,
    evaluate_aside,
    module_attribute,
    module_level_code,
    opaque_decorators,
)
from estimator_lint.evaluation.objects import dict_contents, sequence_contents, stored_in
from estimator_lint.evaluation.origins import AttributeOf, ItemOf
from estimator_lint.evaluation.paths import Frame
from estimator_lint.evaluation.values import (
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    DictContents,
    FunctionValue,
    ModuleValue,
    Opaque,
    Reference,
    SpecValue,
    SuperValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.tensorflow_api.symbols import mode_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estimator_lint.evaluation.evaluator import Result
    from estimator_lint.evaluation.scopes import ClassCode, FunctionCode
    from estimator_lint.evaluation.state import State

_SPEC_METHODS = frozenset({"_replace", "_asdict", "as_estimator_spec"})


@expression(cst.Attribute)
def _attribute(ev: Evaluator, node: cst.Attribute, state: State) -> list[Result]:
    # A long chain of calls and attributes is deep on its left side only.
    return [
        result
        for base, after in ev.evaluate(node.value, state)
        for result in read_attribute(ev, base, node.attr.value, node, after)
    ]


def read_attribute(
    ev: Evaluator, base: Value, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    """The results of ``base.name``."""
    base = ev.resolve(base, state)
    if same_as_none(base):
        return ev.fails(state, "AttributeError")
    match base:
        case Opaque():
            return _attribute_of_opaque(ev, base, name, node, state)
        case Reference() | Constant() if _has_method(base, name):
            return [(BoundBuiltin(base, name), state)]
        case SpecValue():
            return [(_attribute_of_spec(ev, base, name), state)]
        case ClassValue():
            found = class_attribute(ev, base.code, name)
            if found is None:
                found = _from_library_base(ev, base.code, name, node) or _derived(ev, base, name)
            return [(found, state)]
        case ModuleValue():
            return [(module_attribute(ev, ev.frame.code.module, base, name), state)]
        case BuiltinValue(name="dict") if name == "fromkeys":
            return [(BuiltinValue("dict.fromkeys"), state)]
        case SuperValue():
            return _attribute_of_super(ev, base, name, node, state)
        case _:
            return [(_derived(ev, base, name), state)]


_CONTAINERS: dict[str, type] = {"dict": dict, "list": list, "set": set}


def _has_method(value: Reference | Constant, name: str) -> bool:
    kind = _CONTAINERS[value.kind] if isinstance(value, Reference) else type(value.value)
    return callable(getattr(kind, name, None))


def _derived(ev: Evaluator, base: Value, name: str) -> Opaque:
    result = ev.derived("attribute", name, of=[base])
    ev.origins[result.number] = AttributeOf(base, name)
    return result


def _attribute_of_opaque(
    ev: Evaluator, base: Opaque, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    stored = stored_in(base, state).attributes.get(name)
    if stored is not None:
        return [(stored, state)]
    if base.symbol is not None:
        return _attribute_of_symbol(ev, base.symbol, name, node, state)
    if base.instance_of is not None:
        return _attribute_of_instance(ev, base, base.instance_of, name, node, state)
    return [(_derived(ev, base, name), state)]


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


def _attribute_of_instance(
    ev: Evaluator,
    receiver: Opaque,
    code: ClassCode,
    name: str,
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    overridden = code.module.subclassed_methods.get(code.name, frozenset())
    if name not in overridden:
        method = find_method(ev, code, name)
        if method is not None:
            return bound(ev, method, receiver, node, state)
        if name not in code.module.source.attributes_stored:
            constant = class_attribute(ev, code, name)
            if constant is not None:
                return [(constant, state)]
    return [(_derived(ev, receiver, name), state)]


def _attribute_of_super(
    ev: Evaluator, base: SuperValue, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    receiver = base.receiver
    is_own = isinstance(receiver, Opaque) and receiver.instance_of is base.code
    for parent in bases(ev, base.code):
        if parent is None or not is_own or len(base.code.node.bases) > 1:
            break  # the next class in the order of resolution is not known
        method = find_method(ev, parent, name)
        if method is not None:
            return bound(ev, method, base.receiver, node, state)
    result = ev.derived("super", name, of=[base.receiver])
    ev.origins[result.number] = AttributeOf(base.receiver, name)
    return [(result, state)]


def bound(
    ev: Evaluator, method: FunctionCode, receiver: Value, node: cst.BaseExpression, state: State
) -> list[Result]:
    """What looking a method up in an instance gives."""
    from estimator_lint.evaluation.calls import call

    decorators = decorator_names(method)
    function = FunctionValue(method, None)
    if (
        is_nested(method)
        or opaque_decorators(method)
        or method.does_nothing
        or "abstractmethod" in decorators
    ):
        return [(_derived(ev, receiver, method.name), state)]
    if "property" in decorators or "cached_property" in decorators:
        return call(ev, BoundMethod(function, receiver), [], node, state)
    if "staticmethod" in decorators:
        return [(function, state)]
    return [(BoundMethod(function, receiver), state)]


def is_nested(method: FunctionCode) -> bool:
    """Whether the class of a method stands in a function, whose variables it closes over."""
    return method.owner is not None and method.owner.is_nested


def bases(ev: Evaluator, code: ClassCode) -> Iterator[ClassCode | None]:
    """The base classes of a class in the order of look-up; None for one of another project."""
    for argument in code.node.bases:
        value = None if argument.star else dotted_value(ev, code.module, argument.value)
        yield value.code if isinstance(value, ClassValue) else None


def find_method(
    ev: Evaluator, code: ClassCode, name: str, seen: tuple[ClassCode, ...] = ()
) -> FunctionCode | None:
    """The method of a class, inherited ones included, as far as the file tells."""
    if name in code.methods:
        return code.methods[name]
    for base in bases(ev, code):
        if base is None or base in seen:
            return None
        found = find_method(ev, base, name, (*seen, code))
        if found is not None:
            return found
    return None


def class_attribute(ev: Evaluator, code: ClassCode, name: str) -> Value | None:
    """What a class itself has under ``name``: a function or a constant."""
    method = find_method(ev, code, name)
    if method is not None:
        if opaque_decorators(method) or "property" in decorator_names(method):
            return None
        function = FunctionValue(method, None)
        if "classmethod" in decorator_names(method):
            return BoundMethod(function, ClassValue(code))
        return function
    found = code.bindings.get(name, [])
    if None in bases(ev, code):
        return None  # an Enum, say: its attributes are not what is assigned to them
    if len(found) == 1 and found[0].kind == "assign" and found[0].value is not None:
        frame = Frame(None, module_level_code(code.module, code.piece))
        return evaluate_aside(ev, frame, found[0].value)
    return None


def _from_library_base(
    ev: Evaluator, code: ClassCode, name: str, node: cst.BaseExpression
) -> Value | None:
    """An attribute that a class inherits from a library, as far as that is known."""
    for argument in code.node.bases:
        if isinstance(argument.value, cst.Name | cst.Attribute):
            value = dotted_value(ev, code.module, argument.value)
            path = value.symbol if isinstance(value, Opaque) else None
            keys = None if path is None else mode_keys(path)
            if keys is not None and name in keys:
                return Constant(keys[name].value, role="mode key")
    return None


@expression(cst.Subscript)
def _subscript(ev: Evaluator, node: cst.Subscript, state: State) -> list[Result]:
    return [
        result
        for base, before in ev.evaluate(node.value, state)
        for key, after in evaluate_key(ev, node, before)
        for result in read_item(ev, base, key, node, after)
    ]


def evaluate_key(ev: Evaluator, node: cst.Subscript, state: State) -> list[Result]:
    """What stands between the brackets; a slice is something unknown."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        index = node.slice[0].slice
        if not index.star:
            return ev.evaluate(index.value, state)
    parts: list[cst.BaseExpression] = []
    for element in node.slice:
        if isinstance(element.slice, cst.Index):
            parts.append(element.slice.value)
        elif isinstance(element.slice, cst.Slice):
            bounds = (element.slice.lower, element.slice.upper, element.slice.step)
            parts.extend(bound for bound in bounds if bound is not None)
    return [
        (ev.derived("slice", len(values), of=values, not_none=True), after)
        for values, after in ev.evaluate_all(parts, state)
    ]


def read_item(
    ev: Evaluator, base: Value, key: Value, node: cst.BaseExpression, state: State
) -> list[Result]:
    """The results of ``base[key]``; ``node`` is the whole expression."""
    base, key = ev.resolve(base, state), ev.resolve(key, state)
    if same_as_none(base):
        return ev.fails(state, "TypeError")
    entries = dict_contents(base, state)
    if entries is not None:
        return _item_of_dict(ev, base, entries, key, node, state)
    contents = sequence_contents(base, state)
    if isinstance(base, TupleValue):
        return _item_of_sequence(ev, base, base.items, key, state)
    if contents is not None and not contents.open:
        return _item_of_sequence(ev, base, contents.items, key, state)
    if isinstance(base, SpecValue):
        return _item_of_sequence(ev, base, tuple(base.fields.values()), key, state)
    if isinstance(base, Opaque) and isinstance(key, Constant):
        stored = stored_in(base, state).items.get(key.value)
        if stored is not None:
            return [(stored, state)]
    item = ev.derived("item", of=[base, key])
    ev.origins[item.number] = ItemOf(base, key)
    return [(item, state)]


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
