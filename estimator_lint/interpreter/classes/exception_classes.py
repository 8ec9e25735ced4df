"""Whether a handler that names a class catches an exception: by its own class, or a base."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import BuiltinValue, ClassValue, Value
from estimator_lint.interpreter.classes.method_resolution import (
    method_resolution_order,
    unknown_ancestors,
)
from estimator_lint.project.code import ClassCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.interpreter.evaluator import Evaluator


def caught_by(
    ev: Evaluator, exception: str | ClassCode | None, classes: Sequence[Value]
) -> bool | None:
    """Whether an exception is one of these classes; None if unknown.

    Args:
        ev: the evaluation.
        exception: its class, or the name of the builtin one; None if unknown.
        classes: what a handler names.
    """
    verdicts = [_is_subclass(ev, exception, one) for one in classes]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _is_subclass(ev: Evaluator, exception: str | ClassCode | None, caught: Value) -> bool | None:
    if isinstance(exception, str):
        return _is_builtin_subclass(exception, caught)
    verdicts: list[bool | None] = [None]
    if exception is not None:
        order = method_resolution_order(ev, exception)
        if isinstance(caught, ClassValue) and caught.code in order:
            return True
        names = [ev.classes.builtins.get(base) for base in unknown_ancestors(ev, exception)]
        verdicts = [_is_builtin_subclass(name, caught) for name in names] or [None]
    if True in verdicts:
        return True
    if None not in verdicts:
        return False
    # Hardly any exception is none, if it is not one of Python's.
    return True if _is_builtin_subclass("Exception", caught) else None


def _is_builtin_subclass(name: str | None, caught: Value) -> bool | None:
    """The same for the builtin class of that name; None stands for any class."""
    raised_class = None if name is None else getattr(builtins, name, None)
    if not isinstance(raised_class, type):
        return None
    if isinstance(caught, ClassValue):
        return False
    caught_class = (
        getattr(builtins, caught.name, None) if isinstance(caught, BuiltinValue) else None
    )
    return issubclass(raised_class, caught_class) if isinstance(caught_class, type) else None
