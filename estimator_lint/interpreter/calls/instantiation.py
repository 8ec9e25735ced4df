"""Calls of classes of the file, and of their instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import (
    NOTHING_STORED,
    Argument,
    BoundMethod,
    ClassValue,
    FunctionValue,
    SymbolicValue,
    Value,
)
from estimator_lint.interpreter.arguments import argument_mismatch, left_over, spread
from estimator_lint.interpreter.calls.library_calls import unknown_call
from estimator_lint.interpreter.calls.records import (
    as_named_tuple_class,
    dataclass_fields,
    fill,
    is_bare,
    make_named_tuple,
    metaclass_makes_them,
)
from estimator_lint.interpreter.classes.method_resolution import Elsewhere, look_up_member
from estimator_lint.interpreter.lookup.instances import by_class, made_instance
from estimator_lint.interpreter.lookup.members import special_method
from estimator_lint.interpreter.lookup.names import opaque_decorators
from estimator_lint.interpreter.objects import escape, store_attribute
from estimator_lint.project.code import ClassCode

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator, Result


def instantiate(
    ev: Evaluator,
    function: ClassValue,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """An instance of a class of the file, after its ``__init__``."""
    if isinstance(look_up_member(ev, function.code, "__new__"), ClassCode) or metaclass_makes_them(
        ev, function.code
    ):
        return [(unknown_call(ev, function, arguments, node, state), state)]
    named = as_named_tuple_class(ev, function.code)
    if named is not None:
        return make_named_tuple(ev, named, arguments, node, state)
    made = made_instance(ev, function, ev.allocate(node, state))
    state.set_contents(made.number, NOTHING_STORED)
    results: list[Result] = []
    for code, after in by_class(ev, made, state, lambda code: look_up_member(ev, code, "__init__")):
        where = Elsewhere.BEYOND if code is None else look_up_member(ev, code, "__init__")
        method = None if isinstance(where, Elsewhere) else where.methods.get("__init__")
        if method is not None and not method.is_nested and not opaque_decorators(method):
            initialise = BoundMethod(FunctionValue(method, None), made)
            results += [(made, then) for _, then in ev.call(initialise, arguments, node, after)]
            continue
        fields = None if code is None else dataclass_fields(ev, code)
        if fields is not None and where is Elsewhere.NOWHERE:
            results += _make_dataclass(ev, made, fields, arguments, node, after)
            continue
        if code is not None and where is Elsewhere.NOWHERE and is_bare(ev, code):
            results += _make_bare(ev, made, arguments, node, after)
            continue
        for argument in arguments:
            escape(ev, argument.value, after)
        if where is not Elsewhere.NOWHERE:
            escape(ev, made, after)
        results.append((made, after))
    return results


def _make_dataclass(
    ev: Evaluator,
    made: SymbolicValue,
    fields: dict[str, Value | None],
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of the ``__init__`` of a dataclass."""
    values = fill(ev, fields, spread(ev, arguments, state))
    if isinstance(values, str):
        assert made.instance_of is not None
        return argument_mismatch(ev, f"'{made.instance_of.name}'", values, node, state)
    for name, value in values.items():
        store_attribute(ev, made, name, value, state)
    results: list[Result] = []
    for method, after in special_method(ev, made, "__post_init__", state):
        if method is None:
            results.append((made, after))
        else:
            bound = BoundMethod(FunctionValue(method, None), made)
            results += [(made, then) for _, then in ev.call(bound, [], node, after)]
    return results


def _make_bare(
    ev: Evaluator,
    made: SymbolicValue,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of ``object.__init__``, which takes no arguments."""
    given = spread(ev, arguments, state)
    too_much = left_over(given.positional, given.keywords)
    if too_much:
        assert made.instance_of is not None
        return argument_mismatch(ev, f"'{made.instance_of.name}'", too_much, node, state)
    return [(made, state)]


def call_instance(
    ev: Evaluator,
    function: SymbolicValue,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of calling an instance of a class of the file."""
    results: list[Result] = []
    for method, after in special_method(ev, function, "__call__", state):
        if method is None:
            escape(ev, function, after)
            results.append((unknown_call(ev, function, arguments, node, after), after))
        else:
            bound = BoundMethod(FunctionValue(method, None), function)
            results += ev.call(bound, arguments, node, after)
    return results
