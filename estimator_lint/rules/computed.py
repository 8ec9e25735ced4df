"""Whether a tensor is computed from the batch at hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.values.provenance import CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import Constant, SymbolicValue, Value
from estimator_lint.rules.sources import behind
from estimator_lint.tensorflow_api.callback_arguments import chooses
from estimator_lint.tensorflow_api.results import returns_tensor
from estimator_lint.tensorflow_api.slim import slim_layer
from estimator_lint.tensorflow_api.symbols import short_name
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import Origin, Origins

#: Functions whose results may be known without a batch.
_OF_SHAPE = frozenset({"ones_like", "rank", "shape", "shape_n", "size", "zeros_like", "no_op"})


def reads_input(value: Value, origins: Origins) -> bool:
    """Whether computing a tensor certainly needs a batch of features or labels."""
    return isinstance(value, SymbolicValue) and any(
        one.of_input or one.labels for one in computed_from(value, origins)
    )


def computed_from(value: Value, origins: Origins) -> Iterator[SymbolicValue]:
    """The tensors from which TensorFlow computes those in ``value``, as far as known."""
    for one, _ in behind(value, origins, lambda origin: _computes(origin, origins)):
        yield one


def _computes(origin: Origin, origins: Origins) -> bool:
    """Whether TensorFlow computes something from each of its parts."""
    match origin:
        case OperationOn():
            return True
        case ItemOf(base=SymbolicValue(number=number), key=key):
            made = origins.get(number)
            if isinstance(made, CallOf) and kind_of_result(made.path or "") is Kind.METRIC:
                return key == Constant(1)  # the update op is; the value is not
            return True
        case CallOf(path=str() as path):
            if kind_of_result(path) is Kind.METRIC:
                return True
            if chooses(path):
                return True
            made_by, called, method = path.rpartition("()")
            if called and not method:
                return kind_of_result(made_by) is Kind.LAYER or kind_of_result(path) is Kind.TENSOR
            return short_name(path) not in _OF_SHAPE and (
                returns_tensor(path) or slim_layer(path) is not None
            )
    return False
