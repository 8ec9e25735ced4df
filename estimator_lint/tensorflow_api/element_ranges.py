"""The ranges of elements of the tensors that TensorFlow's functions return.

Paths are those of ``short_name``. Functions that are not listed return elements in an unknown
range; so do those of ``rounds``.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass

from estimator_lint.tensorflow_api.slim import slim_layer
from estimator_lint.tensorflow_api.symbols import short_name


class Range(enum.Enum):
    """A range of numbers; the text is the wording for such a tensor in messages."""

    UNBOUNDED = "logits or other real numbers"
    REAL = "real numbers"
    PROBABILITY = "probabilities"


@dataclass(frozen=True)
class LinearLayer:
    """A layer that computes weighted sums and then applies an activation.

    Attributes:
        units: the argument for the number of outputs per example; None if there is none.
        activation: the name of the argument for the activation.
        position: its position.
        linear: the default is no activation.
    """

    units: tuple[int, str] | None
    activation: str
    position: int
    linear: bool


_LAYERS = {
    "layers.dense": LinearLayer((1, "units"), "activation", 2, True),
    "layers.Dense": LinearLayer((0, "units"), "activation", 1, True),
    "keras.layers.Dense": LinearLayer((0, "units"), "activation", 1, True),
}
_OF_SLIM = {
    "fully_connected": LinearLayer((1, "num_outputs"), "activation_fn", 2, False),
    "linear": LinearLayer((1, "num_outputs"), "activation_fn", 2, True),
}


def _paths(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PROBABILITIES = _paths("nn.softmax sigmoid math.sigmoid nn.sigmoid math.softmax softmax")
_PROBABILITY_ACTIVATIONS = frozenset({"softmax", "sigmoid"})
_REALS = _paths("nn.log_softmax math.log_softmax log_softmax tanh math.tanh nn.tanh nn.softplus")
_REAL_ACTIVATIONS = frozenset({"tanh", "softplus", "log_softmax", "relu", "elu", "selu"})
#: Functions that return elements of their first argument.
_KEEPING = _paths(
    """
    boolean_mask broadcast_to expand_dims gather gather_nd identity math.reduce_max
    math.reduce_min reduce_max reduce_min reshape reverse squeeze stop_gradient tile transpose
    """
)
#: Functions that return real numbers for real numbers, with the same number of columns.
_MIXING = _paths(
    "add math.add math.multiply math.subtract multiply nn.bias_add nn.dropout subtract"
)
_ARGMAX = _paths("argmax arg_max math.argmax")
_TOP_K = _paths("nn.top_k math.top_k")
#: Functions that change the type of numbers, but keep the values of integers.
_CASTING = _paths("cast dtypes.cast to_double to_float to_int32 to_int64")


@functools.lru_cache(maxsize=4096)
def linear_layer(path: str) -> LinearLayer | None:
    """The description of ``path``, if it is such a layer."""
    layer = slim_layer(path)
    return _LAYERS.get(short_name(path) or "") if layer is None else _OF_SLIM.get(layer)


@functools.lru_cache(maxsize=4096)
def range_of_result(path: str) -> Range | None:
    """The range of a function's result, regardless of its arguments."""
    name = short_name(path)
    if name in _PROBABILITIES:
        return Range.PROBABILITY
    return Range.REAL if name in _REALS else None


@functools.lru_cache(maxsize=4096)
def range_of_activation(name: str) -> Range | None:
    """The range of an activation's result, by the last name of its path, or its own name."""
    last = name.rpartition(".")[2]
    if last == "linear":
        return Range.UNBOUNDED
    if last in _PROBABILITY_ACTIVATIONS:
        return Range.PROBABILITY
    return Range.REAL if last in _REAL_ACTIVATIONS else None


@functools.lru_cache(maxsize=4096)
def keeps_elements(path: str) -> bool:
    """Whether a function returns elements of its first argument."""
    return short_name(path) in _KEEPING


@functools.lru_cache(maxsize=4096)
def mixes_elements(path: str) -> bool:
    """Whether a function returns real numbers if one of its arguments contains real numbers."""
    return short_name(path) in _MIXING


@functools.lru_cache(maxsize=4096)
def is_argmax(path: str) -> bool:
    """Whether a function returns the indices of the largest elements."""
    return short_name(path) in _ARGMAX


@functools.lru_cache(maxsize=4096)
def is_top_k(path: str) -> bool:
    """Whether a function returns the largest elements and their indices."""
    return short_name(path) in _TOP_K


@functools.lru_cache(maxsize=4096)
def casts_numbers(path: str) -> bool:
    """Whether a function returns its first argument as numbers of another type."""
    return short_name(path) in _CASTING
