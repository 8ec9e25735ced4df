"""Losses that have a row for each example, by what has been done to the inputs."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from estimator_lint.domain import bounds
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    NONE,
    TRUE,
    Constant,
    SymbolicValue,
    Value,
)
from estimator_lint.interpreter.specs.tensor_ranks import ELEMENTWISE, first_given, written_items
from estimator_lint.tensorflow_api.shapes import (
    INDICES_OF_GATHER,
    KEEPING_DIMENSIONS,
    SQUEEZE_AXES,
    axes_argument,
    combines,
    dimensions_of_layer,
    keeps_shape_of_batch,
    reshapes,
    shape_argument,
    squeezes,
)
from estimator_lint.tensorflow_api.symbols import short_name
from estimator_lint.tensorflow_api.value_types import is_per_example_loss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.interpreter.evaluator import Evaluator


class Rows(enum.Enum):
    """What the first dimension of a tensor is."""

    UNKNOWN = "it is not known"
    ONE = "it is 1 in the source"
    TAKEN = "there was one for the examples, or one that was 1, and the source has removed it"
    BATCH = "it is that of an input, the examples of a batch"


class Shape(NamedTuple):
    """What is known of a shape.

    Attributes:
        rows: the first dimension.
        rank: the least number of dimensions.
    """

    rows: Rows = Rows.UNKNOWN
    rank: int = 0


_UNKNOWN = Shape()
_TRANSPOSING = frozenset({"adjoint_a", "transpose_a"})


def has_row_per_example(ev: Evaluator, value: Value) -> bool:
    """Whether a tensor certainly has a dimension for the examples of a batch."""
    shape = shape_of(ev, value)
    return shape.rows is Rows.BATCH and shape.rank > 0


def has_one_row(ev: Evaluator, value: Value) -> bool:
    """Whether the losses that a function computed are those of one example.

    The labels and scores have the same number of examples, so one of the two is enough.
    """
    return shape_of(ev, value).rows in (Rows.ONE, Rows.TAKEN)


def shape_of(ev: Evaluator, value: Value) -> Shape:
    """The shape of a tensor, as far as the source says."""
    return _Tracing(ev).shape_of(value)


@dataclass
class _Tracing:
    """One search for a shape, which looks at each value once."""

    ev: Evaluator
    known: dict[int, Shape] = field(default_factory=dict)

    def shape_of(self, value: Value | None, depth: int = 0) -> Shape:
        if not isinstance(value, SymbolicValue) or depth > bounds.MAX_LAYERS:
            return _UNKNOWN
        shape = self.known.get(value.number)
        if shape is None:
            shape = self.known[value.number] = self._of_origin(value, depth + 1)
        return shape

    def _of_origin(self, value: SymbolicValue, depth: int) -> Shape:
        match self.ev.origins.get(value.number):
            case OperationOn(name=name, operands=operands) if name in ELEMENTWISE:
                return self._combined(operands, depth)
            case ItemOf(base=base, key=key):
                if isinstance(key, Constant) and isinstance(key.value, str):
                    return self.shape_of(base, depth)
                is_added = key == NONE or (
                    isinstance(key, SymbolicValue) and short_name(key.symbol or "") == "newaxis"
                )
                return Shape(Rows.ONE, 1) if is_added else self._at_index(base, key, depth)
            case CallOf(path=str() as path) as call:
                return self._of_call(path, call, depth)
            case None if value.of_input and not value.imprecise:
                return Shape(Rows.BATCH)
        return _UNKNOWN

    def _at_index(self, base: Value, key: Value | None, depth: int) -> Shape:
        """The shape of one row of a tensor."""
        shape = self.shape_of(base, depth)
        # The input itself may be a tuple of tensors.
        is_row = isinstance(key, Constant) and type(key.value) is int and shape.rank > 0
        return _without_rows(shape) if is_row else _UNKNOWN

    def _of_call(self, path: str, call: CallOf, depth: int) -> Shape:
        first = call.arguments[0] if call.arguments else call.keywords.get("inputs")
        if is_per_example_loss(path):
            return self._of_loss(path, call, depth)
        if combines(path):
            return self._combined(call.arguments[:2], depth)
        if keeps_shape_of_batch(path):
            return self.shape_of(first, depth)
        rank = dimensions_of_layer(path)
        if rank:
            given_shape = self.shape_of(first, depth)
            return Shape(given_shape.rows, max(rank, given_shape.rank) if rank == 2 else rank)
        if squeezes(path) and len(call.arguments) == 1 and not call.keywords:
            shape = self.shape_of(first, depth)  # a batch of one example loses that dimension, too
            is_batch = shape.rows is Rows.BATCH
            return Shape(shape.rows, min(1, shape.rank)) if is_batch else _without_rows(shape)
        axes = SQUEEZE_AXES if squeezes(path) else axes_argument(path)
        if axes:
            return _without(self.shape_of(first, depth), call, axes)
        return self._rearranged(path, call, depth)

    def _rearranged(self, path: str, call: CallOf, depth: int) -> Shape:
        """The shape of what a function makes that is about shapes."""
        given = shape_argument(path)
        if given is not None:
            return _as_written(call.argument(*given), _UNKNOWN)
        if reshapes(path):
            return _as_written(
                call.argument(1, "shape"), self.shape_of(call.argument(0, "tensor"), depth)
            )
        shape = self.shape_of(call.arguments[0] if call.arguments else None, depth)
        match short_name(path):
            case "expand_dims":
                axis = call.argument(1, "axis")
                rows = Rows.ONE if axis == Constant(0) else Rows.UNKNOWN
                is_behind = (
                    isinstance(axis, Constant) and isinstance(axis.value, int) and axis.value > 0
                )
                return Shape(shape.rows if is_behind else rows, shape.rank + 1)
            case "where" if len(call.arguments) == 3:
                return self._combined(call.arguments[1:], depth)
            case "one_hot" if "axis" not in call.keywords and len(call.arguments) < 5:
                return Shape(shape.rows, shape.rank + 1)
            case "matmul" | "linalg.matmul" if (
                len(call.arguments) == 2 and not _TRANSPOSING & call.keywords.keys()
            ):
                return Shape(shape.rows, max(2, shape.rank))
            case "nn.embedding_lookup" | "gather" if (
                len(call.arguments) < 3 and "axis" not in call.keywords
            ):
                name = "ids" if "lookup" in path else INDICES_OF_GATHER[1]
                return self.shape_of(call.argument(INDICES_OF_GATHER[0], name), depth)
            case "concat":
                axis = call.argument(1, "axis")
                items = written_items(call.argument(0, "values"))
                if items is not None and axis in (Constant(1), Constant(-1)):
                    shapes = [self.shape_of(one, depth) for one in items]
                    return max(shapes, key=_rank_of_batch, default=_UNKNOWN)
        return _UNKNOWN

    def _of_loss(self, path: str, call: CallOf, depth: int) -> Shape:
        """The shape of a loss for each example; the scores have a dimension for the classes."""
        labels, scores = call.argument(0, "labels"), call.argument(1, "logits")
        given = [self.shape_of(one, depth) for one in (labels, scores)]
        rows = {shape.rows for shape in given} - {Rows.UNKNOWN}
        rank = given[1].rank
        if "softmax" in path or "categorical" in path:
            rank -= 1
        elif not path.endswith(("_with_logits", "_with_logits_v2")):
            rank = min(1, rank)
        return Shape(rows.pop() if len(rows) == 1 else Rows.UNKNOWN, max(0, rank))

    def _combined(self, operands: Sequence[Value], depth: int) -> Shape:
        """The shape of an operator's result: shapes are compared from their ends."""
        tensors = [one for one in operands if not self._is_number(one)]
        shapes = [self.shape_of(one, depth) for one in tensors]
        rows = {shape.rows for shape in shapes}
        if rows == {Rows.BATCH}:
            return Shape(Rows.BATCH, max(shape.rank for shape in shapes))
        if Rows.BATCH in rows or not rows - {Rows.UNKNOWN}:
            return _UNKNOWN
        return Shape(Rows.ONE, 1) if Rows.ONE in rows else Shape(Rows.TAKEN)

    def _is_number(self, value: Value) -> bool:
        """Whether an operand is a number, if it is what it seems to be: one of the ``params``."""
        if not isinstance(value, SymbolicValue):
            return True
        match self.ev.origins.get(value.number):
            case ItemOf(base=base) | AttributeOf(base=base):
                return isinstance(base, SymbolicValue) and self.ev.is_settings_object(base)
        return False


def _rank_of_batch(shape: Shape) -> int:
    """The dimensions of a tensor that is known to have rows for the examples; otherwise -1."""
    return shape.rank if shape.rows is Rows.BATCH and shape.rank > 1 else -1


def _as_written(shape: Value | None, given: Shape) -> Shape:
    """The shape that an argument names; ``given`` is that of what is reshaped."""
    items = written_items(shape)
    if not items:
        return _UNKNOWN
    if items[0] == Constant(1):
        return Shape(Rows.ONE, len(items))
    is_kept = (
        items[0] == Constant(-1)
        and given.rows is Rows.BATCH
        and (given.rank > 0 or len(items) > 1)  # an item of the input may be a number
        and all(isinstance(one, Constant) for one in items)
    )
    if given.rows is Rows.ONE:
        return Shape(Rows.TAKEN, len(items))
    return Shape(Rows.BATCH if is_kept else Rows.UNKNOWN, len(items))


def _without_rows(shape: Shape) -> Shape:
    """The shape of what is left without the first dimension."""
    is_known = shape.rows in (Rows.ONE, Rows.BATCH)
    return Shape(Rows.TAKEN, max(0, shape.rank - 1)) if is_known else _UNKNOWN


def _without(shape: Shape, call: CallOf, names: tuple[tuple[int, str], ...]) -> Shape:
    """The shape without the dimensions that a call removes, if these are all behind the first."""
    value = first_given(call, names)
    given = written_items(value) or (value,)
    axes = [one.value for one in given if isinstance(one, Constant) and type(one.value) is int]
    if len(axes) < len(given):
        return _UNKNOWN
    rank = max(shape.rank, *(axis + 1 if axis >= 0 else -axis for axis in axes))
    if any(axis == 0 or axis + rank <= 0 for axis in axes):
        is_taken = 0 in axes and not any(call.keywords.get(name) for name in KEEPING_DIMENSIONS)
        return _without_rows(Shape(shape.rows, rank)) if is_taken else _UNKNOWN
    is_kept = any(call.keywords.get(name) == TRUE for name in KEEPING_DIMENSIONS)
    return Shape(shape.rows, rank if is_kept else max(1, rank - len(axes)))
