"""What is selected from arrays and sequences, as far as the selecting call or key tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.values.provenance import OperationOn
from estimator_lint.domain.values.values import Constant, SymbolicValue, Value
from estimator_lint.interpreter.changed_objects import compares
from estimator_lint.tensorflow_api.searches import (
    finds_positions,
    items_taken_together,
    tells_apart,
)

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import CallOf
    from estimator_lint.interpreter.evaluator import Evaluator


def selects(ev: Evaluator, base: Value, key: Value) -> bool:
    """Whether an item of ``base`` is what a search has found, or a mask leaves of an array."""
    found_by = base.result_of if isinstance(base, SymbolicValue) else None
    return (found_by is not None and finds_positions(found_by)) or _is_mask(ev, key)


def _is_mask(ev: Evaluator, key: Value, depth: int = 0) -> bool:
    """Whether a key is made of comparisons: ``sizes > 4``."""
    if not isinstance(key, SymbolicValue) or depth > bounds.MAX_OPERATORS:
        return False
    if key.result_of is not None and (tells_apart(key.result_of) or finds_positions(key.result_of)):
        return True
    if compares(ev, key.number):
        return True
    match ev.origins.get(key.number):
        case OperationOn(operands=operands):
            return any(_is_mask(ev, operand, depth + 1) for operand in operands)
    return False


def items_needed(call: CallOf) -> int | None:
    """How many items a call needs of its first argument to return any; None if that is unknown."""
    taken = items_taken_together(call.path or "")
    if taken is None or not call.arguments:
        return None
    together, position, name = taken
    count = None if name is None else call.argument(position, name)
    if isinstance(count, Constant) and isinstance(count.value, int):
        return count.value + together - 1
    return together
