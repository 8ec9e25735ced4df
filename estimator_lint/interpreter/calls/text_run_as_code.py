"""``eval`` and ``exec``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import Constant, Value
from estimator_lint.interpreter.lookup.names import global_values
from estimator_lint.interpreter.objects import escape
from estimator_lint.syntax.namespace_stores import names_in_text

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def run_text(ev: Evaluator, values: Sequence[Value], state: State) -> None:
    """Let everything escape that a text that is run as code may change.

    It can't assign to variables of a function, but change what they hold.
    """
    text = values[0].value if values and isinstance(values[0], Constant) else None
    names = set(names_in_text(text)) if isinstance(text, str) else None
    scope = ev.frame.scope
    while scope is not None:
        for name in sorted(scope.names if names is None else scope.names & names):
            value = state.variable(scope, name)
            if value is not None:
                escape(ev, value, state)
        scope = scope.parent
    for value in global_values(ev, ev.frame.code.module, names):
        escape(ev, value, state)
