"""How many dimensions tensors have, as far as losses depend on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estimator_lint.domain import bounds
from estimator_lint.domain.values.provenance import CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    NONE,
    Constant,
    Picture,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.tensorflow_api.shapes import (
    AXES_REMOVED,
    INDICES_OF_GATHER,
    KEEPING_DIMENSIONS,
    gathers,
    keeps_shape,
    makes_rows,
    removes_dimensions,
    reshapes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estimator_lint.interpreter.evaluator import Evaluator

#: Operators by the names of libcst whose result has the larger shape of its operands.
ELEMENTWISE: Final = frozenset({"Add", "Subtract", "Multiply", "Divide", "Power", "Minus"})


def sums_over_all(ev: Evaluator, call: CallOf) -> bool:
    """Whether a cross entropy may be one number, since its classes are all that there is."""
    path = call.path or ""
    if "sparse" in path:  # the result has the shape of the labels
        return isinstance(call.keywords.get("labels") or call.argument(0, "y_true"), Constant)
    scores = call.argument(1, "logits") or call.argument(1, "y_pred")
    return "sigmoid" not in path and scores is not None and _may_be_flat(ev, scores, 0)


def _may_be_flat(ev: Evaluator, value: Value, depth: int) -> bool:
    """Whether a tensor may have one dimension, by what has been done to it."""
    if not isinstance(value, SymbolicValue) or depth > bounds.MAX_OPERATORS:
        return False
    match ev.origins.get(value.number):
        case OperationOn(name=name, operands=operands) if name in ELEMENTWISE:
            return any(_may_be_flat(ev, one, depth + 1) for one in operands) and not any(
                has_rows(ev, one) for one in operands
            )
        case ItemOf(base=base, key=key):
            return isinstance(base, SymbolicValue) and base.tensor and _takes_one(ev, key)
        case CallOf(path=str() as path) as call:
            if keeps_shape(path):
                return any(_may_be_flat(ev, one, depth + 1) for one in call.arguments[:1])
            if reshapes(path):
                shape = written_items(call.argument(1, "shape"))
                return shape is not None and len(shape) == 1
            if gathers(path):
                return isinstance(call.argument(*INDICES_OF_GATHER), Constant)
            return removes_dimensions(path) and _leaves_one(call)
    return False


def _takes_one(ev: Evaluator, key: Value) -> bool:
    """Whether a subscript has an index, as in ``scores[0]`` and ``scores[:, 0]``."""
    if isinstance(key, Constant):
        return True
    parts = ev.operands.get(key.number, ()) if isinstance(key, SymbolicValue) else ()
    return any(isinstance(part, Constant) for part in parts)


def _leaves_one(call: CallOf) -> bool:
    """Whether only one dimension may be left of those of a tensor.

    What has two dimensions removed by name is an image, say, and had four.
    """
    if any(name in call.keywords for name in KEEPING_DIMENSIONS):
        return False
    items = written_items(first_given(call, AXES_REMOVED))
    return items is None or len(items) < 2


def first_given(call: CallOf, names: Iterable[tuple[int, str]]) -> Value | None:
    """The first of several arguments, by position and name, that is given and not None."""
    given = (call.argument(position, name) for position, name in names)
    return next((one for one in given if one is not None and one != NONE), None)


def written_items(value: Value | None) -> tuple[Value, ...] | None:
    """The items of a list or tuple with which a shape or several axes are written."""
    match value:
        case TupleValue(items=items) | Picture(contents=SequenceContents(items=items)):
            return items
    return None


def has_rows(ev: Evaluator, value: Value, depth: int = 0) -> bool:
    """Whether a tensor certainly has two dimensions or more."""
    if not isinstance(value, SymbolicValue) or depth > bounds.MAX_OPERATORS:
        return False
    match ev.origins.get(value.number):
        case OperationOn(name=name, operands=operands) if name in ELEMENTWISE:
            return any(has_rows(ev, operand, depth + 1) for operand in operands)
        case CallOf(path=str() as path, arguments=arguments):
            if keeps_shape(path) and arguments:
                return has_rows(ev, arguments[0], depth + 1)
            # The indices of one_hot may be one number.
            return makes_rows(path) and not any(isinstance(one, Constant) for one in arguments[:1])
    return False
