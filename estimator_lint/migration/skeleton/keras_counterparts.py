"""The names of TensorFlow 1 with a counterpart in Keras that computes the same, as data.

Sources: ``keras/src/legacy_tf_layers``, ``tensorflow/python/ops/metrics_impl.py``,
``tensorflow/python/training`` and ``keras/src`` of TensorFlow 2.15.1, and Keras 3. Other names have
no counterpart, or one that computes something else.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from estimator_lint.tensorflow_api.symbols import short_name


@dataclass(frozen=True)
class Counterpart:
    """A class of Keras that does what a function or class of TensorFlow 1 does.

    Attributes:
        keras: its path below ``keras``.
        parameters: of the function or class of TensorFlow 1, in order.
        per_call: those that the object gets when it is called, in order; the constructor gets the
            others.
        renamed: parameters with another name in Keras.
        defaults: arguments to write out if they are not given, since Keras has another default.
        ignored: parameters that do not affect the result.
        unknown: parameters without a counterpart: a call that gives one has no counterpart, either.
        deepened: the compared tensors get a last dimension of 1 first, since Keras takes the mean
            over that dimension before it counts examples.
    """

    keras: str
    parameters: tuple[str, ...]
    per_call: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    deepened: bool = False


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WEIGHTS = """
    activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer
    activity_regularizer kernel_constraint bias_constraint trainable name reuse
"""
_CONVOLUTION = "inputs filters kernel_size strides padding data_format dilation_rate" + _WEIGHTS
_TRANSPOSED = "inputs filters kernel_size strides padding data_format" + _WEIGHTS
_POOLING = "inputs pool_size strides padding data_format name"
_SEPARABLE = """
    inputs filters kernel_size strides padding data_format dilation_rate depth_multiplier activation
    use_bias depthwise_initializer pointwise_initializer bias_initializer depthwise_regularizer
    pointwise_regularizer bias_regularizer activity_regularizer depthwise_constraint
    pointwise_constraint bias_constraint trainable name reuse
"""
_NORMALIZATION = """
    inputs axis momentum epsilon center scale beta_initializer gamma_initializer
    moving_mean_initializer moving_variance_initializer beta_regularizer gamma_regularizer
    beta_constraint gamma_constraint training trainable name reuse renorm renorm_clipping
    renorm_momentum fused virtual_batch_size adjustment
"""


def _layer(keras: str, parameters: str, defaults: Mapping[str, str] | None = None) -> Counterpart:
    names = _names(parameters)
    per_call = tuple(name for name in ("inputs", "training") if name in names)
    renorm = {name for name in names if name.startswith("renorm")}
    unknown = frozenset({"reuse", "virtual_batch_size", "adjustment"} | renorm)
    return Counterpart(
        f"layers.{keras}",
        names,
        per_call,
        ignored=frozenset({"fused"}),
        unknown=unknown,
        defaults=defaults or {},
    )


#: By the short name of the function.
LAYERS: Mapping[str, Counterpart] = {
    "layers.dense": _layer("Dense", "inputs units" + _WEIGHTS),
    "layers.conv1d": _layer("Conv1D", _CONVOLUTION),
    "layers.conv2d": _layer("Conv2D", _CONVOLUTION),
    "layers.conv3d": _layer("Conv3D", _CONVOLUTION),
    "layers.conv2d_transpose": _layer("Conv2DTranspose", _TRANSPOSED),
    "layers.conv3d_transpose": _layer("Conv3DTranspose", _TRANSPOSED),
    "layers.separable_conv1d": _layer("SeparableConv1D", _SEPARABLE),
    "layers.separable_conv2d": _layer("SeparableConv2D", _SEPARABLE),
    "layers.max_pooling1d": _layer("MaxPooling1D", _POOLING),
    "layers.max_pooling2d": _layer("MaxPooling2D", _POOLING),
    "layers.max_pooling3d": _layer("MaxPooling3D", _POOLING),
    "layers.average_pooling1d": _layer("AveragePooling1D", _POOLING),
    "layers.average_pooling2d": _layer("AveragePooling2D", _POOLING),
    "layers.average_pooling3d": _layer("AveragePooling3D", _POOLING),
    "layers.flatten": _layer("Flatten", "inputs name data_format"),
    "layers.dropout": _layer(
        "Dropout",
        "inputs rate noise_shape seed training name",
        defaults={"rate": "0.5", "training": "False"},
    ),
    "layers.batch_normalization": _layer(
        "BatchNormalization", _NORMALIZATION, defaults={"training": "False"}
    ),
}

_COLLECTIONS = "metrics_collections updates_collections name"


def _metric(
    keras: str,
    parameters: str,
    per_call: str,
    *,
    deepened: bool = False,
    defaults: Mapping[str, str] | None = None,
) -> Counterpart:
    return Counterpart(
        f"metrics.{keras}",
        _names(parameters),
        _names(per_call),
        renamed={"weights": "sample_weight"},
        ignored=frozenset({"name"}),
        unknown=frozenset({"metrics_collections", "updates_collections", "thresholds"}),
        deepened=deepened,
        defaults=defaults or {},
    )


_PREDICTED = "labels predictions weights"
#: tf.metrics counts every prediction other than 0 as True.
_ANY = {"thresholds": "0.0"}

#: By the short name of the function.
METRICS: Mapping[str, Counterpart] = {
    "metrics.accuracy": _metric("Accuracy", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED),
    "metrics.mean": _metric("Mean", f"values weights {_COLLECTIONS}", "values weights"),
    "metrics.mean_squared_error": _metric(
        "MeanSquaredError", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED, deepened=True
    ),
    "metrics.root_mean_squared_error": _metric(
        "RootMeanSquaredError", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED
    ),
    "metrics.mean_absolute_error": _metric(
        "MeanAbsoluteError", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED, deepened=True
    ),
    "metrics.precision": _metric(
        "Precision", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED, defaults=_ANY
    ),
    "metrics.recall": _metric("Recall", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED, defaults=_ANY),
    "metrics.true_positives": _metric(
        "TruePositives", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED, defaults=_ANY
    ),
    "metrics.false_positives": _metric(
        "FalsePositives", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED, defaults=_ANY
    ),
    "metrics.true_negatives": _metric(
        "TrueNegatives", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED, defaults=_ANY
    ),
    "metrics.false_negatives": _metric(
        "FalseNegatives", f"{_PREDICTED} {_COLLECTIONS}", _PREDICTED, defaults=_ANY
    ),
    "metrics.auc": Counterpart(
        "metrics.AUC",
        _names(
            f"{_PREDICTED} num_thresholds metrics_collections updates_collections curve name"
            " summation_method thresholds"
        ),
        _names(_PREDICTED),
        renamed={"weights": "sample_weight"},
        ignored=frozenset({"name"}),
        # Only the area under the ROC, summed up by trapezoids, is the same.
        unknown=frozenset(
            {
                "curve",
                "metrics_collections",
                "summation_method",
                "thresholds",
                "updates_collections",
            }
        ),
    ),
    "metrics.mean_iou": _metric(
        "MeanIoU",
        f"labels predictions num_classes weights {_COLLECTIONS}",
        _PREDICTED,
    ),
}

_STATEFUL = frozenset({"use_locking", "name"})

#: By the short name of the class.
OPTIMIZERS: Mapping[str, Counterpart] = {
    "train.GradientDescentOptimizer": Counterpart(
        "optimizers.SGD", _names("learning_rate use_locking name"), ignored=_STATEFUL
    ),
    "train.MomentumOptimizer": Counterpart(
        "optimizers.SGD",
        _names("learning_rate momentum use_locking name use_nesterov"),
        renamed={"use_nesterov": "nesterov"},
        ignored=_STATEFUL,
    ),
    "train.AdamOptimizer": Counterpart(
        "optimizers.Adam",
        _names("learning_rate beta1 beta2 epsilon use_locking name"),
        renamed={"beta1": "beta_1", "beta2": "beta_2"},
        defaults={"epsilon": "1e-8"},
        ignored=_STATEFUL,
    ),
    "train.AdagradOptimizer": Counterpart(
        "optimizers.Adagrad",
        _names("learning_rate initial_accumulator_value use_locking name"),
        defaults={"epsilon": "0.0"},
        ignored=_STATEFUL,
    ),
}

_STEP = frozenset({"global_step"})

#: By the short name of the function; counted by the steps of the optimizer.
SCHEDULES: Mapping[str, Counterpart] = {
    "train.exponential_decay": Counterpart(
        "optimizers.schedules.ExponentialDecay",
        _names("learning_rate global_step decay_steps decay_rate staircase name"),
        renamed={"learning_rate": "initial_learning_rate"},
        ignored=_STEP,
    ),
    "train.inverse_time_decay": Counterpart(
        "optimizers.schedules.InverseTimeDecay",
        _names("learning_rate global_step decay_steps decay_rate staircase name"),
        renamed={"learning_rate": "initial_learning_rate"},
        ignored=_STEP,
    ),
    "train.polynomial_decay": Counterpart(
        "optimizers.schedules.PolynomialDecay",
        _names("learning_rate global_step decay_steps end_learning_rate power cycle name"),
        renamed={"learning_rate": "initial_learning_rate"},
        ignored=_STEP,
    ),
    "train.cosine_decay": Counterpart(
        "optimizers.schedules.CosineDecay",
        _names("learning_rate global_step decay_steps alpha name"),
        renamed={"learning_rate": "initial_learning_rate"},
        ignored=_STEP,
    ),
    "train.piecewise_constant": Counterpart(
        "optimizers.schedules.PiecewiseConstantDecay",
        _names("x boundaries values name"),
        ignored=frozenset({"x"}),
    ),
}

#: By the short name of the function; a method of the model creates them.
WEIGHTS: Mapping[str, Counterpart] = {
    "get_variable": Counterpart(
        "",
        _names(
            "name shape dtype initializer regularizer trainable collections caching_device"
            " partitioner validate_shape use_resource custom_getter constraint"
        ),
        defaults={"initializer": '"glorot_uniform"'},
        ignored=frozenset({"use_resource", "validate_shape"}),
        unknown=frozenset({"collections", "caching_device", "partitioner", "custom_getter"}),
    ),
}

#: Functions that return the number of training steps.
GLOBAL_STEPS = frozenset({"train.get_global_step", "train.get_or_create_global_step"})

#: The attributes of ``keras.Model`` (2.15 and 3.12), whose names a skeleton must not use.
MODEL_ATTRIBUTES = frozenset(
    """
    activity_regularizer add_loss add_metric add_update add_variable add_weight autocast build
    build_from_config built call compile compile_from_config compiled_loss compiled_metrics
    compute_dtype compute_loss compute_mask compute_metrics compute_output_shape
    compute_output_signature compute_output_spec count_params distribute_reduction_method
    distribute_strategy dtype dtype_policy dynamic evaluate export finalize_state fit
    from_config get_build_config get_compile_config get_config get_layer get_metrics_result
    get_quantization_layer_structure get_weight_paths get_weights input input_dtype input_mask
    input_shape input_spec inputs jit_compile layers load_own_variables load_weights loss losses
    make_predict_function make_test_function make_train_function metrics metrics_names
    metrics_variables name name_scope non_trainable_variables non_trainable_weights optimizer
    output output_mask output_shape outputs path predict predict_function predict_on_batch
    predict_step quantization_mode quantize rematerialized_call reset_metrics reset_states
    run_eagerly save save_own_variables save_spec save_weights set_weights state_updates
    stateful stateless_call stateless_compute_loss steps_per_execution submodules summary
    supports_jit supports_masking symbolic_call test_function test_on_batch test_step to_json
    to_yaml train_function train_on_batch train_step train_tf_function trainable
    trainable_variables trainable_weights updates variable_dtype variables weights
    with_name_scope params config owner
    """.split()
)


@functools.lru_cache(maxsize=4096)
def counterpart(path: str, table: str) -> Counterpart | None:
    """The row for a dotted path; ``table`` is the name of one, as ``layers``."""
    return _TABLES[table].get(short_name(path) or "")


_TABLES = {
    "layers": LAYERS,
    "metrics": METRICS,
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
    "weights": WEIGHTS,
}


@functools.lru_cache(maxsize=4096)
def keras_class(path: str) -> str | None:
    """The path below ``keras`` of the class of layers or metrics that a path constructs."""
    if "(" in path:
        return None  # the call of an object that was created before, or of its method
    name = short_name(path)
    if name is None and path.split(".", 1)[0] == "keras":
        name = path
    module, _, last = (name or "").rpartition(".")
    module = module.removeprefix("keras.") if module.startswith("keras.") else module
    if not last[:1].isupper() or last in ("Input", "InputLayer", "InputSpec", "Layer"):
        return None
    if name in ("keras.Sequential", "keras.models.Sequential"):
        return "Sequential"
    if name is not None and name.startswith(("keras.layers.", "keras.metrics.", "layers.")):
        return f"{module}.{last}"
    return None


def is_metric_class(keras: str) -> bool:
    """Whether a path below ``keras`` is that of a class of metrics."""
    return keras.startswith("metrics.")


def measures(short: str) -> bool:
    """Whether a short name is that of a function of ``tf.metrics``, as TensorFlow 1 has it."""
    module, _, last = short.rpartition(".")
    return module in ("metrics", "contrib.metrics") and last[:1].islower()
