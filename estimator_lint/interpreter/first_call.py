"""The call by which TensorFlow enters a function of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.frames import Exits, Frame
from estimator_lint.domain.paths.state import State
from estimator_lint.domain.values.scopes import Scope
from estimator_lint.domain.values.values import NONE, UNBOUND

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from estimator_lint.discovery.definitions import AnyFunction
    from estimator_lint.domain.values.values import Value
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import FunctionCode, Parameter


def run_function(
    ev: Evaluator,
    code: FunctionCode,
    enclosing: Sequence[tuple[AnyFunction, ast.ClassDef | None]],
    passed: Callable[[Parameter, State], Value],
) -> Exits:
    """Evaluate a function that TensorFlow calls; returns how its paths end.

    Args:
        ev: an evaluator for this function only.
        code: the function.
        enclosing: the functions around it, the outermost first, each with its class.
        passed: returns the argument for a parameter.
    """
    around: Scope | None = None
    for depth, (node, owner) in enumerate(enclosing):
        function = ev.own_module.function(node, owner)
        identity = ("context", depth)
        around = Scope(identity, function.local_names, function, around, is_context=True)
    state = State.at_bottom(ev.bottom)
    scope = Scope(("model function",), code.local_names, code, around)
    for name in sorted(code.local_names):
        state.bind(scope, name, UNBOUND)
    for parameter in code.parameters:
        state.bind(scope, parameter.name, passed(parameter, state))
    ev.capture(around)
    with ev.entering(Frame(scope, code)), ev.collecting_exits() as exits:
        if isinstance(code.node, cst.Lambda):
            place = ev.place(code.node.body)
            for value, after in ev.evaluate(code.node.body, [state]):
                exits.returns.append((ev.resolve(value, after), after, place))
        else:
            ends = ev.run_body(code.node.body, [state])
            exits.returns += [(NONE, after, None) for after in ends]
    return exits
