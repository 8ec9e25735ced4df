"""The ``tf.variable_scope`` and ``tf.name_scope`` blocks around a call.

A stack of scopes is a tuple of tuples (whether it is a variable scope, name, ``reuse``, the
manager), the outermost first; anything else is one of which nothing is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.domain.values.values import (
    FALSE,
    NONE,
    TRUE,
    Constant,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.tensorflow_api.name_scopes import (
    NAME_OF_NAME_SCOPE,
    NAME_OF_SCOPE,
    opens_name_scope,
    opens_variable_scope,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

_KEY = ("graph scope",)
NO_SCOPES = TupleValue(())


class GraphScope(NamedTuple):
    """Where something is made.

    Attributes:
        variables: the names of the variable scopes.
        names: the names of all scopes.
        reuse: what they are given for ``reuse``, each with its manager.
    """

    variables: tuple[str, ...]
    names: tuple[str, ...]
    reuse: tuple[tuple[Value, Value], ...]


def graph_scopes(state: State) -> Value:
    """The scopes around where ``state`` is."""
    entry = state.get(_KEY)
    return entry if isinstance(entry, Value) else NO_SCOPES


def set_graph_scopes(scopes: Value, state: State) -> None:
    """Enter or leave blocks."""
    if scopes != graph_scopes(state):
        state.set(_KEY, scopes)


def enter_graph_scope(ev: Evaluator, manager: Value, state: State) -> None:
    """What ``with manager:`` adds to the names of what is made in its block."""
    call = ev.origins.get(manager.number) if isinstance(manager, SymbolicValue) else None
    path = call.path or "" if isinstance(call, CallOf) else ""
    if not isinstance(call, CallOf) or not (opens_variable_scope(path) or opens_name_scope(path)):
        return
    of_variables = opens_variable_scope(path)
    name = call.argument(*(NAME_OF_SCOPE if of_variables else NAME_OF_NAME_SCOPE))
    around = graph_scopes(state)
    is_known = isinstance(name, Constant) and isinstance(name.value, str) and call.complete
    if not is_known or name is None or not isinstance(around, TupleValue):
        set_graph_scopes(ev.unknown(), state)
        return
    scope = TupleValue((Constant(of_variables), name, call.keywords.get("reuse", NONE), manager))
    set_graph_scopes(ev.bounded(TupleValue((*around.items, scope))), state)


def scope_of_call(scopes: Value | None) -> GraphScope | None:
    """The scopes of a call; None where they are not known."""
    if scopes is None or not isinstance(scopes, TupleValue):
        return None
    variables: list[str] = []
    names: list[str] = []
    reuse: list[tuple[Value, Value]] = []
    for entry in scopes.items:
        assert isinstance(entry, TupleValue)
        of_variables, name, given, manager = entry.items
        text = str(name.value) if isinstance(name, Constant) else ""
        if of_variables == TRUE:
            # TensorFlow puts a slash behind the scopes around, if any, whatever the name is.
            variables += [text] if text or variables else []
            names += [text] if text else []
            reuse += () if given in (NONE, FALSE) else ((given, manager),)
        elif not text or text.endswith("/"):
            names = [text[:-1]] if text else []  # a whole name, not one in the scopes around
        else:
            names.append(text)
    return GraphScope(tuple(variables), tuple(names), tuple(reuse))
