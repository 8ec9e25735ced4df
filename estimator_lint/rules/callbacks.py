"""MFN208/218: functions that do not accept the arguments TensorFlow calls them with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.values import (
    BoundMethod,
    FunctionValue,
    PartialValue,
    SymbolicValue,
    Value,
)
from estimator_lint.project.code import ClassCode
from estimator_lint.rules.names_in_graphs import made_by
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.train_ops import items_of
from estimator_lint.rules.watched_calls import Problem, judge_calls, judge_found
from estimator_lint.tensorflow_api.callback_arguments import (
    SCAFFOLD_FN,
    Callback,
    callbacks,
    takes_session,
)

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import CallOf
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace
    from estimator_lint.project.code import Parameter
    from estimator_lint.tensorflow_api.modes import Mode


def _argument_mismatches(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:

        def find(call: CallOf, trace: Trace, mode: Mode = mode) -> Problem | None:
            return _problem(call, trace, mode)

        yield from judge_calls(traces, mode, find)
        yield from _of_scaffold_functions(traces, mode)


def _of_scaffold_functions(traces: FunctionTraces, mode: Mode) -> Iterator[Judgement]:
    """Judgements of functions given as ``scaffold_fn``, and of the Scaffolds that they make."""
    trace = traces.traces[mode]
    found: dict[Place, list[tuple[Return, Problem | None]]] = {}
    for returned in trace.returns:
        visits = returned.value.visits if isinstance(returned.value, SpecValue) else ()
        for visit in visits:
            if SCAFFOLD_FN in visit.fields:
                text = _argument_mismatch(visit.fields[SCAFFOLD_FN], 0)
                problem = None if text is None else Problem(None, f"{SCAFFOLD_FN} {text}")
                found.setdefault(visit.place_of(SCAFFOLD_FN), []).append((returned, problem))
        for scaffold in (one for visit in visits for one in visit.scaffolds):
            made = made_by(scaffold, trace.origins)
            if made is not None:
                problem = _problem_of(made, callbacks(made.path or ""), mode)
                found.setdefault(made.place, []).append((returned, problem))
    yield from judge_found(found, mode)


def _problem(call: CallOf, trace: Trace, mode: Mode) -> Problem | None:
    """A function that does not accept the arguments that TensorFlow passes."""
    called = [one for one in callbacks(call.path or "") if _is_called(one, call, trace)]
    return _problem_of(call, called, mode)


def _problem_of(call: CallOf, called: Iterable[Callback], mode: Mode) -> Problem | None:
    for callback in called:
        if mode not in callback.modes:
            continue
        function, given = call.argument(callback.position, callback.name), _given(callback, call)
        text = None
        if function is not None and given is not None:
            text = _argument_mismatch(function, given)
        if text is not None:
            return Problem((callback.position, callback.name), f"{callback.name} {text}")
    return None


def _given(callback: Callback, call: CallOf) -> int | None:
    """The number of arguments a function is called with; None if unknown."""
    if callback.given_items_of is None:
        return callback.given
    held = call.argument(*callback.given_items_of)
    items = None if held is None else items_of(held)
    return None if items is None else len(items)


def _is_called(callback: Callback, call: CallOf, trace: Trace) -> bool:
    """Whether TensorFlow calls the function: the object that holds it is in the spec."""
    return callback.in_spec is None or any(
        isinstance(returned.value, SpecValue)
        and trace.origins.get(getattr(returned.value.fields.get(callback.in_spec), "number", -1))
        is call
        for returned in trace.returns
    )


def _argument_mismatch(function: Value, given: int) -> str | None:
    """The fault of a function that is called with this number of arguments."""
    if isinstance(function, SymbolicValue) and takes_session(function.result_of or ""):
        return f"is called with {_counted(given)} but takes 1" if given != 1 else None
    parameters = _left(function)
    if parameters is None:
        return None
    by_position = [one for one in parameters if one.kind.startswith("positional")]
    needed = [one for one in by_position if one.default is None]
    others = [one for one in parameters if one.kind == "keyword-only" and one.default is None]
    if others:
        return f"is called without '{others[0].name}'"
    takes_more = any(one.kind == "*" for one in parameters)
    if len(needed) > given or (given > len(by_position) and not takes_more):
        takes = len(by_position) if given > len(by_position) else len(needed)
        return f"is called with {_counted(given)} but takes {takes or 'none'}"
    return None


def _counted(number: int) -> str:
    return {0: "no arguments", 1: "1 argument"}.get(number, f"{number} arguments")


def _left(function: Value) -> list[Parameter] | None:
    """The parameters that a positional call can still fill, if known."""
    match function:
        case FunctionValue(code=code):
            return list(code.parameters)
        case BoundMethod(function=inner):
            parameters = list(inner.code.parameters)
            return parameters[1:] if parameters and parameters[0].kind != "*" else None
        case SymbolicValue(instance_of=ClassCode() as code):
            called = code.methods.get("__call__")
            if called is None or called.is_nested or not isinstance(called.node, cst.FunctionDef):
                return None
            return None if called.node.decorators else list(called.parameters[1:])
        case PartialValue(function=inner, arguments=arguments, keywords=()):
            below = _left(inner)
            return None if below is None or len(arguments) > len(below) else below[len(arguments) :]
    return None


CALLBACK_RULES = (
    Rule(
        "MFN208",
        "MFN218",
        "callback-arguments",
        "A function does not accept the arguments that TensorFlow calls it with.",
        "{subject}{possibly}, in {modes}",
        _argument_mismatches,
    ),
)
