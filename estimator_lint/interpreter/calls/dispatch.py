"""Calls of functions, methods and classes of the file, of libraries, and of unknown values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.values.values import (
    UNBOUND,
    Argument,
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    FunctionValue,
    NamedTupleClass,
    PartialValue,
    SuperValue,
    SymbolicValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.calls.builtin_containers import local_variables
from estimator_lint.interpreter.calls.builtin_functions import call_builtin
from estimator_lint.interpreter.calls.builtin_methods import call_method
from estimator_lint.interpreter.calls.dataset_elements import value_of_input
from estimator_lint.interpreter.calls.followed_calls import CallOnPath, follow
from estimator_lint.interpreter.calls.functions_called_back import call_callbacks
from estimator_lint.interpreter.calls.generator_readers import note_readers
from estimator_lint.interpreter.calls.instantiation import call_instance, instantiate
from estimator_lint.interpreter.calls.library_calls import (
    EXITS,
    call_library,
    library_path,
    metric_pair,
    none_to_object,
    unknown_call,
)
from estimator_lint.interpreter.calls.records import make_named_tuple
from estimator_lint.interpreter.conditions.none_uses import none_use, operand_of, spread_none
from estimator_lint.interpreter.conditions.passed_params import known_result_of_get
from estimator_lint.interpreter.conditions.tensor_uses import array_method_of_input, spread_tensor
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import expression
from estimator_lint.interpreter.lookup.names import scope_of
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Result


@expression(cst.Call)
def _call(ev: Evaluator, node: cst.Call, states: list[State]) -> list[Result]:
    if not node.args and isinstance(node.func, cst.Name) and scope_of(ev, node.func.value) is None:
        special = _special_call(ev, node.func.value, node, states)
        if special is not None:
            return special
    results: list[Result] = []
    followed: list[CallOnPath] = []
    called = ev.push(ev.evaluate(node.func, states))
    note_readers(ev, node, called)
    for values, after in ev.evaluate_all([arg.value for arg in node.args], called):
        function = after.pop()
        arguments = [
            Argument(value, arg.keyword.value if arg.keyword else None, arg.star, arg)
            for value, arg in zip(values, node.args, strict=True)
        ]
        spread_out = [(arg.value, arg.node or node, arg.star) for arg in arguments if arg.star]
        failed = spread_none(ev, spread_out, after)
        if failed is None:
            failed = spread_tensor(ev, spread_out, after)
        if failed is not None:
            results += failed
            continue
        before = len(ev.trace.argument_mismatches)
        at_once, to_follow = _call_at_once(ev, function, arguments, node, after)
        refused = ev.trace.argument_mismatches[before:]
        if at_once and not any(one.place.node is node for one in refused):
            ev.trace.fits.add(node)
        results += at_once
        followed += to_follow
    return results + follow(ev, followed, node)


def _special_call(
    ev: Evaluator, name: str, node: cst.Call, states: list[State]
) -> list[Result] | None:
    """``super()`` and ``locals()``, which read the frame."""
    frame = ev.frame
    if name == "locals" and frame.scope is not None:
        scope = frame.scope
        return [(local_variables(ev, scope, node, state), state) for state in states]
    if name != "super" or frame.code.owner is None or frame.scope is None:
        return None
    if not any("positional" in each.kind for each in frame.code.parameters):
        return [result for state in states for result in ev.fails(state, "RuntimeError")]
    first = frame.code.parameters[0].name
    receivers = [state.variable(frame.scope, first) for state in states]
    found: list[Result] = []
    for receiver, state in zip(receivers, states, strict=True):
        if receiver is None or receiver is UNBOUND:
            return None
        found.append((SuperValue(frame.code.owner, receiver), state))
    return found


def call(
    ev: Evaluator,
    function: Value,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of calling ``function``; ``node`` is the whole call."""
    at_once, to_follow = _call_at_once(ev, function, arguments, node, state)
    return at_once + follow(ev, to_follow, node)


def _call_at_once(
    ev: Evaluator,
    function: Value,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> tuple[list[Result], list[CallOnPath]]:
    """The results of a call, and the calls of functions of the project that it leads to.

    These are left to be followed together with those of other paths.
    """
    function = ev.resolve(function, state)
    while isinstance(function, PartialValue):
        arguments = _completed(function, arguments)
        function = ev.resolve(function.function, state)
    use = none_use(ev, function, operand_of(node), "is called", state)
    if same_as_none(function):
        return ev.fails(state, "TypeError", use), []
    match function:
        case FunctionValue():
            return [], [CallOnPath(function, arguments, state)]
        case BoundMethod():
            given = [Argument(function.receiver), *arguments]
            return [], [CallOnPath(function.function, given, state)]
        case ClassValue():
            return instantiate(ev, function, arguments, node, state)
        case SymbolicValue(instance_of=code) if code is not None:
            return call_instance(ev, function, arguments, node, state)
    return _call_of_library(ev, function, arguments, node, state), []


def _call_of_library(
    ev: Evaluator,
    function: Value,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of calling what is no function or class of the project."""
    name = function.name if isinstance(function, BuiltinValue) else library_path(ev, function)[0]
    if name is not None and name in EXITS:
        ev.raise_(state, EXITS[name])
        return []
    match function:
        case NamedTupleClass():
            return make_named_tuple(ev, function, arguments, node, state)
        case BoundBuiltin():
            results = call_method(ev, function, arguments, node, state)
        case BuiltinValue():
            results = call_builtin(ev, function, arguments, node, state)
        case SymbolicValue(symbol=path) if path is not None:
            results = call_library(ev, path, arguments, node, state)
            if results is None:
                results = call_callbacks(ev, path, arguments, node, state)
        case SymbolicValue():
            missing = array_method_of_input(ev, function, node, state)
            if missing is not None:
                return missing
            known = known_result_of_get(ev, function, arguments, state)
            results = None if known is None else [(known, state)]
            if results is None:
                results = none_to_object(ev, function, arguments, node, state)
        case _:
            results = None
    if results is not None:
        return results
    of_dataset = value_of_input(ev, function, arguments, node, state) if ev.is_of_input else None
    result = unknown_call(ev, function, arguments, node, state)
    if of_dataset is not None:
        return [(of_dataset, state)]
    if result.result_of is not None and kind_of_result(result.result_of) is Kind.METRIC:
        return [(metric_pair(ev, result), state)]
    return [(result, state)]


def _completed(partial: PartialValue, arguments: Sequence[Argument]) -> list[Argument]:
    """The arguments of a call of a partial; keywords of the call replace its own."""
    given = {argument.keyword for argument in arguments}
    return [
        *(Argument(value) for value in partial.arguments),
        *arguments,
        *(Argument(value, keyword=name) for name, value in partial.keywords if name not in given),
    ]
