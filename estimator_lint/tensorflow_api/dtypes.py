"""The element types of the tensors that TensorFlow's functions return.

Paths are those of ``short_name``. Functions that are not listed return elements of an unknown type.
"""

from __future__ import annotations

import enum
import functools

from estimator_lint.tensorflow_api.layer_objects import function_of_layer
from estimator_lint.tensorflow_api.symbols import short_name


class ElementType(enum.Enum):
    """A type of elements; the text is its wording in messages."""

    INTEGER = "integers"
    REAL = "real numbers"
    STRING = "strings"
    TRUTH = "truth values"


def _paths(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Functions that always return integers: the indices of classes, positions and lengths.
_INTEGERS = _paths(
    """
    argmax argmin arg_max arg_min argsort math.argmax math.argmin rank shape shape_n size
    strings.length to_int32 to_int64 math.count_nonzero count_nonzero searchsorted
    strings.to_hash_bucket strings.to_hash_bucket_fast strings.to_hash_bucket_strong
    """
)
#: Functions that only accept, or that make, real numbers.
_REALS = _paths(
    """
    exp log sigmoid sqrt tanh to_double to_float random_normal random_uniform truncated_normal
    math.exp math.log math.sigmoid math.sqrt math.tanh math.softmax math.log_softmax
    nn.dropout nn.elu nn.log_softmax nn.sigmoid nn.softmax nn.softplus nn.tanh
    layers.batch_normalization layers.conv1d layers.conv2d layers.conv2d_transpose layers.conv3d
    layers.dense layers.dropout layers.separable_conv2d random.normal random.uniform
    keras.activations.sigmoid keras.activations.softmax keras.activations.tanh
    keras.layers.Conv2D() keras.layers.Dense() keras.layers.Dropout() keras.layers.LSTM()
    keras.layers.GRU() losses.absolute_difference
    losses.mean_squared_error losses.sigmoid_cross_entropy losses.softmax_cross_entropy
    losses.sparse_softmax_cross_entropy
    """
)
_STRINGS = _paths(
    """
    as_string string_join strings.as_string strings.format strings.join strings.lower
    strings.reduce_join strings.regex_replace strings.strip strings.substr strings.upper
    """
)
_TRUTHS = _paths(
    """
    equal greater greater_equal is_finite is_nan less less_equal logical_and logical_not
    logical_or math.equal math.greater math.greater_equal math.less math.less_equal
    math.logical_and math.logical_not math.logical_or not_equal math.not_equal
    """
)
#: Functions that return elements of the type of their first argument.
_KEEPING = _paths(
    """
    abs boolean_mask broadcast_to clip_by_value expand_dims gather gather_nd identity
    math.abs math.reduce_max math.reduce_min math.reduce_sum negative pad reduce_max reduce_min
    reduce_sum reshape reverse sort squeeze stop_gradient tile transpose nn.relu
    """
)
_TYPES = {
    **dict.fromkeys(_INTEGERS, ElementType.INTEGER),
    **dict.fromkeys(_REALS, ElementType.REAL),
    **dict.fromkeys(_STRINGS, ElementType.STRING),
    **dict.fromkeys(_TRUTHS, ElementType.TRUTH),
}
_CASTS = _paths("cast dtypes.cast saturate_cast")


@functools.lru_cache(maxsize=4096)
def element_type_of_result(path: str) -> ElementType | None:
    """The element type of a function's result, regardless of its arguments."""
    layer = function_of_layer(path)
    return _TYPES.get(short_name(path) or "" if layer is None else f"layers.{layer}")


@functools.lru_cache(maxsize=4096)
def keeps_element_type(path: str) -> bool:
    """Whether a function returns elements of the type of its first argument."""
    return short_name(path) in _KEEPING


@functools.lru_cache(maxsize=4096)
def casts(path: str) -> bool:
    """Whether a function returns elements of the type that its second argument names."""
    return short_name(path) in _CASTS


@functools.lru_cache(maxsize=4096)
def type_of_dtype(name: str) -> ElementType | None:
    """The element type of a dtype, by the last name of its path, or its own name."""
    last = name.rpartition(".")[2]
    if last.startswith(("int", "uint")):
        return ElementType.INTEGER
    if last.startswith(("float", "bfloat", "double", "half")):
        return ElementType.REAL
    return {"string": ElementType.STRING, "bool": ElementType.TRUTH}.get(last)
