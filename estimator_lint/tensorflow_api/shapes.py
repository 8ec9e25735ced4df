"""The effect of functions on the shape of their first argument."""

from __future__ import annotations

import functools

from estimator_lint.tensorflow_api.symbols import short_name

#: Functions that return the same shape, or a larger one; those of ``math`` are also in ``tf``.
_KEEPING = frozenset(
    """
    abs add ceil equal exp floor greater greater_equal less less_equal log logical_and logical_not
    logical_or maximum minimum multiply negative not_equal pow round rsqrt sigmoid sign sqrt square
    squared_difference subtract tanh
    """.split()
)
_KEEPING_ELSEWHERE = frozenset(
    """
    as_string cast clip_by_value identity saturate_cast stop_gradient strings.as_string to_double
    to_float to_int32 to_int64 nn.dropout nn.elu nn.log_softmax nn.relu nn.sigmoid nn.softmax
    nn.softplus nn.tanh
    """.split()
)
#: Others, which are not asked for as often: their first argument comes in batches.
_KEEPING_BATCHES = frozenset(
    """
    nn.batch_normalization nn.bias_add nn.crelu nn.l2_normalize nn.leaky_relu nn.relu6 nn.selu
    nn.softsign nn.swish
    """.split()
)
#: Functions that take two tensors, each of which may have the shape of the result.
_OF_TWO = frozenset(
    """
    add divide equal greater greater_equal less less_equal logical_and logical_or maximum minimum
    multiply not_equal pow squared_difference subtract
    """.split()
)
#: Functions that create a tensor of a shape, with the position of that argument.
_CREATING = {
    "fill": (0, "dims"),
    "get_variable": (1, "shape"),
    "ones": (0, "shape"),
    "random_normal": (0, "shape"),
    "random_uniform": (0, "shape"),
    "random.normal": (0, "shape"),
    "random.uniform": (0, "shape"),
    "truncated_normal": (0, "shape"),
    "zeros": (0, "shape"),
}
_REDUCING_IN_BACKEND = frozenset({"logsumexp", "max", "mean", "min", "prod", "std", "sum", "var"})
#: Layers, without their underscores, that return two dimensions, or at least two.
_LAYERS_OF_TWO = frozenset({"dense", "densefeatures", "flatten", "fullyconnected", "linear"})
_FUNCTIONS_OF_TWO = frozenset(
    """
    feature_column.input_layer feature_column.linear_model nn.xw_plus_b
    """.split()
)
#: Layers that return what they are given, scaled.
_LAYERS_KEEPING = frozenset(
    """
    activation batchnorm batchnormalization dropout elu gaussiannoise layernorm layernormalization
    leakyrelu prelu relu softmax
    """.split()
)
_DIMENSIONS_OF_IMAGES = {"1d": 3, "2d": 4, "3d": 5}
#: Functions and layers whose results have two dimensions or more.
_IN_ROWS = frozenset(
    """
    layers.conv1d layers.conv2d layers.conv3d layers.dense layers.flatten linalg.matmul matmul
    one_hot
    """.split()
)
_LAYERS_IN_ROWS = frozenset("Conv1D() Conv2D() Conv3D() Dense() Flatten()".split())
#: The arguments of ``tf.squeeze`` for the dimensions to remove, by position and name.
SQUEEZE_AXES = ((1, "axis"), (3, "squeeze_dims"))
#: Those of reductions, which keep the dimensions with ``KEEPING_DIMENSIONS``.
_REDUCED_AXES = ((1, "axis"), (4, "reduction_indices"))
AXES_REMOVED = (*SQUEEZE_AXES, *_REDUCED_AXES)
KEEPING_DIMENSIONS = ("keepdims", "keep_dims")
#: The argument of ``tf.gather`` with what it takes.
INDICES_OF_GATHER = (1, "indices")


@functools.lru_cache(maxsize=4096)
def keeps_shape(path: str) -> bool:
    """Whether ``path`` returns a tensor of the shape of its first argument, or a larger one."""
    name = short_name(path) or ""
    return name in _KEEPING_ELSEWHERE or name.removeprefix("math.") in _KEEPING


@functools.lru_cache(maxsize=4096)
def squeezes(path: str) -> bool:
    """Whether ``path`` names ``tf.squeeze``, which removes all dimensions of 1 by default."""
    return short_name(path) == "squeeze"


@functools.lru_cache(maxsize=4096)
def removes_dimensions(path: str) -> bool:
    """Whether ``path`` returns fewer dimensions: ``tf.squeeze``, ``tf.reduce_mean``."""
    return squeezes(path) or (short_name(path) or "").removeprefix("math.").startswith("reduce_")


@functools.lru_cache(maxsize=4096)
def keeps_shape_of_batch(path: str) -> bool:
    """Whether ``path`` returns the shape of its first argument, which may be a layer's input.

    >>> keeps_shape_of_batch("tensorflow.keras.layers.Dropout()")
    True
    """
    return (
        keeps_shape(path) or short_name(path) in _KEEPING_BATCHES or _layer(path) in _LAYERS_KEEPING
    )


@functools.lru_cache(maxsize=4096)
def combines(path: str) -> bool:
    """Whether ``path`` is an operator on its first two arguments: ``tf.subtract``."""
    return (short_name(path) or "").removeprefix("math.") in _OF_TWO


@functools.lru_cache(maxsize=4096)
def shape_argument(path: str) -> tuple[int, str] | None:
    """The argument with the shape of what ``path`` creates."""
    return _CREATING.get(short_name(path) or "")


@functools.lru_cache(maxsize=4096)
def axes_argument(path: str) -> tuple[tuple[int, str], ...]:
    """The arguments for the dimensions that ``path`` sums up; none if it does not.

    >>> axes_argument("tensorflow.norm")
    ((2, 'axis'),)
    """
    name = (short_name(path) or "").removeprefix("math.")
    folder, _, last = name.rpartition(".")
    if last == "norm" and folder in ("", "linalg"):
        return ((2, "axis"),)
    if name.startswith("reduce_"):
        return _REDUCED_AXES
    reduces = folder == "keras.backend" and last in _REDUCING_IN_BACKEND
    return ((1, "axis"),) if reduces else ()


@functools.lru_cache(maxsize=4096)
def dimensions_of_layer(path: str) -> int:
    """How many dimensions the result of a layer has at least; 0 if ``path`` is no such layer.

    >>> dimensions_of_layer("tensorflow.layers.max_pooling2d")
    4
    """
    layer = _layer(path)
    if layer is None:
        return 2 if short_name(path) in _FUNCTIONS_OF_TWO else 0
    if layer in _LAYERS_OF_TWO or layer.startswith("global"):
        return 2
    is_for_images = "conv" in layer or "pool" in layer
    return (
        _DIMENSIONS_OF_IMAGES.get(layer.removesuffix("transpose")[-2:], 0) if is_for_images else 0
    )


def _layer(path: str) -> str | None:
    """The name of a layer that is applied, in small letters; None for anything else."""
    folder, _, last = (short_name(path) or "").rpartition(".")
    applied = last.removesuffix("()")
    if folder.rpartition(".")[2] not in ("layers", "slim") or "(" in applied:
        return None
    if applied[:1].isupper() and applied == last:
        return None  # a class of layers
    return applied.replace("_", "").lower()


@functools.lru_cache(maxsize=4096)
def reshapes(path: str) -> bool:
    """Whether ``path`` names ``tf.reshape``."""
    return short_name(path) == "reshape"


@functools.lru_cache(maxsize=4096)
def gathers(path: str) -> bool:
    """Whether ``path`` names ``tf.gather``."""
    return short_name(path) == "gather"


@functools.lru_cache(maxsize=4096)
def makes_rows(path: str) -> bool:
    """Whether ``path`` returns a tensor of two dimensions or more."""
    name = short_name(path) or ""
    folder, _, last = name.rpartition(".")
    return name in _IN_ROWS or (folder.endswith("layers") and last in _LAYERS_IN_ROWS)
