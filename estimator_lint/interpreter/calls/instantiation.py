"""Calls of classes of the file, and of their instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import (
    NOTHING_STORED,
    TRUE,
    Argument,
    ClassValue,
    FunctionValue,
    SymbolicValue,
    Value,
)
from estimator_lint.interpreter.arguments import argument_mismatch, left_over, spread
from estimator_lint.interpreter.calls.followed_calls import CallOnPath
from estimator_lint.interpreter.calls.layer_classes import (
    builds_itself,
    is_layer_class,
    passed_by_keras,
)
from estimator_lint.interpreter.calls.library_calls import unknown_call
from estimator_lint.interpreter.calls.records import (
    as_named_tuple_class,
    dataclass_fields,
    fill,
    is_bare,
    make_named_tuple,
    metaclass_makes_them,
)
from estimator_lint.interpreter.classes.decorators import opaque_decorators
from estimator_lint.interpreter.classes.method_resolution import Elsewhere, look_up_member
from estimator_lint.interpreter.conditions.choices_of_mode import note_given
from estimator_lint.interpreter.lookup.instances import by_class, instance, made_instance
from estimator_lint.interpreter.lookup.members import special_method
from estimator_lint.interpreter.objects import escape, methods_of_local_class, store_attribute
from estimator_lint.project.code import ClassCode

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator, Result
    from estimator_lint.project.code import FunctionCode


def instantiate(
    ev: Evaluator,
    function: ClassValue,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> tuple[list[Result], list[CallOnPath]]:
    """An instance of a class of the file.

    Returns what is known at once, and the calls that are left to follow: of ``__init__``, say.
    """
    if isinstance(look_up_member(ev, function.code, "__new__"), ClassCode) or metaclass_makes_them(
        ev, function.code
    ):
        return [(unknown_call(ev, function, arguments, node, state), state)], []
    named = as_named_tuple_class(ev, function.code)
    if named is not None:
        return make_named_tuple(ev, named, arguments, node, state), []
    made = made_instance(ev, function, ev.allocate(node, state))
    given = [argument.value for argument in arguments]
    ev.note_operands(made.number, [*given, *methods_of_local_class(ev, function.code)])
    note_given(ev, made, given)
    state.set_contents(made.number, NOTHING_STORED)
    results: list[Result] = []
    calls: list[CallOnPath] = []
    for code, after in by_class(ev, made, state, lambda code: look_up_member(ev, code, "__init__")):
        where = Elsewhere.BEYOND if code is None else look_up_member(ev, code, "__init__")
        method = None if isinstance(where, Elsewhere) else where.methods.get("__init__")
        if method is not None and not method.is_nested and not opaque_decorators(method):
            calls.append(_method_call(method, made, arguments, after, gives=made))
            continue
        fields = None if code is None else dataclass_fields(ev, code)
        if fields is not None and where is Elsewhere.NOWHERE:
            at_once, post_init = _make_dataclass(ev, made, fields, arguments, node, after)
            results += at_once
            calls += post_init
            continue
        if code is not None and where is Elsewhere.NOWHERE and is_bare(ev, code):
            results += _make_bare(ev, made, arguments, node, after)
            continue
        for argument in arguments:
            escape(ev, argument.value, after)
        if where is not Elsewhere.NOWHERE:
            escape(ev, made, after)
        results.append((made, after))
    return results, calls


def _method_call(
    method: FunctionCode,
    receiver: SymbolicValue,
    arguments: Sequence[Argument],
    state: State,
    *,
    gives: Value | None = None,
) -> CallOnPath:
    given = [Argument(receiver), *arguments]
    return CallOnPath(FunctionValue(method, None), given, state, gives)


def _make_dataclass(
    ev: Evaluator,
    made: SymbolicValue,
    fields: dict[str, Value | None],
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> tuple[list[Result], list[CallOnPath]]:
    """The same for what the ``__init__`` of a dataclass does."""
    values = fill(ev, fields, spread(ev, arguments, state))
    if isinstance(values, str):
        assert made.instance_of is not None
        return argument_mismatch(ev, f"'{made.instance_of.name}'", values, node, state), []
    for name, value in values.items():
        store_attribute(ev, made, name, value, state)
    results: list[Result] = []
    calls: list[CallOnPath] = []
    for method, after in special_method(ev, made, "__post_init__", state):
        if method is None:
            results.append((made, after))
        else:
            calls.append(_method_call(method, made, [], after, gives=made))
    return results, calls


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
) -> tuple[list[Result], list[CallOnPath]]:
    """The same for a call of an instance of a class of the file."""
    results: list[Result] = []
    calls: list[CallOnPath] = []
    for method, after in special_method(ev, function, "__call__", state):
        if method is not None:
            calls.append(_method_call(method, function, arguments, after))
            continue
        for applied, then in _methods_of_layer(ev, function, after):
            if applied is None:
                escape(ev, function, then)
                results.append((unknown_call(ev, function, arguments, node, then), then))
            else:
                given = passed_by_keras(ev, function, applied, arguments, then)
                store_attribute(ev, function, "built", TRUE, then)
                method_call = CallOnPath(FunctionValue(applied, None), given, then, by_keras=True)
                calls.append(method_call)
    return results, calls


def _methods_of_layer(
    ev: Evaluator, receiver: SymbolicValue, state: State
) -> list[tuple[FunctionCode | None, State]]:
    """The method ``call`` that Keras calls where an object is called; None if unknown."""
    classes = instance(ev, receiver).classes
    if all(is_layer_class(ev, code) and not builds_itself(ev, code) for code in classes):
        return special_method(ev, receiver, "call", state)
    return [(None, state)]
