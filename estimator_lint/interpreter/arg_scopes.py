"""The default arguments from the ``arg_scope`` blocks of ``tf.contrib.slim`` around a call.

A scope is a tuple of triples (function, argument, value); anything else is an unknown scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.domain.values.values import (
    Constant,
    Picture,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.tensorflow_api.slim import is_arg_scope, slim_layer

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

_KEY = ("arg scope",)
NO_DEFAULTS = TupleValue(())


def arg_scope(state: State) -> Value:
    """The current scope on the path of ``state``."""
    entry = state.get(_KEY)
    return entry if isinstance(entry, Value) else NO_DEFAULTS


def set_arg_scope(scope: Value, state: State) -> None:
    """Enter or leave ``arg_scope`` blocks."""
    if scope != arg_scope(state):
        state.set(_KEY, scope)


def enter_arg_scope(ev: Evaluator, manager: Value, state: State) -> None:
    """Enter the scope of ``with manager:`` for the layers in its block."""
    call = ev.origins.get(manager.number) if isinstance(manager, SymbolicValue) else None
    if isinstance(call, CallOf) and is_arg_scope(call.path or ""):
        set_arg_scope(_scope_of(ev, call, state), state)


def capture_arg_scope(ev: Evaluator, manager: Value, entered: Value, state: State) -> None:
    """Record the scope that ``as`` binds, which may be entered again."""
    call = ev.origins.get(manager.number) if isinstance(manager, SymbolicValue) else None
    if (
        isinstance(entered, SymbolicValue)
        and isinstance(call, CallOf)
        and is_arg_scope(call.path or "")
    ):
        state.set(("arg scope", entered.number), arg_scope(state))


def defaults_of(scope: Value, function: str) -> Mapping[str, Value] | None:
    """The defaults of a function in a scope; None if unknown."""
    if not isinstance(scope, TupleValue):
        return None
    found: dict[str, Value] = {}
    for entry in scope.items:
        assert isinstance(entry, TupleValue)
        name, argument, value = entry.items
        if name == Constant(function) and isinstance(argument, Constant):
            found[str(argument.value)] = value
    return found


def _scope_of(ev: Evaluator, call: CallOf, state: State) -> Value:
    """The scope that a call of ``arg_scope`` creates inside the current one."""
    given = call.argument(0, "list_ops_or_scope")
    if isinstance(given, SymbolicValue):
        captured = state.get(("arg scope", given.number))
        return captured if isinstance(captured, Value) else ev.unknown()
    around = arg_scope(state)
    match given:
        case Picture(contents=SequenceContents(items=items, open=False)) | TupleValue(items=items):
            pass
        case _:
            return ev.unknown()
    functions = [item.symbol for item in items if isinstance(item, SymbolicValue)]
    if not call.complete or not isinstance(around, TupleValue) or None in functions:
        return ev.unknown()
    names = [slim_layer(symbol or "") for symbol in functions]
    keywords = {name: value for name, value in call.keywords.items() if name != "list_ops_or_scope"}
    added = tuple(
        TupleValue((Constant(name), Constant(argument), value))
        for name in dict.fromkeys(names)
        if name is not None
        for argument, value in keywords.items()
    )
    replaced = {entry.items[:2] for entry in added}
    kept = (
        one for one in around.items if isinstance(one, TupleValue) and one.items[:2] not in replaced
    )
    return ev.bounded(TupleValue((*kept, *added)))
