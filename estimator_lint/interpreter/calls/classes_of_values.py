"""Which class a value is an instance of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import (
    ClassValue,
    NamedTupleClass,
    Reference,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.classes.method_resolution import (
    known_ancestors,
    method_resolution_order,
)
from estimator_lint.interpreter.lookup.instances import instance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import ClassCode


def is_instance_of_one(ev: Evaluator, value: Value, kinds: Sequence[Value]) -> bool | None:
    """Whether a value is an instance of one of some classes; None if unknown."""
    outcomes = [_is_instance(ev, value, kind) for kind in kinds]
    if any(outcomes):
        return True
    return None if None in outcomes else False


def _is_instance(ev: Evaluator, value: Value, kind: Value) -> bool | None:
    match value, kind:
        case TupleValue(), NamedTupleClass():
            # Two classes may have the same fields.
            return None if value.names == kind.names else False
        case TupleValue() | Reference(), ClassValue():
            return None if getattr(value, "names", ()) else False
        case SymbolicValue(instance_of=code), ClassValue() if code is not None:
            known = instance(ev, value)
            if not known.is_new or known.classes != (code,):
                return None
            if kind.code in known_ancestors(ev, code):
                return True
            return False if _is_plain(ev, code) and _is_plain(ev, kind.code) else None
        case SymbolicValue(result_of=str() as made_by), SymbolicValue(symbol=str() as path):
            return True if made_by == path else None
    return None


def _is_plain(ev: Evaluator, code: ClassCode) -> bool:
    """Whether all ancestors of a class are known, and no metaclass may tell its instances."""
    ancestors = method_resolution_order(ev, code)
    return all(not isinstance(one, int) and not one.node.keywords for one in ancestors)
