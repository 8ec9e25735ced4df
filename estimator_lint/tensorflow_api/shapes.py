"""The effect of functions on the shape of their first argument."""

from __future__ import annotations

import functools

from estimator_lint.tensorflow_api.symbols import short_name

#: Functions that return the same shape, or a larger one; those of ``math`` are also in ``tf``.
_KEEPING = frozenset(
    """
    abs add ceil equal exp floor greater greater_equal less less_equal log logical_and logical_not
    logical_or maximum minimum multiply negative not_equal pow round rsqrt sigmoid sign sqrt square
    subtract tanh
    """.split()
)
_KEEPING_ELSEWHERE = frozenset(
    """
    as_string cast clip_by_value identity saturate_cast stop_gradient strings.as_string to_double
    to_float to_int32 to_int64 nn.dropout nn.elu nn.log_softmax nn.relu nn.sigmoid nn.softmax
    nn.softplus nn.tanh
    """.split()
)
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
#: Those of ``tf.squeeze`` and of reductions, which keep dimensions with ``KEEPING_DIMENSIONS``.
AXES_REMOVED = (*SQUEEZE_AXES, (2, "reduction_indices"))
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
