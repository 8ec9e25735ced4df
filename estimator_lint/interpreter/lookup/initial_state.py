"""The attributes of an object that was created before the model function is called.

What happened to it between its creation and the call is unknown. So an attribute that ``__init__``
stores counts only if nothing else in the file replaces it, and a constant counts only as not None,
because it is a setting.

None is different. A tensor in a spec belongs to the graph that the Estimator creates for this call,
so the value of an attribute from before the call cannot be a loss. If the attribute was None when
the object was created, and nothing in the call has set it, a spec treats it as None: it is *left
over*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.paths.state import Layer, State
from estimator_lint.domain.values.values import (
    NONE,
    Argument,
    BoundMethod,
    Constant,
    FunctionValue,
    SymbolicValue,
    Value,
)
from estimator_lint.interpreter.classes.decorators import opaque_decorators
from estimator_lint.interpreter.classes.isolation import settle
from estimator_lint.interpreter.classes.method_resolution import known_ancestors, look_up_member
from estimator_lint.interpreter.lookup.instances import derived, instance
from estimator_lint.interpreter.objects import stored_in
from estimator_lint.project.code import ClassCode
from estimator_lint.project.subclasses import subclasses

if TYPE_CHECKING:
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import FunctionCode
    from estimator_lint.syntax.attribute_stores import Store


def initial_attribute(
    ev: Evaluator, receiver: SymbolicValue, code: ClassCode, name: str, *, is_open: bool
) -> Value | None:
    """The attribute ``name`` of an object of the class ``code`` since its creation.

    None if its ``__init__`` stores nothing under that name. ``is_open`` means that code that is not
    followed may have changed it in this call.
    """
    stores = _stores(code, name, ev)
    for store in stores:
        if store.owner:
            break
    else:
        return None
    value = _initial_attributes(ev, receiver, code).get(name)
    if value is None:
        return None
    if value == NONE:
        return left_over(ev, receiver, code, name, is_open=is_open)
    if any(store.method != "__init__" for store in stores):
        return derived(ev, receiver, name)
    if isinstance(value, Constant) and value.role is None:
        return ev.derived("set at first", name, of=[receiver], not_none=not is_open)
    if isinstance(value, SymbolicValue) and not _tells_something(value):
        return derived(ev, receiver, name)
    return value


def _tells_something(value: SymbolicValue) -> bool:
    return not value.imprecise and bool(
        value.not_none or value.symbol or value.result_of or value.instance_of
    )


def left_over(
    ev: Evaluator, receiver: SymbolicValue, code: ClassCode, name: str, *, is_open: bool
) -> Value:
    """An attribute that was None at first, and that this call has not set."""
    stores = _stores(code, name, ev)
    family = [*known_ancestors(ev, code), *subclasses(code)]
    is_changed_elsewhere = (
        is_open
        or any(store.owner is None for store in stores)
        or any(each.module.index.shares_instances(each.name) for each in family)
    )
    # The file must show that something sets it; otherwise subclasses in other files do.
    is_used_here = code.module.index.calls(code.name) or any(not store.is_none for store in stores)
    if is_changed_elsewhere or not is_used_here:
        return derived(ev, receiver, name)
    value = ev.derived("left over", id(code), name, of=[receiver])
    ev.left_over.add(value.number)
    return value


def is_stored(ev: Evaluator, code: ClassCode, name: str, *, by_others: bool = False) -> bool:
    """Whether the file assigns to the attribute, of an instance of ``code`` or of what may be one.

    ``by_others`` leaves out the assignments of its own methods to ``self``.
    """
    stores = _stores(code, name, ev)
    return any(not store.owner for store in stores) if by_others else bool(stores)


def is_set_implicitly(ev: Evaluator, receiver: SymbolicValue, code: ClassCode, name: str) -> bool:
    """Whether an object of a module has an attribute that importing the file may set.

    Or that calls of the object count, say: those of a function that its class decorates.
    """
    stores = [store for store in _stores(code, name, ev) if store.method != "__init__"]
    return instance(ev, receiver).is_of_module and (
        (bool(stores) and code.module.index.stores_on_import(name))
        or any(store.owner and store.method.startswith("__") for store in stores)
    )


def is_stored_in_class(ev: Evaluator, code: ClassCode, name: str) -> bool:
    """Whether the file assigns to the attribute of a class that may be this one."""
    return any(store.on_class for store in _stores(code, name, ev))


def _stores(code: ClassCode, name: str, ev: Evaluator) -> tuple[Store, ...]:
    """The assignments to the attribute of an instance of ``code``, or of what may be one."""
    known = ev.stores
    if (code, name) not in known:
        known[code, name] = tuple(_find_stores(code, name, ev))
    return known[code, name]


def _find_stores(code: ClassCode, name: str, ev: Evaluator) -> Iterator[Store]:
    family = [*known_ancestors(ev, code), *subclasses(code)]
    names = {each.name for each in family}
    for module in dict.fromkeys(each.module for each in family):
        for store in module.index.stores(name):
            if store.owner is None or store.owner in names:
                yield store


def _initial_attributes(
    ev: Evaluator, receiver: SymbolicValue, code: ClassCode
) -> Mapping[str, Value]:
    """What ``__init__`` stores in an object for any arguments."""
    known = instance(ev, receiver).initial
    if code not in known:
        known[code] = {}  # during the look-up
        where = look_up_member(ev, code, "__init__")
        method = where.methods.get("__init__") if isinstance(where, ClassCode) else None
        if method is not None and not method.is_nested and not opaque_decorators(method):
            known[code] = _run_init(ev, receiver, code, method)
    return known[code]


def _run_init(
    ev: Evaluator, receiver: SymbolicValue, code: ClassCode, method: FunctionCode
) -> Mapping[str, Value]:
    arguments = [
        Argument(
            ev.symbolic_value("made with", receiver.number, parameter.name, not_none=bool(star)),
            keyword=parameter.name if parameter.kind == "keyword-only" else None,
            star=star,
        )
        for parameter in method.parameters[1:]
        for star in (parameter.kind if parameter.kind.startswith("*") else "",)
    ]
    with ev.aside(Frame(None, code.body)), ev.collecting_exits():
        results = ev.call(
            BoundMethod(FunctionValue(method, None), receiver),
            arguments,
            code.node.name,
            State(Layer(ev.bottom, {})),
        )
        paths = ev.partitioner.one([after for _, after in results])
    if not paths:
        return {}
    after = paths[0]
    attributes = stored_in(receiver, after).attributes
    settle(ev, after, but=receiver)
    return attributes
