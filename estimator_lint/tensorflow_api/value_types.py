"""The kind of value that a TensorFlow call returns, as far as spec fields depend on it.

Paths are those of ``CallOf`` in ``domain/values/provenance.py``: ``tensorflow.no_op``; for a
method, ``tensorflow.train.AdamOptimizer().minimize``; for a called object,
``tensorflow.keras.losses.MeanSquaredError()``. The result of a path that is not in the tables is
unknown.
"""

from __future__ import annotations

import enum
import functools
from typing import TypeAlias

from estimator_lint.tensorflow_api.layer_objects import function_of_layer, is_layer_class
from estimator_lint.tensorflow_api.results import (
    is_graph_optimizer,
    method_returns_op,
    returns_tensor,
)
from estimator_lint.tensorflow_api.symbols import short_name


class Kind(enum.Enum):
    """A kind of value; the text is its wording in messages."""

    NONE = "None"
    NUMBER = "a Python number"
    STRING = "a string"
    CONSTANT = "a Python constant"
    TUPLE = "a tuple"
    LIST = "a list"
    SET = "a set"
    RANGE = "a range"
    VIEW = "a view of a dict"
    ITERATOR = "an iterator"
    DICT = "a dict"
    FUNCTION = "a function"
    CLASS = "a class"
    SPEC = "a spec"
    TENSOR = "a tensor"
    OP = "an op"
    VARIABLE = "a variable"
    TENSORS = "a list of tensors"
    GRADIENTS = "a list of gradients and variables"
    METRIC = "a (value, update_op) tuple"
    METRIC_VALUE = "the value alone"
    METRIC_UPDATE = "the update op alone"
    KERAS_METRIC = "a Keras metric"
    KERAS_CALLBACK = "a Keras callback"
    KERAS_OPTIMIZER = "a Keras optimizer"
    LAYER = "a layer or model"
    OPTIMIZER = "an optimizer"
    HOOK = "a hook"
    SCAFFOLD = "a Scaffold"
    SAVER = "a Saver"
    EXPORT_OUTPUT = "an ExportOutput"
    HEAD = "a head"
    SPEC_CLASS = "a class of specs"


#: The kind of a value, and whether it is a per-example loss.
ValueType: TypeAlias = "tuple[Kind | None, bool]"

#: Kinds that are tensors, or accepted like tensors by most fields.
TENSOR_LIKE = frozenset({Kind.TENSOR, Kind.VARIABLE, Kind.METRIC_VALUE, Kind.METRIC_UPDATE})

#: Kinds that are always a ``tf.Tensor``: an update may be an op, and a variable is not a tensor.
SYMBOLIC = frozenset({Kind.TENSOR, Kind.METRIC_VALUE})

#: Kinds of objects that train or make specs: their class, or what made them, matters later.
_TOLD_APART = frozenset({Kind.OPTIMIZER, Kind.KERAS_OPTIMIZER, Kind.OP, Kind.HEAD, Kind.SPEC_CLASS})


class Compatibility(enum.Enum):
    """How a field treats two values: whether it may accept one and reject the other."""

    SAME = "they are the same to each field"
    MADE_APART = "they are, and what made them counts, too"
    ALIKE = "most fields take both or none"
    UNKNOWN = "one is of a kind that fields may refuse, the other of a kind that is not known"
    DIFFERENT = "a field may take one and refuse the other"


def compatibility(one: ValueType, other: ValueType) -> Compatibility:
    """How a field treats values of two types."""
    if one == other:
        return Compatibility.MADE_APART if one[0] in _TOLD_APART else Compatibility.SAME
    kinds = {one[0], other[0]}
    if one[1] != other[1]:
        return Compatibility.DIFFERENT
    if kinds - {None} <= TENSOR_LIKE:
        return Compatibility.ALIKE
    return Compatibility.UNKNOWN if None in kinds else Compatibility.DIFFERENT


#: ``tf.metrics`` functions of v1 whose names Keras has in ``tf.metrics`` of v2 as
#: functions that return a tensor.
_METRICS_OF_BOTH = frozenset({"mean_absolute_error", "mean_squared_error"})

#: Functions that return several tensors, in namespaces whose other functions return one.
_SEVERAL_RESULTS = frozenset(
    """
    all_candidate_sampler approx_max_k approx_min_k batch_norm_with_global_normalization
    bidirectional_dynamic_rnn bidirectional_rnn collapse_repeated combined_non_max_suppression
    compute_accidental_hits deserialize generate_bounding_box_proposals get serialize
    inverse_stft_window_fn ctc_beam_search_decoder ctc_beam_search_decoder_v2
    ctc_greedy_decoder ctc_unique_labels dynamic_rnn eig eigh fixed_unigram_candidate_sampler
    fractional_avg_pool fractional_max_pool fused_batch_norm get_losses
    get_regularization_losses add_loss image_gradients isotonic_regression
    learned_unigram_candidate_sampler log_uniform_candidate_sampler lu matrix_solve_ls
    max_pool_with_argmax moments non_max_suppression_padded non_max_suppression_with_scores
    normalize normalize_moments qr quantized_avg_pool quantized_conv2d quantized_max_pool
    quantized_relu_x raw_rnn sample_distorted_bounding_box self_adjoint_eig
    slogdet split stateless_sample_distorted_bounding_box static_bidirectional_rnn static_rnn
    static_state_saving_rnn
    sufficient_statistics svd top_k unicode_decode unicode_decode_with_offsets
    uniform_candidate_sampler weighted_moments
    """.split()
)

_RETURNING_LISTS = frozenset({"split", "unstack"})
_GLOBAL_STEP_GETTERS = frozenset(
    {"get_global_step", "get_or_create_global_step", "create_global_step"}
)
_OPS = frozenset(
    """
    no_op group global_variables_initializer local_variables_initializer tables_initializer
    variables_initializer initialize_all_variables
    """.split()
)

#: The results of methods, by the kind of the object.
_METHODS = {
    (Kind.OPTIMIZER, "compute_gradients"): Kind.GRADIENTS,
    (Kind.KERAS_OPTIMIZER, "get_updates"): Kind.TENSORS,
    (Kind.KERAS_OPTIMIZER, "get_gradients"): Kind.TENSORS,
    (Kind.KERAS_METRIC, "update_state"): Kind.OP,
    (Kind.KERAS_METRIC, "result"): Kind.METRIC_VALUE,
}

#: Classes by name, in any module.
_CLASSES = {
    "Variable": Kind.VARIABLE,
    "Saver": Kind.SAVER,
    "Scaffold": Kind.SCAFFOLD,
    "Model": Kind.LAYER,
    "Sequential": Kind.LAYER,
}
#: Other classes of Keras, by their module; from TensorFlow 2 on, ``tf`` itself also has those of
#: ``metrics`` and ``optimizers``.
_KERAS_MODULES = {
    "callbacks": Kind.KERAS_CALLBACK,
    "metrics": Kind.KERAS_METRIC,
    "optimizers": Kind.KERAS_OPTIMIZER,
    "legacy": Kind.KERAS_OPTIMIZER,
    "layers": Kind.LAYER,
    "applications": Kind.LAYER,
}


@functools.lru_cache(maxsize=4096)
def kind_of_result(path: str) -> Kind | None:
    """The kind of a call's result, by its path; None if it is unknown."""
    made_by, called, method = path.rpartition("()")
    if called:
        maker = kind_of_result(made_by)
        if not method:
            makes_tensor = is_keras_loss_class(made_by) or function_of_layer(path) is not None
            return Kind.TENSOR if makes_tensor or maker is Kind.KERAS_METRIC else None
        name = method.lstrip(".")
        if method_returns_op(made_by, name):
            return Kind.OP
        return None if maker is None else _METHODS.get((maker, name))
    below = short_name(path)
    if below is None:
        return None
    parts = below.split(".")
    if parts[-1][:1].isupper() and not _is_alias_of_loss(parts):
        return _kind_of_instance(path, parts)
    return _kind_of_returned(path, parts)


def _is_alias_of_loss(parts: list[str]) -> bool:
    """Whether a name in capitals is a function of Keras: ``tf.keras.losses.MSE``."""
    return parts[-1].isupper() and parts[-2:-1] == ["losses"] and "keras" in parts


@functools.lru_cache(maxsize=4096)
def calls_layer(path: str) -> bool:
    """Whether ``path`` is the call of a layer or model of Keras, which does not return None.

    Source: ``keras/src/layers`` and ``keras/src/engine/functional.py`` (2.15.1). What a ``Lambda``
    returns, its function says.

    >>> calls_layer("tensorflow.keras.layers.Dense()")
    True
    """
    made_by = path.removesuffix("()")
    if made_by == path or made_by.rpartition(".")[2] in _RUNNING_CODE_OF_OTHERS:
        return False
    return made_by in _LAYERS_OF_HUB or kind_of_result(made_by) is Kind.LAYER


def _kind_of_instance(path: str, parts: list[str]) -> Kind | None:
    """The kind of a class's instances."""
    folder, name = parts[:-1], parts[-1]
    if name in _CLASSES:
        return _CLASSES[name]
    if name == "Input" and "keras" in folder:  # a function, in spite of its name
        return Kind.TENSOR
    if name.endswith("Hook"):
        return Kind.HOOK
    if name.endswith("Output") and "export" in ".".join(folder):
        return Kind.EXPORT_OUTPUT
    if name.endswith("Head") and folder[-1:] == ["estimator"]:
        return Kind.HEAD
    if folder and folder[-1] in _KERAS_MODULES and _is_of_keras(folder):
        return _KERAS_MODULES[folder[-1]]
    if is_layer_class(path):
        return Kind.LAYER
    return Kind.OPTIMIZER if is_graph_optimizer(path) else None


#: The hooks that may be created without arguments; the others raise.
HOOKS_WITHOUT_ARGUMENTS = frozenset({"SessionRunHook", "StepCounterHook"})
#: Classes of TensorFlow Hub whose objects are called as layers are.
_LAYERS_OF_HUB = frozenset({"tensorflow_hub.KerasLayer", "tensorflow_hub.Module"})
#: Classes of layers that call what they are given.
_RUNNING_CODE_OF_OTHERS = frozenset({"Lambda", "Layer", "TimeDistributed"})


def _is_of_keras(folder: list[str]) -> bool:
    return "keras" in folder or folder[0] in ("metrics", "optimizers")


@functools.lru_cache(maxsize=4096)
def is_keras_loss_class(path: str) -> bool:
    """Whether ``path`` names a class of Keras losses, which are in ``tf.losses``, too."""
    folder, _, name = (short_name(path) or "").rpartition(".")
    return folder in ("keras.losses", "losses") and name[:1].isupper() and not name.isupper()


#: Functions, by their last names, whose result is a tuple in TensorFlow 2.15.1 and 1.15.0: a plain
#: one, or a named one such as ``TopKV2``.
_TUPLES = frozenset(
    """
    bidirectional_dynamic_rnn clip_by_global_norm dynamic_rnn eigh fused_batch_norm lu moments qr
    self_adjoint_eig setdiff1d sufficient_statistics top_k unique unique_with_counts
    weighted_moments
    """.split()
)


#: Functions whose result is a list of what the graph has in a collection.
_COLLECTIONS = frozenset(
    """
    all_variables get_collection get_collection_ref global_variables local_variables
    model_variables moving_average_variables trainable_variables
    """.split()
)
_COLLECTIONS_OF_LOSSES = frozenset({"get_losses", "get_regularization_losses"})


@functools.lru_cache(maxsize=4096)
def holds_tensors(path: str) -> bool:
    """Whether ``path`` returns a list of nothing but tensors; ``tf.gradients`` may hold None."""
    return short_name(path) in _RETURNING_LISTS


def _kind_of_returned(path: str, parts: list[str]) -> Kind | None:
    """The kind of a function's result."""
    folder, name = parts[:-1], parts[-1]
    if name in _TUPLES and folder in ([], ["nn"], ["math"], ["linalg"]):
        return Kind.TUPLE
    if name in _GLOBAL_STEP_GETTERS:
        return Kind.VARIABLE
    if folder == ["losses"] and name in _COLLECTIONS_OF_LOSSES:
        return Kind.LIST
    if not folder:
        if name in _COLLECTIONS:
            return Kind.LIST
        if name in _OPS:
            return Kind.OP
        if name in _RETURNING_LISTS or name == "gradients":
            return Kind.TENSORS
        if name == "get_variable":
            return Kind.VARIABLE
        return Kind.TENSOR if name == "placeholder" or returns_tensor(path) else None
    if folder == ["metrics"] or folder == ["contrib", "metrics"]:
        is_v1 = ".compat.v1." in path
        if folder[0] == "metrics" and (is_v1 or name not in _METRICS_OF_BOTH):
            return Kind.METRIC
        return Kind.METRIC if name.startswith("streaming_") else None
    if folder[-2:] == ["keras", "losses"]:
        return None if name in ("get", "serialize", "deserialize") else Kind.TENSOR
    if len(folder) == 1 and name not in _SEVERAL_RESULTS and returns_tensor(path):
        return None if folder[0] in ("sparse", "strings") else Kind.TENSOR
    return None


#: Losses of ``tf.nn`` by example, besides the cross entropies.
_LOSSES_BY_EXAMPLE = frozenset(("ctc_loss", "ctc_loss_v2", "nce_loss", "sampled_softmax_loss"))


@functools.lru_cache(maxsize=4096)
def is_per_example_loss(path: str) -> bool:
    """Whether a function returns a per-example loss.

    Source: ``tensorflow/python/ops/nn_ops.py``, ``nn_impl.py`` and ``ctc_ops.py``,
    ``keras/losses.py`` (2.15.1); the functions of ``tf.losses`` (v1) reduce by default.
    """
    name = short_name(path)
    if name is None or "()" in path:
        return False
    folder, _, last = name.rpartition(".")
    if folder == "nn":
        return last in _LOSSES_BY_EXAMPLE or last.endswith(("_with_logits", "_with_logits_v2"))
    return _is_keras_loss_function(path) and last.endswith("categorical_crossentropy")


@functools.lru_cache(maxsize=4096)
def averages_last_dimension(path: str) -> bool:
    """Whether a loss of Keras is a mean over one dimension, which leaves a scalar of vectors."""
    return _is_keras_loss_function(path) and not is_per_example_loss(path)


def _is_keras_loss_function(path: str) -> bool:
    """Whether a function of Keras takes labels and predictions, and returns a loss."""
    folder, _, last = (short_name(path) or "").rpartition(".")
    return (
        folder in ("keras.losses", "keras.metrics")
        and (last[:1].islower() or last.isupper())
        and kind_of_result(path) is Kind.TENSOR
    )
