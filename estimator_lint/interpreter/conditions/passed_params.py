"""What is known of ``params`` and ``config`` as an Estimator passes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import Constant, SymbolicValue
from estimator_lint.interpreter.objects import stored_in

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def is_settings_object(ev: Evaluator, value: SymbolicValue) -> bool:
    """Whether a value is what an Estimator passes as ``params`` or ``config``.

    ``params`` is a dict, or an object with attributes, and ``config`` a RunConfig: what asks
    whether one is a string is made for calls of the file's own.
    """
    return value.number in [ev.number_of(("parameter", name)) for name in ("params", "config")]


def lacks_key(ev: Evaluator, base: SymbolicValue, key: Constant, state: State) -> bool:
    """Whether ``base`` is the ``params`` of the file's Estimators, and has no such key."""
    keys = ev.trace.params_keys
    return (
        keys is not None
        and base.number == ev.number_of(("parameter", "params"))
        and isinstance(key.value, str)
        and key.value not in keys
        and key.value not in stored_in(base, state).items
    )
