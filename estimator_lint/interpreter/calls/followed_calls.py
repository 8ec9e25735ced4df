"""Calls of functions of the project: running their bodies, within bounds."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.branch_history import set_aside
from estimator_lint.domain.paths.call_summaries import Ending, RaisedInCall
from estimator_lint.domain.paths.frames import Frame, Raised
from estimator_lint.domain.paths.values_on_paths import parts_of
from estimator_lint.domain.values.values import (
    NONE,
    UNBOUND,
    Argument,
    BoundMethod,
    ClassValue,
    FunctionValue,
    PartialValue,
    Reference,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.arguments import argument_mismatch, bind, spread
from estimator_lint.interpreter.budget import CallTooLongError, VainAttempt
from estimator_lint.interpreter.calls.context_insensitive import as_returned, returned_by
from estimator_lint.interpreter.calls.library_calls import unknown_call
from estimator_lint.interpreter.calls.vain_attempts import circumstances, traces_left
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.possibly_empty import note_made_of
from estimator_lint.interpreter.objects import escape
from estimator_lint.interpreter.provenance_records import control_inputs, set_control_inputs
from estimator_lint.project.code import FunctionCode
from estimator_lint.syntax.generators import yields_at_least_once
from estimator_lint.tensorflow_api.value_types import Kind

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.interpreter.evaluator import Result


@dataclass(frozen=True)
class CallOnPath:
    """A call of a function of the project, on one path.

    Attributes:
        gives: what the expression with the call gets, if not what the function returns: the call of
            a class gives the instance that its ``__init__`` was called with.
        by_keras: the function is the method ``call`` of a layer, which has been called itself.
    """

    function: FunctionValue
    arguments: Sequence[Argument]
    state: State
    gives: Value | None = None
    by_keras: bool = False

    def results(self, returned: list[Result]) -> list[Result]:
        """The results of the call, by what the function returns."""
        if self.gives is None:
            return returned
        return [(self.gives, after) for _, after in returned]


def follow(ev: Evaluator, calls: Iterable[CallOnPath], node: cst.BaseExpression) -> list[Result]:
    """Call functions of the project at ``node``; one run for all paths with the same call."""
    results: list[Result] = []
    alike: dict[Hashable, list[tuple[CallOnPath, dict[str, Value]]]] = {}
    for call in calls:
        code, state = call.function.code, call.state
        if not _may_follow(ev, code):
            results += _left_alone(ev, call, node)
            continue
        bound = bind(ev, call.function, spread(ev, call.arguments, state), node, state)
        if isinstance(bound, str):
            results += call.results(argument_mismatch(ev, f"'{code.name}'", bound, node, state))
            continue
        ev.trace.fits.add(node)
        ev.trace.calls.setdefault(code.node, {})[ev.place(node)] = None
        scope = ev.new_scope(code.local_names, code, call.function.scope, node, state)
        endings = ev.memory.recall(scope, bound, state, ev.new_doubt)
        if endings is not None:
            results += call.results(_ended(ev, endings))
        else:
            alike.setdefault((scope, call.gives, call.by_keras, *bound.items()), []).append(
                (call, bound)
            )
    for (scope, *_), members in alike.items():  # type: ignore[misc]
        call = members[0][0]
        with ev.converting(call.by_keras, by_keras=call.by_keras):
            results += call.results(_follow_alike(ev, scope, members, node))
    return results


def _follow_alike(
    ev: Evaluator,
    scope: Scope,
    members: list[tuple[CallOnPath, dict[str, Value]]],
    node: cst.BaseExpression,
) -> list[Result]:
    """Follow the calls of one function with the same arguments."""
    code, bound = scope.code, members[0][1]
    states = [call.state for call, _ in members]
    if not _may_follow(ev, code):
        return [result for call, _ in members for result in _left_alone(ev, call, node)]
    if len(ev.frames) == 1:
        ev.call_began_at = ev.steps_in_calls
    if code.module is ev.own_module or ev.give_up_at < math.inf:
        return _evaluate_call(ev, scope, bound, node, states)
    limit = _steps_allowed(ev, len(states))
    where = circumstances(ev, scope, bound, states)
    in_vain = None if where is None else ev.budget.in_vain.get(where)
    calls = [call for call, _ in members]
    if in_vain is not None and limit <= in_vain.limit:
        ev.steps_in_calls += in_vain.steps
        ev.steps_in_other_modules += in_vain.steps
    else:
        calls = [replace(call, state=call.state.fork()) for call in calls]
        began_at, left = ev.steps_in_calls, traces_left(ev)
        found = _evaluate_in_other_module(ev, scope, bound, node, states, limit)
        if found is not None:
            return found
        if where is not None and left == traces_left(ev):
            ev.budget.in_vain[where] = VainAttempt(limit, ev.steps_in_calls - began_at)
    ev.known_functions.add_too_long(code, ev.mode)
    return [result for call in calls for result in _left_alone(ev, call, node)]


def _steps_allowed(ev: Evaluator, paths: int) -> int:
    """How many steps a call into another file may take; a step is a statement on one path."""
    left = bounds.MAX_STEPS_IN_OTHER_MODULES_IN_ALL - ev.steps_in_other_modules
    return min(bounds.MAX_STEPS_IN_OTHER_MODULES * paths, left)


def _ended(ev: Evaluator, endings: list[tuple[Ending, State]]) -> list[Result]:
    """The results of a call with these endings."""
    results: list[Result] = []
    for ending, after in endings:
        if isinstance(ending, RaisedInCall):
            ev.raise_(after, ending.kind, by=ending.by)
        else:
            results.append((ending, after))
    return results


def _left_alone(ev: Evaluator, call: CallOnPath, node: cst.BaseExpression) -> list[Result]:
    """The result of a call that is not followed."""
    ev.trace.calls_not_followed += 1
    result = unknown_call(ev, call.function, call.arguments, node, call.state)
    _note_generator(ev, call, result)
    return call.results(
        [(as_returned(ev, result, returned_by(ev, call.function.code)), call.state)]
    )


def _note_generator(ev: Evaluator, call: CallOnPath, made: SymbolicValue) -> None:
    """Note what a generator of the project is, and that it may yield nothing."""
    code = call.function.code
    if code.is_generator:
        ev.value_types[made.number] = (Kind.ITERATOR, False)
        if yields_at_least_once(code.node.body):
            note_made_of(ev, made, (one.value for one in call.arguments), call.state)
        else:
            ev.possibly_empty.add(made.number)


def _evaluate_in_other_module(
    ev: Evaluator,
    scope: Scope,
    bound: dict[str, Value],
    node: cst.CSTNode,
    states: list[State],
    limit: int,
) -> list[Result] | None:
    """As ``_evaluate_call``, in another file; None if nothing is gained by ``limit`` steps."""
    doubts = frozenset(doubt for state in states for doubt in state.doubts)
    raises, facts = len(ev.exits.raises), ev.trace.count_by_kind()
    try:
        with ev.giving_up_after(limit):
            results = _evaluate_call(ev, scope, bound, node, states)
    except CallTooLongError:
        return None
    doubtful = any(after.doubts - doubts for _, after in results)
    if doubtful and ev.trace.count_by_kind() == facts and not any(map(_tells, results)):
        del ev.exits.raises[raises:]
        return None
    return results


def _tells(result: Result) -> bool:
    """Whether a result carries information, more than that it is not there."""
    value = result[0]
    return not same_as_none(value) and not (isinstance(value, SymbolicValue) and not value.not_none)


def _evaluate_call(
    ev: Evaluator, scope: Scope, bound: dict[str, Value], node: cst.CSTNode, states: list[State]
) -> list[Result]:
    """Run the body of a function with its parameters bound, and remember the outcome.

    The outcome for several paths is not remembered: each of them read something else.
    """
    first = states[0]
    outer, cases, doubts, passed = first.log, first.cases, first.doubts, first.passed
    events, steps = ev.trace.count_of_events(), ev.steps_in_calls
    start, log = first.begin_call() if len(states) == 1 else (None, None)
    for state in states:
        for name in scope.names:
            state.bind(scope, name, bound.get(name, UNBOUND))
    height, depth = first.height, ev.frame.depth
    frame = Frame(scope, scope.code, called_by=node, height=height, depth=depth + 1)
    with ev.register("control inputs", node) as control:
        for state in states:
            state.set(control, TupleValue(control_inputs(state)))
        results, raised = _outcomes(ev, frame, bound.values(), states)
        for _, after in results:
            after.passed = set_aside(after.passed, depth)
            outside = after.get(control)  # a return leaves the blocks it is in
            set_control_inputs(outside.items if isinstance(outside, TupleValue) else (), after)
    costly = ev.steps_in_calls - steps >= bounds.MIN_STEPS_REMEMBERED
    if costly and start and log and events == ev.trace.count_of_events():
        # What was recorded for one path must be recorded again for the next.
        endings: list[tuple[Ending, State]] = [
            *results,
            *((RaisedInCall(ending.exception, ending.by), ending.state) for ending in raised),
        ]
        ev.memory.remember(scope, bound, start, cases, doubts, passed, log, endings, ev.is_live)
    for _, after in results:
        after.log = outer
    for ending in raised:
        ending.state.log = outer
        ending.state.cut_to(ev.frame.height)
    ev.exits.raises += raised
    return results


def _may_follow(ev: Evaluator, code: FunctionCode) -> bool:
    return (
        code.runs_when_called
        and ev.steps_on_one_path is None
        and not ev.known_functions.is_too_long(code, ev.mode)
        and len(ev.frames) < bounds.MAX_CALL_DEPTH
        and ev.steps_in_calls - ev.steps_in_other_modules < bounds.MAX_STEPS_IN_CALLS
        and (len(ev.frames) == 1 or ev.steps_in_calls - ev.call_began_at < bounds.MAX_STEPS_IN_CALL)
        and all(frame.code is not code for frame in ev.frames)
    )


def _outcomes(
    ev: Evaluator, frame: Frame, arguments: Iterable[Value], states: list[State]
) -> tuple[list[Result], list[Raised]]:
    """The outcomes of running a called function's body, merged where nothing is lost."""
    code = frame.code
    with ev.entering(frame), ev.collecting_exits() as exits:
        if isinstance(code.node, cst.Lambda):
            results = ev.evaluate(code.node.body, states)
        else:
            ends = ev.run_body(code.node.body, states)
            results = [(value, after) for value, after, _ in exits.returns]
            results += [(NONE, after) for after in ends]
    raised: list[Raised] = []
    for ending in exits.raises:
        if ending.exception == "NotImplementedError" and code.owner is not None:
            # An abstract method: what a subclass does instead is unknown.
            for given in arguments:
                escape(ev, given, ending.state)
            results.append((ev.unknown(imprecise=True), ending.state))
        else:
            raised.append(ending)
    results = ev.partitioner.meeting_results(results)
    if code.module is not ev.own_module and all(_is_data(*result) for result in results):
        # Which of two lists another file returns is seldom worth a path in this file.
        results = ev.partitioner.similar(results)
    return results, ev.partitioner.raises(raised, caught=ev.catching > 0)


def _is_data(value: Value, state: State) -> bool:
    """Whether a value is a container without any callables of the project."""
    return isinstance(value, Reference) and not any(
        isinstance(part, FunctionValue | BoundMethod | PartialValue | ClassValue)
        or (isinstance(part, SymbolicValue) and part.instance_of is not None)
        for part in parts_of(value, state)
    )
