"""``raise`` and ``try``.

An explicit ``raise`` is exact. Calls in a ``try`` body may raise, too (a *surprise*): the handler
is then entered on a path in doubt, on which everything that the body changes is unknown.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.frames import Raised
from estimator_lint.domain.paths.handled_exceptions import Handled
from estimator_lint.domain.values.values import (
    UNBOUND,
    BuiltinValue,
    ClassValue,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.classes.exception_classes import caught_by
from estimator_lint.interpreter.conditions.branching import noted
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import statement
from estimator_lint.interpreter.language.assignment import assign
from estimator_lint.interpreter.language.rounds import havoc
from estimator_lint.interpreter.language.ways_out import run_apart_from_ways, run_on_ways_out
from estimator_lint.interpreter.lookup.names import module_value, scope_of
from estimator_lint.project.code import ClassCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estimator_lint.domain.paths.faults import Fault
    from estimator_lint.domain.paths.state import State


@statement(cst.Raise)
def _raise(ev: Evaluator, node: cst.Raise, states: list[State]) -> list[State]:
    if node.exc is None:
        for state in states:
            handled = handled_on(ev, state) or Handled(None)
            ev.raise_(state, handled.exception, handled.faults, by=handled.by or (node,))
        return []
    for value, after in ev.evaluate(node.exc, states):
        ev.raise_(after, _class_of(value), by=(node,))
    return []


def handled_on(ev: Evaluator, state: State) -> Handled | None:
    """The exception whose handler the running function has reached on a path."""
    entry = state.get(("handling", ev.frame.scope))
    return entry if isinstance(entry, Handled) else None


def _class_of(value: Value) -> str | ClassCode | None:
    """The class of a raised exception, given the exception or the class."""
    match value:
        case BuiltinValue(name=name):
            return name
        case ClassValue(code=code):
            return code
        case SymbolicValue(result_of=str() as path) if path.startswith("builtins."):
            return path.removeprefix("builtins.")
        case SymbolicValue(instance_of=code):
            return code
        case _:
            return None


@statement(cst.Try, cst.TryStar)
def _try(ev: Evaluator, node: cst.Try | cst.TryStar, states: list[State]) -> list[State]:
    if node.finalbody is None:
        return _run_guarded(ev, node, states)
    return run_apart_from_ways(ev, states, partial(_run_with_finally, ev, node, node.finalbody))


def _run_with_finally(
    ev: Evaluator, node: cst.Try | cst.TryStar, final: cst.Finally, states: list[State]
) -> list[State]:
    outer = ev.exits
    with ev.collecting_exits() as exits, ev.which_catches():
        reached = _run_guarded(ev, node, states)
    return run_on_ways_out(ev, node, reached, exits, outer, final.body)


def _run_guarded(ev: Evaluator, node: cst.Try | cst.TryStar, states: list[State]) -> list[State]:
    """Run body, handlers and ``else``; what leaves them goes to the current exits."""
    surprises = bool(node.handlers) and may_surprise(ev, node.body)
    before = [state.fork() for state in states] if surprises else []
    outer = ev.exits
    with ev.collecting_exits() as exits, ev.which_catches():
        reached = ev.run_body(node.body, states)
    outer.returns += exits.returns
    outer.breaks += exits.breaks
    outer.continues += exits.continues
    if node.orelse is not None:
        behind_body = ev.frame.position
        reached = ev.run_body(node.orelse.body, reached)
        ev.frame.position = behind_body  # what the handlers read is still live
    pending = exits.raises + after_surprise(ev, node.body, before)
    reached += _handle(ev, node.handlers, pending)
    return ev.partitioner.meeting(reached)


def may_surprise(ev: Evaluator, body: cst.BaseSuite) -> bool:
    """Whether something in ``body`` may raise without a visible ``raise``."""
    return ev.frame.code.module.effects(body).may_raise


def after_surprise(ev: Evaluator, body: cst.BaseSuite, states: list[State]) -> list[Raised]:
    """The paths on which an exception without a visible ``raise`` leaves ``body``."""
    if not states:
        return []
    doubt = (ev.new_doubt(), True)
    for state in states:
        state.doubts |= {doubt}
        havoc(ev, body, state)
    return [Raised(state, None) for state in ev.partitioner.meeting(states)]


def _handle(
    ev: Evaluator,
    handlers: Sequence[cst.ExceptHandler | cst.ExceptStarHandler],
    pending: list[Raised],
) -> list[State]:
    """Give exceptions to the handlers in order; unhandled ones propagate outwards."""
    reached: list[State] = []
    if handlers:
        pending = ev.partitioner.raises(pending, caught=True)
    for handler in handlers:
        entering: list[Raised] = []
        going_on: list[Raised] = []
        named = _named_on_all_paths(ev, handler)
        for raised in pending:
            if named is None:
                catches = _catches(ev, handler, raised, raised.state)
            else:
                catches = caught_by(ev, raised.exception, named)
            caught, passed_on = split_off(ev, raised, catches)
            entering += caught
            going_on += passed_on
        if entering:
            reached += _run_handler(ev, handler, ev.partitioner.raises(entering, caught=True))
        pending = going_on
    ev.exits.raises += pending
    return reached


def split_off(
    ev: Evaluator, raised: Raised, catches: bool | None
) -> tuple[list[Raised], list[Raised]]:
    """The paths on which an exception is caught, and those on which it propagates.

    If that is unknown, there is one of each; the exception that propagates then has no known fault.
    """
    if catches is not None:
        return ([raised], []) if catches else ([], [raised])
    caught = raised.state.fork()
    doubt = ev.new_doubt()
    caught.doubts |= {(doubt, True)}
    raised.state.doubts |= {(doubt, False)}
    return [replace(raised, state=caught)], [replace(raised, faults=frozenset())]


def note_swallowed(faults: Iterable[Fault]) -> None:
    """Record that the exceptions caused by ``faults`` are swallowed on some path."""
    for fault in faults:
        fault.swallowed = True


def _catches(
    ev: Evaluator,
    handler: cst.ExceptHandler | cst.ExceptStarHandler,
    raised: Raised,
    state: State,
) -> bool | None:
    """Whether a handler catches an exception; None if unknown."""
    if handler.type is None:
        return True
    results = ev.evaluate(handler.type, [state.fork()])
    if len(results) != 1:
        return None
    return caught_by(ev, raised.exception, _classes_in(results[0][0]))


def _named_on_all_paths(
    ev: Evaluator, handler: cst.ExceptHandler | cst.ExceptStarHandler
) -> Sequence[Value] | None:
    """What a handler names by a global name, which is the same on every path."""
    if not isinstance(handler.type, cst.Name) or scope_of(ev, handler.type.value) is not None:
        return None
    return _classes_in(module_value(ev, ev.frame.code.module, handler.type.value))


def _classes_in(caught: Value) -> Sequence[Value]:
    return caught.items if isinstance(caught, TupleValue) else (caught,)


def _run_handler(
    ev: Evaluator,
    handler: cst.ExceptHandler | cst.ExceptStarHandler,
    entering: list[Raised],
) -> list[State]:
    key = ("handling", ev.frame.scope)
    states: list[State] = []
    for raised in entering:
        state = raised.state
        noted(ev, handler, [(True, state)], settled=raised.exception is not None)
        state.set(key, raised.handled(handled_on(ev, state)))
        states.append(state)
    if handler.name is not None:
        exception = ev.symbolic_value("exception", id(handler), not_none=True)
        target = handler.name.name
        states = [after for state in states for after in assign(ev, target, exception, state)]
    outer = ev.exits
    with ev.collecting_exits() as exits:
        states = ev.run_body(handler.body, ev.partitioner.meeting(states))
    returned = [after for _, after, _ in exits.returns]
    for after in (*states, *exits.breaks, *exits.continues, *returned):
        handled = handled_on(ev, after)
        if handled is not None:
            note_swallowed(handled.faults)
            after.set(key, handled.outer)
    for raised in exits.raises:
        handled = handled_on(ev, raised.state)
        if handled is not None:
            note_swallowed(handled.faults - raised.faults)
            raised.state.set(key, handled.outer)
    outer.add(exits)
    if handler.name is not None and isinstance(handler.name.name, cst.Name):
        scope = scope_of(ev, handler.name.name.value)
        for after in states:
            if scope is not None:
                after.bind(scope, handler.name.name.value, UNBOUND)
    return states
