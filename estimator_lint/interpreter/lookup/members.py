"""``x.name`` for instances of classes of the file, for these classes, and for ``super()``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.values.provenance import AttributeOf
from estimator_lint.domain.values.values import (
    NONE,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    FunctionValue,
    SuperValue,
    SymbolicValue,
    Value,
)
from estimator_lint.interpreter.classes.declared_fields import is_field
from estimator_lint.interpreter.classes.decorators import decorator_names, opaque_decorators
from estimator_lint.interpreter.classes.implicit_calls import UNKNOWN_ATTRIBUTE, note_implicit_call
from estimator_lint.interpreter.classes.method_resolution import (
    Elsewhere,
    has_metaclass,
    is_changed_when_made,
    look_up_member,
    method_resolution_order,
)
from estimator_lint.interpreter.lookup.initial_state import (
    initial_attribute,
    is_set_implicitly,
    is_stored,
    is_stored_in_class,
    left_over,
)
from estimator_lint.interpreter.lookup.instances import (
    by_class,
    class_of,
    derived,
    instance,
    is_template,
)
from estimator_lint.interpreter.lookup.names import class_level_value, defined_function
from estimator_lint.interpreter.objects import escape, store_attribute, stored_in
from estimator_lint.tensorflow_api.symbols import is_tensorflow, mode_keys

if TYPE_CHECKING:
    from collections.abc import Hashable

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator, Result
    from estimator_lint.project.code import ClassCode, FunctionCode

#: Decorators of what an assignment to the attribute calls.
_PROPERTY = frozenset({"deleter", "getter", "property", "setter"})
#: Methods of ``object`` whose effect evaluation knows.
_OF_OBJECT = frozenset({"__init__", "__setattr__"})


def attribute_of_instance(
    ev: Evaluator, receiver: SymbolicValue, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    """The results of reading an attribute that the path has not stored."""
    if name == "__class__":
        return [(class_of(ev, receiver), state)]
    if name == "__dict__":
        escape(ev, receiver, state)  # storing items there stores attributes
        return [(derived(ev, receiver, name), state)]

    def origin(code: ClassCode) -> Hashable:
        initialiser = look_up_member(ev, code, "__init__") if is_stored(ev, code, name) else None
        return look_up_member(ev, code, name), initialiser

    results: list[Result] = []
    for code, after in by_class(ev, receiver, state, origin):
        if (
            code is None
            or is_template(ev, receiver, code, name)
            or not isinstance(look_up_member(ev, code, "__getattribute__"), Elsewhere)
        ):
            results.append((derived(ev, receiver, name), after))
        elif is_stored(ev, code, "__class__"):
            results.append((_fixed(ev, receiver, name), after))
        else:
            results += _attribute_by_class(ev, receiver, code, name, node, after)
    return results


def _attribute_by_class(
    ev: Evaluator,
    receiver: SymbolicValue,
    code: ClassCode,
    name: str,
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """As ``attribute_of_instance``, for an instance of ``code`` itself."""
    is_new = instance(ev, receiver).is_new
    is_open = stored_in(receiver, state).open
    if not is_new:
        initial = initial_attribute(ev, receiver, code, name, is_open=is_open)
        if initial is not None:
            is_fixed = is_set_implicitly(ev, receiver, code, name)
            return [(_fixed(ev, receiver, name) if is_fixed else initial, state)]
    if is_field(ev, code, name):
        return [(_field(ev, receiver, code, name, is_open=is_open), state)]
    where = look_up_member(ev, code, name)
    if isinstance(where, Elsewhere):
        note_implicit_call(ev, receiver, UNKNOWN_ATTRIBUTE, state)
        if not is_new and is_set_implicitly(ev, receiver, code, name):
            return [(_fixed(ev, receiver, name), state)]
        return [(derived(ev, receiver, name), state)]
    if name in where.methods:
        method = where.getter(name)
        assert method is not None
        if is_replaced(ev, code, method, by_others=is_new):
            return [(_fixed(ev, receiver, name), state)]
        return _bound(ev, method, receiver, node, state)
    value = _class_level(ev, where, name)
    if isinstance(value, FunctionValue):
        return [(BoundMethod(value, receiver), state)]
    if value is not None and not _is_descriptor(ev, value):
        if value == NONE and not is_new:
            return [(left_over(ev, receiver, code, name, is_open=is_open), state)]
        if not is_open and not is_stored(ev, code, name, by_others=is_new):
            return [(value, state)]
        if is_new and isinstance(value, Constant):
            return [(_fixed(ev, receiver, name), state)]
    elif value is not None:
        escape(ev, receiver, state)  # its method, or the function it is made of, may change it
        if is_new:
            return [(_fixed(ev, receiver, name), state)]
    if is_changed_when_made(ev, code):
        return [(_fixed(ev, receiver, name), state)]
    return [(derived(ev, receiver, name), state)]


def _fixed(ev: Evaluator, base: SymbolicValue | ClassValue, name: str) -> SymbolicValue:
    """``base.name``, which the program fixes: a test of it may have one outcome only."""
    value = ev.symbolic_value("fixed attribute", ev.identity(base), name, imprecise=True)
    ev.origins[value.number] = AttributeOf(base, name)
    return value


def is_replaced(ev: Evaluator, code: ClassCode, method: FunctionCode, *, by_others: bool) -> bool:
    """Whether the file assigns something else to the name of a method.

    ``by_others`` leaves out the assignments of its own methods to ``self``.
    """
    if is_changed_when_made(ev, code):
        return True
    if "property" in decorator_names(method):  # an assignment through an instance calls its setter
        return is_stored_in_class(ev, code, method.name)
    return is_stored(ev, code, method.name, by_others=by_others)


def _field(
    ev: Evaluator, receiver: SymbolicValue, code: ClassCode, name: str, *, is_open: bool
) -> Value:
    """A field that the path has not stored: known if the creation of the object is."""
    known = instance(ev, receiver)
    given = None if known.is_new else known.initial.get(code, {}).get(name)
    if given is None or given == NONE or is_open or is_stored(ev, code, name):
        return derived(ev, receiver, name)
    return given


def _class_level(ev: Evaluator, where: ClassCode, name: str) -> Value | None:
    """What the body of a class assigns to ``name``, if the attribute has that very value.

    The metaclass of an external class may change it: that of an Enum, say.
    """
    if is_changed_when_made(ev, where):
        return None
    for ancestor in method_resolution_order(ev, where):
        if isinstance(ancestor, int):
            symbol = ev.symbol_of(ancestor)
            if symbol is None or not is_tensorflow(symbol):
                return None
    return class_level_value(ev, where, name)


def _is_descriptor(ev: Evaluator, value: Value, method: str = "__get__") -> bool:
    """Whether reading a class-level value through an instance may give something else.

    With another method, whether an assignment through an instance may call that.
    """
    if not isinstance(value, SymbolicValue):
        return False
    if value.instance_of is not None:
        return look_up_member(ev, value.instance_of, method) is not Elsewhere.NOWHERE
    made_by = value.result_of
    if made_by is None or made_by == "builtins.property" or is_tensorflow(made_by):
        return made_by == "builtins.property"
    made_of = ev.operands.get(value.number, ())
    return any(isinstance(one, FunctionValue) for one in made_of)  # as another property


def calls_code(ev: Evaluator, base: SymbolicValue, name: str, method: str) -> bool:
    """Whether an assignment to an attribute, or its deletion, may run code that stores something.

    ``method`` is ``__set__`` or ``__delete__``.
    """
    if base.instance_of is None:
        return False
    own = {"__set__": "__setattr__", "__delete__": "__delattr__"}[method]
    for code in instance(ev, base).classes:
        where = look_up_member(ev, code, name)
        if not isinstance(where, Elsewhere):
            if name in where.methods:
                if _PROPERTY & set(decorator_names(where.methods[name])):
                    return True
            else:
                value = class_level_value(ev, where, name)
                if value is not None and _is_descriptor(ev, value, method):
                    return True
        if any(
            not isinstance(look_up_member(ev, code, each), Elsewhere)
            for each in (own, "__getattribute__")
        ):
            return True
    return False


def _bound(
    ev: Evaluator,
    method: FunctionCode,
    receiver: SymbolicValue | ClassValue,
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The result of looking up a method in an instance, or through ``super()``."""
    decorators = decorator_names(method)
    function = _as_decorated(ev, method)
    if function is not None and function.code is not method:
        decorators += decorator_names(function.code)
    is_property = "property" in decorators or "cached_property" in decorators
    if function is None or method.does_nothing or "abstractmethod" in decorators:
        if is_property or function is None:
            escape(ev, receiver, state)  # reading it may run code
        return [(derived(ev, receiver, method.name), state)]
    if is_property:
        results = ev.call(BoundMethod(function, receiver), [], node, state)
        if "cached_property" in decorators and isinstance(receiver, SymbolicValue):
            for value, after in results:
                store_attribute(ev, receiver, method.name, value, after)
        return results
    if "staticmethod" in decorators:
        return [(function, state)]
    if "classmethod" in decorators and isinstance(receiver, SymbolicValue):
        return [(BoundMethod(function, class_of(ev, receiver)), state)]
    return [(BoundMethod(function, receiver), state)]


def _as_decorated(ev: Evaluator, method: FunctionCode) -> FunctionValue | None:
    """The function that a class has for a method; None if its decorators do not tell."""
    if method.is_nested:
        return None
    if not opaque_decorators(method):
        return FunctionValue(method, None)
    known = ev.classes.decorated
    if method not in known:
        known[method] = None  # during the look-up
        of_class = frozenset() if method.owner is None else method.owner.defined_names
        if of_class.isdisjoint(decorator_names(method)):
            made = defined_function(ev, method, None)
            known[method] = made if isinstance(made, FunctionValue) else None
    return known[method]


def attribute_of_class(
    ev: Evaluator, base: ClassValue, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    """The results of reading an attribute of a class of the file."""
    choices: list[tuple[ClassCode | None, State]] = [(base.code, state)]
    if base.of is not None:
        choices = by_class(ev, base.of, state, lambda code: look_up_member(ev, code, name))
    results: list[Result] = []
    for code, after in choices:
        found = None
        if code is not None and not (base.of is not None and is_template(ev, base.of, code, name)):
            found = _attribute_of_one_class(ev, base, code, name)
            if found is None and _is_set_by_program(ev, code, name):
                found = _fixed(ev, base, name)
        results.append((found or derived(ev, base, name), after))
    return results


def _is_set_by_program(ev: Evaluator, code: ClassCode, name: str) -> bool:
    """Whether code that runs when the file is imported may give a class an attribute."""
    return (
        is_changed_when_made(ev, code)
        or has_metaclass(ev, code)
        or code.module.index.stores_on_import(name)
    )


def _attribute_of_one_class(
    ev: Evaluator, base: ClassValue, code: ClassCode, name: str
) -> Value | None:
    where = look_up_member(ev, code, name)
    if where is Elsewhere.NOWHERE and name in _OF_OBJECT:
        return BuiltinValue(f"object.{name}")
    if isinstance(where, Elsewhere):
        return _from_library_base(ev, code, name)
    if name not in where.methods:
        value = _class_level(ev, where, name)
        # A None there is a default that subclasses, or others, replace.
        return None if value == NONE or is_stored(ev, code, name, by_others=True) else value
    method = where.methods[name]
    decorators = decorator_names(method)
    if (
        opaque_decorators(method)
        or method.is_nested
        or "property" in decorators
        or is_replaced(ev, code, method, by_others=True)
    ):
        return None
    function = FunctionValue(method, None)
    return BoundMethod(function, base) if "classmethod" in decorators else function


def _from_library_base(ev: Evaluator, code: ClassCode, name: str) -> Value | None:
    """An attribute that a class inherits from a library, as far as that is known."""
    for ancestor in method_resolution_order(ev, code):
        path = ev.symbol_of(ancestor) if isinstance(ancestor, int) else None
        keys = None if path is None else mode_keys(path)
        if keys is not None and name in keys:
            return Constant(keys[name].value, role="mode key")
    return None


def attribute_of_super(
    ev: Evaluator, base: SuperValue, name: str, node: cst.BaseExpression, state: State
) -> list[Result]:
    """The results of ``super().name``."""
    receiver = base.receiver
    of = receiver.of if isinstance(receiver, ClassValue) else receiver
    choices: list[tuple[ClassCode | None, State]] = [(None, state)]
    if isinstance(of, SymbolicValue) and of.instance_of is not None:
        choices = by_class(
            ev, of, state, lambda code: look_up_member(ev, code, name, behind=base.code)
        )
    elif isinstance(receiver, ClassValue):
        choices = [(receiver.code, state)]
    results: list[Result] = []
    for code, after in choices:
        where: ClassCode | Elsewhere = Elsewhere.BEYOND
        if code is not None:
            where = look_up_member(ev, code, name, behind=base.code)
        results += _inherited(ev, base, where, name, node, after)
    return results


def _inherited(
    ev: Evaluator,
    base: SuperValue,
    where: ClassCode | Elsewhere,
    name: str,
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The result of ``super().name`` that is found in the class ``where``."""
    receiver = base.receiver
    if where is Elsewhere.NOWHERE and name in _OF_OBJECT:
        return [(BuiltinValue(f"object.{name}"), state)]
    if not isinstance(where, Elsewhere) and name in where.methods:
        method = where.getter(name)
        if method is not None and isinstance(receiver, SymbolicValue | ClassValue):
            return _bound(ev, method, receiver, node, state)
    result = ev.derived("super", name, of=[receiver])
    ev.origins[result.number] = AttributeOf(receiver, name)
    return [(result, state)]


def special_method(
    ev: Evaluator, receiver: SymbolicValue, name: str, state: State
) -> list[tuple[FunctionCode | None, State]]:
    """The method that Python calls for an operation on an instance; None if unknown."""
    found: list[tuple[FunctionCode | None, State]] = []
    for code, after in by_class(ev, receiver, state, lambda code: look_up_member(ev, code, name)):
        where: ClassCode | Elsewhere = Elsewhere.BEYOND
        if code is not None and not is_template(ev, receiver, code, name):
            where = look_up_member(ev, code, name)
        method = None if isinstance(where, Elsewhere) else where.methods.get(name)
        if method is not None and (
            opaque_decorators(method)
            or method.is_nested
            or (code is not None and is_replaced(ev, code, method, by_others=True))
        ):
            method = None
        found.append((method, after))
    return found
