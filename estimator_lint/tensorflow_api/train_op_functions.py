"""Calls that train, and calls that do not.

Paths are those of ``CallOf``: a method's path has ``()`` after the class of its object.

Sources: ``tensorflow/python/training/optimizer.py`` (``minimize`` and ``apply_gradients`` increment
the ``global_step`` argument and no other), ``learning_rate_decay.py`` and ``moving_averages.py``
beside it (they only read theirs), of TensorFlow 2.15.1 and 1.15.0.
"""

from __future__ import annotations

import functools

from estimator_lint.tensorflow_api.callback_arguments import TAKING_CALLBACKS
from estimator_lint.tensorflow_api.layer_functions import (
    adds_layer,
    applies_model,
    dropout,
    layer_call,
)
from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name
from estimator_lint.tensorflow_api.unused_by_itself import makes_summary
from estimator_lint.tensorflow_api.value_types import is_keras_loss_class

#: Last names of calls that rules look up, besides those of layers.
_WATCHED = frozenset(
    {
        "create_estimator_spec",
        "get_collection",
        "get_collection_ref",
        "ClassificationOutput",
        "PredictOutput",
        "RegressionOutput",
        "minimize",
        "apply_gradients",
        "get_updates",
    }
)


@functools.lru_cache(maxsize=4096)
def is_watched(path: str) -> bool:
    """Whether rules look up calls of ``path``."""
    return is_tensorflow(path) and (
        path.rpartition(".")[2] in _WATCHED | TAKING_CALLBACKS
        or layer_call(path) is not None
        or dropout(path) is not None
        or applies_model(path)
        or adds_layer(path)
        or makes_summary(path)
    )


def reads_collection(path: str) -> bool:
    """Whether ``path`` names a function, or a method of a graph, that reads a collection."""
    return path.rpartition(".")[2].startswith("get_collection")


def is_control_dependencies(path: str | None) -> bool:
    """Whether ``path`` names ``tf.control_dependencies``."""
    return path is not None and short_name(path) in (
        "control_dependencies",
        "python.framework.ops.control_dependencies",
    )


#: The arguments with which a head's ``create_estimator_spec`` trains
#: (``tensorflow_estimator/python/estimator/head/base_head.py`` and, for 1.15, ``canned/head.py``,
#: where the position is the same).
HEAD_TRAINS_WITH = ("optimizer", "train_op_fn")
HEAD_TRAINS_FROM = 4
HEAD_MODE = (1, "mode")
HEAD_LABELS = (3, "labels")

#: Its arguments for Keras optimizers, by position and name (``base_head.py``).
HEAD_OPTIMIZER = (4, "optimizer")
HEAD_VARIABLES = (5, "trainable_variables")

#: Optimizers of ``tf.compat.v1.train`` that inherit both methods from ``Optimizer`` unchanged.
_PLAIN_OPTIMIZERS = frozenset(
    f"train.{name}Optimizer"
    for name in (
        "Adadelta",
        "Adagrad",
        "Adam",
        "Ftrl",
        "GradientDescent",
        "Momentum",
        "ProximalAdagrad",
        "ProximalGradientDescent",
        "RMSProp",
    )
)
#: The position of ``global_step`` in the methods that make a training step.
_GLOBAL_STEP_ARGUMENT = {"minimize": 1, "apply_gradients": 1}
#: The argument of ``minimize`` with the variables to train.
VARIABLES_ARGUMENT = (2, "var_list")
#: The methods with which a Keras optimizer makes a step; it counts steps in its own ``iterations``.
_KERAS_STEPS = frozenset({"apply_gradients", "get_updates"})
_STEPS = _KERAS_STEPS | set(_GLOBAL_STEP_ARGUMENT)

#: Functions that make a whole training step, with the argument (position and name) that says
#: whether it counts, if it is given: a switch, or the global step
#: (``tensorflow/contrib/layers/python/layers/optimizers.py`` and
#: ``contrib/training/python/training/training.py`` of 1.15.0, ``contrib/slim`` beside them, and
#: ``optimizers.py`` and ``training/training.py`` of tf_slim 1.1.0).
_WHOLE_STEPS = {
    "contrib.layers.optimize_loss": (13, "increment_global_step"),
    "contrib.training.create_train_op": (2, "global_step"),
    "contrib.slim.learning.create_train_op": (2, "global_step"),
    "contrib.slim.optimize_loss": (13, "increment_global_step"),
    "contrib.slim.training.create_train_op": (2, "global_step"),
}

#: Functions whose op runs their arguments, and nothing else that trains.
_RUN_WHAT_THEY_ARE_GIVEN = frozenset({"group", "tuple", "identity", "no_op"})
#: Calls whose op neither trains nor counts steps.
_RUN_NOTHING_THAT_TRAINS = frozenset({"train.ExponentialMovingAverage().apply", "constant"})
_CHECKS_AND_SUMMARIES = ("assert_", "debugging.", "summary.")

_GLOBAL_STEP_GETTERS = frozenset(
    {"get_global_step", "get_or_create_global_step", "create_global_step"}
)
#: Functions that read a global step argument; all functions under ``summary`` do so, too.
_READ_GLOBAL_STEP = frozenset(
    """
    add cast div divide equal floor_div floordiv greater greater_equal identity less less_equal
    maximum minimum mod multiply not_equal pow print Print subtract to_double to_float to_int32
    to_int64 truediv train.ExponentialMovingAverage train.LoggingTensorHook train.cosine_decay
    train.cosine_decay_restarts train.exponential_decay train.inverse_time_decay
    train.linear_cosine_decay train.natural_exp_decay train.noisy_linear_cosine_decay
    train.piecewise_constant train.piecewise_constant_decay train.polynomial_decay
    """.split()
)
#: Attributes of a variable that do not change it.
READING_ATTRIBUTES = frozenset({"device", "dtype", "graph", "name", "op", "read_value", "value"})

#: Hooks that only watch training; all are in ``tf.estimator`` and ``tf.compat.v1.train``.
_WATCHING_HOOKS = frozenset(
    f"{name}Hook"
    for name in (
        "CheckpointSaver",
        "LoggingTensor",
        "NanTensor",
        "Profiler",
        "StepCounter",
        "StopAtStep",
        "SummarySaver",
    )
)


@functools.lru_cache(maxsize=4096)
def global_step_argument(path: str) -> int | None:
    """The position of ``global_step``, if ``path`` is a plain v1 optimizer's method for a step."""
    optimizer, _, method = (short_name(path) or "").rpartition("().")
    return _GLOBAL_STEP_ARGUMENT.get(method) if optimizer in _PLAIN_OPTIMIZERS else None


@functools.lru_cache(maxsize=4096)
def makes_a_step(path: str) -> bool:
    """Whether ``path`` is a method that makes a training step of some TensorFlow optimizer."""
    return is_tensorflow(path) and path.rpartition("().")[2] in _STEPS


@functools.lru_cache(maxsize=4096)
def keras_optimizer_method(path: str) -> str | None:
    """The method name, if ``path`` is a method of a Keras optimizer.

    ``keras/src/optimizers`` (2.15.1): ``minimize`` computes the loss itself, or needs the tape that
    recorded it; the attribute ``iterations`` counts the steps.
    """
    optimizer, _, method = (short_name(path) or "").rpartition("().")
    module, _, name = optimizer.rpartition(".")
    if module.removeprefix("keras.").split(".")[0] != "optimizers" or not name[:1].isupper():
        return None
    return None if "schedules" in module else method


@functools.lru_cache(maxsize=4096)
def makes_spec_by_head(path: str) -> bool:
    """Whether ``path`` is the method of a ``tf.estimator`` head that makes a spec.

    Head classes of 1.15 take ``trainable_variables``, too; heads of ``tf.contrib.estimator``, which
    functions make, do not.
    """
    head, _, method = path.rpartition("().")
    name = head.rpartition(".")[2]
    return (
        is_tensorflow(path)
        and method == "create_estimator_spec"
        and name.endswith("Head")
        and name[:1].isupper()
    )


@functools.lru_cache(maxsize=4096)
def makes_spec_by_any_head(path: str) -> bool:
    """The same for heads that functions make, too: those of ``tf.contrib.estimator``.

    Source: ``tensorflow_estimator/python/estimator/canned/head.py`` (1.15.0).

    >>> makes_spec_by_any_head("tensorflow.contrib.estimator.multi_head().create_estimator_spec")
    True
    """
    head, _, method = path.rpartition("().")
    makes_head = head.startswith("tensorflow.contrib.estimator.") and head.endswith("_head")
    return makes_spec_by_head(path) or (makes_head and method == "create_estimator_spec")


@functools.lru_cache(maxsize=4096)
def is_keras_step(path: str) -> bool:
    """Whether ``path`` makes a Keras optimizer's step from known gradients or a known loss."""
    return keras_optimizer_method(path) in _KERAS_STEPS


@functools.lru_cache(maxsize=4096)
def is_keras_loss(path: str) -> bool:
    """Whether ``path`` is the call of a loss object, which returns a tensor."""
    return path.endswith("()") and is_keras_loss_class(path.removesuffix("()"))


@functools.lru_cache(maxsize=4096)
def runs_what_it_is_given(path: str) -> bool:
    """Whether the op that ``path`` returns runs its arguments, and nothing else that trains."""
    return short_name(path) in _RUN_WHAT_THEY_ARE_GIVEN


@functools.lru_cache(maxsize=4096)
def runs_nothing_that_trains(path: str) -> bool:
    """Whether running what ``path`` returns trains nothing and counts no step."""
    name = short_name(path) or ""
    return name in _RUN_NOTHING_THAT_TRAINS or name.startswith(_CHECKS_AND_SUMMARIES)


@functools.lru_cache(maxsize=4096)
def argument_that_counts(path: str) -> tuple[int, str] | None:
    """The argument that says whether a function's whole training step counts; without it, it does.

    None for any other function.

    >>> argument_that_counts("tensorflow.contrib.layers.optimize_loss")
    (13, 'increment_global_step')
    """
    return _WHOLE_STEPS.get(short_name(path) or "")


@functools.lru_cache(maxsize=4096)
def argument_counted_in(path: str) -> tuple[int, str] | None:
    """The argument with the variable that such a function counts in, besides a switch.

    Without it, or if it is None, that is the global step.

    >>> argument_counted_in("tensorflow.contrib.layers.optimize_loss")
    (1, 'global_step')
    """
    switch = argument_that_counts(path)
    return None if switch is None or switch[1] == "global_step" else (1, "global_step")


@functools.lru_cache(maxsize=4096)
def is_global_step(path: str) -> bool:
    """Whether ``path`` returns the global step."""
    return is_tensorflow(path) and path.rpartition(".")[2] in _GLOBAL_STEP_GETTERS


@functools.lru_cache(maxsize=4096)
def changes_global_step(path: str) -> bool:
    """Whether ``path`` concerns the global step and may do more than return it."""
    return "global_step" in path.rpartition(".")[2] and not is_global_step(path)


@functools.lru_cache(maxsize=4096)
def reads_global_step(path: str) -> bool:
    """Whether calling ``path`` does not change a global step argument."""
    name = short_name(path) or ""
    return name in _READ_GLOBAL_STEP or name.startswith("summary.") or makes_a_step(path)


@functools.lru_cache(maxsize=4096)
def only_watches(path: str) -> bool:
    """Whether ``path`` makes a hook that does not affect training."""
    return is_tensorflow(path) and path.rpartition(".")[2] in _WATCHING_HOOKS


def is_update_ops(key: object) -> bool:
    """Whether ``key``, a constant or a dotted path, names the collection UPDATE_OPS."""
    return isinstance(key, str) and (key == "update_ops" or key.endswith("GraphKeys.UPDATE_OPS"))
