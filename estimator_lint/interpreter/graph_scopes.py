"""The ``tf.variable_scope`` and ``tf.name_scope`` blocks around a call.

A stack of scopes is a tuple of tuples (whether it is a variable scope, name, ``reuse``, the
manager), the outermost first; anything else is an unknown stack.
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
    gives_variable_scope,
    opens_name_scope,
    opens_variable_scope,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

_KEY = ("graph scope",)
NO_SCOPES = TupleValue(())


class GraphScope(NamedTuple):
    """The scopes in which something is created.

    Attributes:
        variables: the names of the variable scopes.
        names: the names of all scopes.
        reuse: their ``reuse`` arguments, each with its manager.
    """

    variables: tuple[str, ...]
    names: tuple[str, ...]
    reuse: tuple[tuple[Value, Value], ...]


def graph_scopes(state: State) -> Value:
    """The current scopes on the path of ``state``."""
    entry = state.get(_KEY)
    return entry if isinstance(entry, Value) else NO_SCOPES


def set_graph_scopes(scopes: Value, state: State) -> None:
    """Enter or leave blocks."""
    if scopes != graph_scopes(state):
        state.set(_KEY, scopes)


def enter_graph_scope(ev: Evaluator, manager: Value, state: State) -> None:
    """Enter the scope of ``with manager:``, which adds to names in its block."""
    call = ev.origins.get(manager.number) if isinstance(manager, SymbolicValue) else None
    path = call.path or "" if isinstance(call, CallOf) else ""
    if not isinstance(call, CallOf) or not (opens_variable_scope(path) or opens_name_scope(path)):
        return
    of_variables = opens_variable_scope(path)
    name = call.argument(*(NAME_OF_SCOPE if of_variables else NAME_OF_NAME_SCOPE))
    around = graph_scopes(state)
    if around == NO_SCOPES and gives_variable_scope(getattr(name, "result_of", None) or ""):
        name = Constant("")  # of everything outside of scopes
    is_known = isinstance(name, Constant) and isinstance(name.value, str) and call.complete
    if not is_known or name is None or not isinstance(around, TupleValue):
        set_graph_scopes(ev.unknown(), state)
        return
    scope = TupleValue((Constant(of_variables), name, call.keywords.get("reuse", NONE), manager))
    set_graph_scopes(ev.bounded(TupleValue((*around.items, scope))), state)


def reuse_variables(ev: Evaluator, scope: Value, call: SymbolicValue, state: State) -> None:
    """Apply ``scope.reuse_variables()``: the variables of the scope exist already."""
    around = graph_scopes(state)
    stack = list(around.items) if isinstance(around, TupleValue) else []
    innermost = [at for at, entry in enumerate(stack) if parts_of_scope(entry)[0] == TRUE][-1:]
    managers = [parts_of_scope(stack[at])[3] for at in innermost]
    opened = [ev.derived("entered", of=[manager]) for manager in managers]
    made_by = scope.result_of if isinstance(scope, SymbolicValue) else None
    if scope not in opened and not gives_variable_scope(made_by or ""):
        set_graph_scopes(ev.unknown(), state)  # it is not the current scope
        return
    if not isinstance(around, TupleValue):
        return
    if innermost:
        of_variables, name, _, _ = parts_of_scope(stack[innermost[0]])
        stack[innermost[0]] = TupleValue((of_variables, name, TRUE, call))
    else:
        stack.append(TupleValue((TRUE, Constant(""), TRUE, call)))
    set_graph_scopes(ev.bounded(TupleValue(tuple(stack))), state)


def parts_of_scope(entry: Value) -> tuple[Value, Value, Value, Value]:
    """Whether a scope is one of variables, its name, its ``reuse``, and its manager."""
    assert isinstance(entry, TupleValue)
    of_variables, name, reuse, manager = entry.items
    return of_variables, name, reuse, manager


def scope_of_call(scopes: Value | None) -> GraphScope | None:
    """The scopes of a call; None if unknown."""
    if scopes is None or not isinstance(scopes, TupleValue):
        return None
    variables: list[str] = []
    names: list[str] = []
    reuse: list[tuple[Value, Value]] = []
    for entry in scopes.items:
        of_variables, name, given, manager = parts_of_scope(entry)
        text = str(name.value) if isinstance(name, Constant) else ""
        if of_variables == TRUE:
            # TensorFlow adds a slash after the enclosing scopes, if any, for every name.
            variables += [text] if text or variables else []
            names += [text] if text else []
            reuse += () if given in (NONE, FALSE) else ((given, manager),)
        elif not text or text.endswith("/"):
            names = [text[:-1]] if text else []  # an absolute name, outside of the enclosing scopes
        else:
            names.append(text)
    return GraphScope(tuple(variables), tuple(names), tuple(reuse))
