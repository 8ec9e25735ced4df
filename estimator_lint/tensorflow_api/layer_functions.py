"""Layers that do one thing in training and another elsewhere, and who tells them which.

Sources: ``tensorflow/python/layers/core.py`` and ``normalization.py`` (1.15.0; from 2.6
``keras/src/legacy_tf_layers``, 2.15.1): ``training=False``, and batch normalization adds the
updates of its moving averages to the collection UPDATE_OPS.
``keras/src/engine/base_layer_v1.py`` (2.15.1): without ``training=``, a layer asks the graph's
learning phase, which nobody sets in an Estimator's graph; updates go to the layer's ``updates``.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from estimator_lint.tensorflow_api.slim import slim_layer
from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name


@dataclass(frozen=True)
class LayerCall:
    """A call that applies a layer to a tensor.

    Attributes:
        name: what the layer is called in messages.
        normalizes: it is batch normalization; else it is a kind of dropout.
        keras: it asks the learning phase, and keeps its updates to itself.
        training: the position of the argument ``training``.
    """

    name: str
    normalizes: bool
    keras: bool
    training: int


_V1_FUNCTIONS = {
    "layers.dropout": LayerCall("dropout", False, False, 4),
    "layers.batch_normalization": LayerCall("batch_normalization", True, False, 14),
}
#: What a layer or model is applied to.
INPUTS_ARGUMENT = (0, "inputs")
_NOISE = frozenset(
    """
    AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D
    SpatialDropout3D
    """.split()
)
#: What sets the learning phase that Keras layers ask.
_SET_LEARNING_PHASE = frozenset(
    {"set_learning_phase", "learning_phase_scope", "symbolic_learning_phase", "learning_phase"}
)
#: The methods of Keras models that take layers away or train, in both versions.
_TAKE_LAYERS_OR_TRAIN = frozenset({"fit", "fit_generator", "pop", "train_on_batch"})
#: What gives the updates of a Keras layer or model; all of a v1 layer's are in UPDATE_OPS.
UPDATES_ATTRIBUTES = frozenset({"updates", "get_updates_for", "_updates"})


@functools.lru_cache(maxsize=4096)
def layer_call(path: str) -> LayerCall | None:
    """What ``path`` applies, where that acts differently in training."""
    name = short_name(path) or ""
    if name in _V1_FUNCTIONS:
        return _V1_FUNCTIONS[name]
    if not name.endswith("()"):
        return None
    module, _, layer = name[:-2].rpartition(".")
    if module not in ("layers", "keras.layers"):
        return None
    if layer == "BatchNormalization":
        return LayerCall(layer, True, module != "layers", 1)
    if layer in _NOISE:
        return LayerCall(layer, False, module != "layers", 1)
    return None


@functools.lru_cache(maxsize=4096)
def dropout(path: str) -> str | None:
    """What messages call ``path`` where calling it drops out elements, or adds noise."""
    layer = layer_call(path)
    if layer is not None:
        return None if layer.normalizes else layer.name
    is_dropout = (
        short_name(path) in ("nn.dropout", "nn.dropout_v2") or slim_layer(path) == "dropout"
    )
    return "dropout" if is_dropout else None


@functools.lru_cache(maxsize=4096)
def sets_learning_phase(path: str) -> bool:
    """Whether ``path`` has to do with the learning phase."""
    return path.rpartition(".")[2] in _SET_LEARNING_PHASE


@functools.lru_cache(maxsize=4096)
def builds_keras_model(path: str) -> bool:
    """Whether ``path`` looks like a part of how Keras models are built of ``Input``."""
    return path.rpartition(".")[2] in ("Input", "InputLayer", "Model")


@functools.lru_cache(maxsize=4096)
def makes_tensor(path: str) -> bool:
    """Whether ``path`` gives tensors of its own; what Keras makes may be an ``Input``."""
    return is_tensorflow(path) and "keras" not in path.split(".")


@functools.lru_cache(maxsize=4096)
def is_sequential(path: str) -> bool:
    """Whether ``path`` makes a Keras ``Sequential``, which passes ``training`` on."""
    return short_name(path) in ("keras.Sequential", "keras.models.Sequential")


@functools.lru_cache(maxsize=4096)
def is_functional(path: str) -> bool:
    """Whether ``path`` makes a Keras model of inputs and outputs, which passes ``training`` on."""
    return short_name(path) in ("keras.Model", "keras.models.Model")


@functools.lru_cache(maxsize=4096)
def applies_model(path: str) -> bool:
    """Whether ``path`` is the call of a Keras model."""
    model, _, method = path.rpartition("()")
    return not method and (is_sequential(model) or is_functional(model))


@functools.lru_cache(maxsize=4096)
def adds_layer(path: str) -> bool:
    """Whether ``path`` is how a ``Sequential`` gets one layer more."""
    model, _, method = path.rpartition("()")
    return method == ".add" and is_sequential(model)


def model_method_is_not_followed(path: str) -> bool:
    """Whether a method of a Keras model takes layers away, or trains the model as Keras does."""
    return path.rpartition(".")[2] in _TAKE_LAYERS_OR_TRAIN
