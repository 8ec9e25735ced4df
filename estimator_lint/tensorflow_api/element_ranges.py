"""In which range the elements of tensors are that TensorFlow's functions return.

Paths are those of ``short_name``.  Functions of which nothing is said here return elements of a
range that is not known; those of ``rounds`` among them.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass

from estimator_lint.tensorflow_api.slim import slim_layer
from estimator_lint.tensorflow_api.symbols import short_name


class Range(enum.Enum):
    """What numbers are; the text is how messages call a tensor of such."""

    UNBOUNDED = "logits or other real numbers"
    REAL = "real numbers"
    PROBABILITY = "probabilities"


@dataclass(frozen=True)
class LinearLayer:
    """A layer whose outputs are weighted sums, by which its activation comes.

    Attributes:
        units: the argument that says how many numbers there are for each example; None: it is
            not of that kind.
        activation: the name of the argument.
        position: its position.
        linear: without the argument there is no activation.
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
#: They give elements that are among those of their first argument.
_KEEPING = _paths(
    """
    boolean_mask broadcast_to expand_dims gather gather_nd identity math.reduce_max
    math.reduce_min reduce_max reduce_min reshape reverse squeeze stop_gradient tile transpose
    """
)
#: They give real numbers if they are given some, in as many columns.
_MIXING = _paths(
    "add math.add math.multiply math.subtract multiply nn.bias_add nn.dropout subtract"
)
_ARGMAX = _paths("argmax arg_max math.argmax")
#: They change the type of numbers, and leave integers as they are.
_CASTING = _paths("cast dtypes.cast to_double to_float to_int32 to_int64")


@functools.lru_cache(maxsize=4096)
def linear_layer(path: str) -> LinearLayer | None:
    """What ``path`` is, where it is such a layer."""
    layer = slim_layer(path)
    return _LAYERS.get(short_name(path) or "") if layer is None else _OF_SLIM.get(layer)


@functools.lru_cache(maxsize=4096)
def range_of_result(path: str) -> Range | None:
    """The range of what a function returns, whatever it is given."""
    name = short_name(path)
    if name in _PROBABILITIES:
        return Range.PROBABILITY
    return Range.REAL if name in _REALS else None


@functools.lru_cache(maxsize=4096)
def range_of_activation(name: str) -> Range | None:
    """The range of what an activation gives, by the last name of its path, or its own name."""
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
    """Whether a function returns real numbers if one of its arguments has some."""
    return short_name(path) in _MIXING


@functools.lru_cache(maxsize=4096)
def is_argmax(path: str) -> bool:
    """Whether a function returns the places of the largest elements."""
    return short_name(path) in _ARGMAX


@functools.lru_cache(maxsize=4096)
def casts_numbers(path: str) -> bool:
    """Whether a function returns its first argument as numbers of another type."""
    return short_name(path) in _CASTING
