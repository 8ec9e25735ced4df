"""Names in graphs: functions that open scopes, make variables, or add no names.

Sources: ``tensorflow/python/layers/base.py``, ``ops/variable_scope.py`` and ``framework/ops.py``
(1.15.0; ``compat.v1`` of 2.15.1 gives the same names): the name of a variable consists of the
variable scopes around it and its layer; the name of an op has the name scopes, which variable
scopes open as well.
"""

from __future__ import annotations

import functools

from estimator_lint.tensorflow_api.layer_objects import function_of_layer, is_layer_class
from estimator_lint.tensorflow_api.results import is_v1_optimizer, returns_tensor
from estimator_lint.tensorflow_api.symbols import short_name
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

#: The first argument of functions that open scopes, and of ``get_variable``.
NAME_OF_SCOPE = (0, "name_or_scope")
NAME_OF_NAME_SCOPE = (0, "name")
NAME_OF_VARIABLE = (0, "name")
#: The variable that an Estimator creates in each graph before it calls the model function.
GLOBAL_STEP = "global_step"
_VARIABLE_SCOPES = frozenset({"variable_scope"})
_NAME_SCOPES = frozenset({"name_scope"})

_LAYERS = frozenset(
    """
    batch_normalization conv1d conv2d conv2d_transpose conv3d conv3d_transpose dense
    separable_conv1d separable_conv2d
    """.split()
)
_LAYERS_WITHOUT_VARIABLES = ("dropout", "flatten", "max_pooling", "average_pooling")
#: Functions that make no variables, besides those that return a tensor.
_WITHOUT_VARIABLES = frozenset(
    """
    control_dependencies get_collection get_collection_ref get_variable_scope global_variables
    gradients group
    identity local_variables name_scope placeholder split train.Scaffold train.get_global_step
    train.get_or_create_global_step trainable_variables unstack variable_scope
    """.split()
)
_NAMESPACES_WITHOUT_VARIABLES = ("logging.", "metrics.", "summary.", "estimator.export.")


@functools.lru_cache(maxsize=4096)
def opens_variable_scope(path: str) -> bool:
    """Whether ``path`` names ``tf.variable_scope``."""
    return short_name(path) in _VARIABLE_SCOPES


@functools.lru_cache(maxsize=4096)
def opens_name_scope(path: str) -> bool:
    """Whether ``path`` names ``tf.name_scope``."""
    return short_name(path) in _NAME_SCOPES


@functools.lru_cache(maxsize=4096)
def gives_variable_scope(path: str) -> bool:
    """Whether ``path`` names ``tf.get_variable_scope``."""
    return short_name(path) == "get_variable_scope"


@functools.lru_cache(maxsize=4096)
def layer_with_variables(path: str) -> str | None:
    """The default name of a layer of ``tf.layers`` for its variables, if applying it makes some."""
    module, _, name = (short_name(path) or "").rpartition(".")
    layer = function_of_layer(path) or (name if module == "layers" else "")
    return layer if layer in _LAYERS else None


@functools.lru_cache(maxsize=4096)
def is_get_variable(path: str) -> bool:
    """Whether ``path`` names ``tf.get_variable``."""
    return short_name(path) == "get_variable"


@functools.lru_cache(maxsize=4096)
def is_variable_class(path: str) -> bool:
    """Whether ``path`` names ``tf.Variable``, which makes a variable named like an op."""
    return short_name(path) == "Variable"


@functools.lru_cache(maxsize=4096)
def makes_variables(path: str) -> bool:
    """Whether ``path`` makes variables with known names."""
    known = is_get_variable(path) or is_variable_class(path)
    return known or layer_with_variables(path) is not None


@functools.lru_cache(maxsize=4096)
def makes_no_variables(path: str) -> bool:
    """Whether ``path`` makes no variables in checkpoints, except those of optimizers."""
    name = short_name(path) or ""
    made_by, called, _ = path.rpartition("()")
    if is_layer_class(made_by):
        return (function_of_layer(path) or "").startswith(_LAYERS_WITHOUT_VARIABLES)
    if kind_of_result(made_by or path) is Kind.KERAS_METRIC:
        return True  # local ones, if any
    if called:
        return is_v1_optimizer(made_by) or makes_no_variables(made_by)
    if name.startswith("layers."):
        layer = name.removeprefix("layers.")
        return is_layer_class(path) or layer.startswith(_LAYERS_WITHOUT_VARIABLES)
    return (
        name in _WITHOUT_VARIABLES
        or name.startswith(_NAMESPACES_WITHOUT_VARIABLES)
        or is_v1_optimizer(path)
        or (name.startswith("train.") and name.endswith(("Hook", "_decay")))
        or (returns_tensor(path) and "rnn" not in name)
    )
