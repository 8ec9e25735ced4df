"""``raise`` and ``try``.

An explicit ``raise`` is exact.  That some call in a ``try`` body raises is
possible only: a handler is then entered on a path that is in doubt, and on which
what the body changes is unknown.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.evaluation.code.scopes import ClassCode
from estimator_lint.evaluation.conditions.conditions import noted
from estimator_lint.evaluation.evaluator import Evaluator
from estimator_lint.evaluation.handlers import statement
from estimator_lint.evaluation.language.assignment import assign
from estimator_lint.evaluation.language.loops import forget_changes
from estimator_lint.evaluation.lookup.names import scope_of
from estimator_lint.evaluation.paths.frames import Exits, Raised
from estimator_lint.evaluation.values.values import (
    UNBOUND,
    BuiltinValue,
    ClassValue,
    Opaque,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.evaluation.paths.state import State


@statement(cst.Raise)
def _raise(ev: Evaluator, node: cst.Raise, state: State) -> list[State]:
    if node.exc is None:
        handled = ev.frame.handling[-1] if ev.frame.handling else Raised(state, None)
        if handled.fault is not None:
            handled.fault.caught = False
        ev.raise_(state, handled.exception, handled.fault, by=handled.by or node)
        return []
    for value, after in ev.evaluate(node.exc, state):
        ev.raise_(after, _class_of(value), by=node)
    return []


def _class_of(value: Value) -> str | ClassCode | None:
    """The class of a raised exception, given the exception or the class."""
    match value:
        case BuiltinValue(name=name):
            return name
        case ClassValue(code=code):
            return code
        case Opaque(result_of=str() as path) if path.startswith("builtins."):
            return path.removeprefix("builtins.")
        case Opaque(instance_of=code):
            return code
        case _:
            return None


@statement(cst.Try, cst.TryStar)
def _try(ev: Evaluator, node: cst.Try | cst.TryStar, state: State) -> list[State]:
    outer = ev.exits
    with ev.collecting_exits() as exits:
        states = _run_guarded(ev, node, state)
    if node.finalbody is None:
        outer.add(exits)
        return states
    return _run_finally(ev, node.finalbody.body, states, exits)


def _run_guarded(ev: Evaluator, node: cst.Try | cst.TryStar, state: State) -> list[State]:
    """Run body, handlers and ``else``; what leaves them goes to the current exits."""
    before = state.fork()
    outer = ev.exits
    with ev.collecting_exits() as exits:
        states = ev.run_body(node.body, [state])
    outer.returns += exits.returns
    outer.breaks += exits.breaks
    outer.continues += exits.continues
    if node.orelse is not None:
        states = ev.run_body(node.orelse.body, states)
    pending = exits.raises
    if node.handlers and may_surprise(ev, node.body):
        pending.append(Raised(after_surprise(ev, node.body, before), None))
    for raised in pending:
        states += _handle(ev, node.handlers, raised)
    return ev.merger.few(states)


def may_surprise(ev: Evaluator, body: cst.BaseSuite) -> bool:
    """Whether something in ``body`` may raise that nobody sees raised."""
    return ev.frame.code.module.effects(body).may_raise


def after_surprise(ev: Evaluator, body: cst.BaseSuite, state: State) -> State:
    """The state in which an exception that nobody saw raised leaves ``body``."""
    state.doubts |= {(ev.new_doubt(), True)}
    forget_changes(ev, body, state)
    return state


def _handle(
    ev: Evaluator,
    handlers: Sequence[cst.ExceptHandler | cst.ExceptStarHandler],
    raised: Raised,
) -> list[State]:
    """Give an exception to the handlers in order; unhandled it goes on outwards."""
    states: list[State] = []
    for handler in handlers:
        catches = _catches(ev, handler, raised, raised.state)
        entering = split_off(ev, raised, catches)
        if entering is not None:
            outer = ev.exits
            with ev.collecting_exits() as exits:
                ends = _run_handler(ev, handler, raised, entering)
            _note_partly_caught(raised, ends, exits)
            outer.add(exits)
            states += ends
        if catches:
            return states
    ev.exits.raises.append(raised)
    return states


def _note_partly_caught(raised: Raised, ends: list[State], exits: Exits) -> None:
    """Note whether a handler raises the exception again on some of its paths only."""
    if raised.fault is None:
        return
    again = [one for one in exits.raises if one.fault is raised.fault]
    ways_out = len(ends) + sum(1 for _ in exits.states())
    raised.fault.partly_caught |= 0 < len(again) < ways_out


def split_off(ev: Evaluator, raised: Raised, catches: bool | None) -> State | None:
    """The path on which an exception is caught, if there is one.

    Where it is not known whether it is, ``raised`` stays for the path on which it is not.
    """
    if catches is False:
        return None
    caught = raised.state
    if catches is None:
        caught = raised.state.fork()
        doubt = ev.new_doubt()
        caught.doubts |= {(doubt, True)}
        raised.state.doubts |= {(doubt, False)}
    if raised.fault is not None:
        raised.fault.caught = True
    return caught


def _catches(
    ev: Evaluator,
    handler: cst.ExceptHandler | cst.ExceptStarHandler,
    raised: Raised,
    state: State,
) -> bool | None:
    """Whether a handler catches an exception; None where that is not known."""
    if handler.type is None:
        return True
    results = ev.evaluate(handler.type, state.fork())
    if len(results) != 1:
        return None
    caught = results[0][0]
    return caught_by(
        raised.exception, caught.items if isinstance(caught, TupleValue) else (caught,)
    )


def caught_by(exception: str | ClassCode | None, classes: Sequence[Value]) -> bool | None:
    """Whether an exception is one of these classes; None where that is not known."""
    verdicts = [_is_subclass(exception, one) for one in classes]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _is_subclass(exception: str | ClassCode | None, caught: Value) -> bool | None:
    if isinstance(caught, BuiltinValue) and caught.name in ("BaseException", "Exception"):
        # Of the exceptions that this package knows, only SystemExit is no Exception.
        return caught.name == "BaseException" or exception not in (
            "SystemExit",
            "KeyboardInterrupt",
        )
    if isinstance(exception, ClassCode):
        if isinstance(caught, ClassValue):
            return True if caught.code is exception else None
        return None
    if exception is None or not isinstance(caught, BuiltinValue):
        return None if exception is None or not isinstance(caught, ClassValue) else False
    raised_class = getattr(builtins, exception, None)
    caught_class = getattr(builtins, caught.name, None)
    if isinstance(raised_class, type) and isinstance(caught_class, type):
        return issubclass(raised_class, caught_class)
    return None


def _run_handler(
    ev: Evaluator,
    handler: cst.ExceptHandler | cst.ExceptStarHandler,
    raised: Raised,
    state: State,
) -> list[State]:
    noted(ev, handler, [(True, state)], settled=raised.exception is not None)
    states = [state]
    if handler.name is not None:
        exception = ev.opaque("exception", id(handler), not_none=True)
        states = assign(ev, handler.name.name, exception, state)
    ev.frame.handling.append(raised)
    try:
        states = ev.run_body(handler.body, states)
    finally:
        ev.frame.handling.pop()
    if handler.name is not None and isinstance(handler.name.name, cst.Name):
        scope = scope_of(ev, handler.name.name.value)
        for after in states:
            if scope is not None:
                after.bind(scope, handler.name.name.value, UNBOUND)
    return states


def _run_finally(
    ev: Evaluator, body: cst.BaseSuite, states: list[State], exits: Exits
) -> list[State]:
    """Run ``finally`` on every way out; it may replace the way by one of its own."""
    for value, before, place in exits.returns:
        ev.exits.returns += [(value, after, place) for after in ev.run_body(body, [before])]
    for raised in exits.raises:
        if raised.fault is not None:
            raised.fault.caught = True
        for after in ev.run_body(body, [raised.state]):
            if raised.fault is not None:
                raised.fault.caught = False
            ev.raise_(after, raised.exception, raised.fault, by=raised.by)
    for before in exits.breaks:
        ev.exits.breaks += ev.run_body(body, [before])
    for before in exits.continues:
        ev.exits.continues += ev.run_body(body, [before])
    return ev.run_body(body, states)
