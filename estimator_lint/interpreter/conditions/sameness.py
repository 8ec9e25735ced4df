"""Whether two values that a comparison asks about are one and the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain.values.provenance import ItemOf
from estimator_lint.domain.values.values import Constant, SymbolicValue, Value

if TYPE_CHECKING:
    from estimator_lint.interpreter.evaluator import Evaluator


def may_be_same(ev: Evaluator, left: Value, right: Value) -> bool:
    """Whether two values seem to be one, or the first item of something and its item 0.

    Not that they are: the same call may give two objects, and NaN does not equal itself.
    """
    if not isinstance(left, SymbolicValue) or not isinstance(right, SymbolicValue):
        return False
    if left.number == right.number:
        return True
    for one, other in ((left, right), (right, left)):
        origin = ev.origins.get(other.number)
        if isinstance(origin, ItemOf) and origin.key == Constant(0):
            iterated = ev.first_items.get(one.number)
            return iterated is not None and ev.identity(iterated) == ev.identity(origin.base)
    return False


def are_start_of_range(ev: Evaluator, left: Value, right: Value) -> bool:
    """Whether both values are the number with which a ``range`` starts: its first item is that."""
    return (
        isinstance(left, SymbolicValue)
        and isinstance(right, SymbolicValue)
        and left.number == right.number
        and left.number in ev.starts_of_ranges
        and not (left.imprecise and right.imprecise)
    )
