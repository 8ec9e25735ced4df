"""Layers that behave differently in training, and how they learn the mode.

Sources: ``tensorflow/python/layers/core.py`` and ``normalization.py`` (1.15.0; from 2.6
``keras/src/legacy_tf_layers``, 2.15.1): ``training=False``, and batch normalization adds the
updates of its moving averages to the collection UPDATE_OPS. ``keras/src/engine/base_layer_v1.py``
(2.15.1): without ``training=``, a layer reads the graph's learning phase, which is never set in an
Estimator's graph; updates go to the layer's ``updates``.
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
        name: the wording for the layer in messages.
        normalizes: it is batch normalization; otherwise it is a kind of dropout.
        keras: it reads the learning phase, and keeps its updates in the layer.
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
#: The arguments of ``tf.nn.dropout`` for the share that is kept, or dropped: which of the two is
#: the second argument depends on the version.
SHARE_DROPPED = ((1, "keep_prob"), (1, "rate"))
#: The argument that a layer or model is applied to.
INPUTS_ARGUMENT = (0, "inputs")
_NOISE = frozenset(
    """
    AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D
    SpatialDropout3D
    """.split()
)
#: Functions that set the learning phase of Keras layers.
_SET_LEARNING_PHASE = frozenset(
    {"set_learning_phase", "learning_phase_scope", "symbolic_learning_phase", "learning_phase"}
)
#: The methods of Keras models that remove layers or train, in both versions.
_TAKE_LAYERS_OR_TRAIN = frozenset({"fit", "fit_generator", "pop", "train_on_batch"})
#: Attributes with the updates of a Keras layer or model; those of v1 layers are in UPDATE_OPS.
UPDATES_ATTRIBUTES = frozenset({"updates", "get_updates_for", "_updates"})


@functools.lru_cache(maxsize=4096)
def layer_call(path: str) -> LayerCall | None:
    """The layer that ``path`` applies, if it behaves differently in training."""
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
    """The wording for ``path`` in messages, if calling it drops out elements or adds noise."""
    layer = layer_call(path)
    if layer is not None:
        return None if layer.normalizes else layer.name
    is_dropout = (
        short_name(path) in ("nn.dropout", "nn.dropout_v2") or slim_layer(path) == "dropout"
    )
    return "dropout" if is_dropout else None


@functools.lru_cache(maxsize=4096)
def sets_learning_phase(path: str) -> bool:
    """Whether ``path`` concerns the learning phase."""
    return path.rpartition(".")[2] in _SET_LEARNING_PHASE


@functools.lru_cache(maxsize=4096)
def builds_keras_model(path: str) -> bool:
    """Whether ``path`` looks like part of building a Keras model from ``Input``."""
    return path.rpartition(".")[2] in ("Input", "InputLayer", "Model")


@functools.lru_cache(maxsize=4096)
def makes_tensor(path: str) -> bool:
    """Whether ``path`` returns tensors that are not made by Keras, so no ``Input``."""
    return is_tensorflow(path) and "keras" not in path.split(".")


@functools.lru_cache(maxsize=4096)
def is_sequential(path: str) -> bool:
    """Whether ``path`` makes a Keras ``Sequential``, which passes ``training`` on."""
    return short_name(path) in ("keras.Sequential", "keras.models.Sequential")


@functools.lru_cache(maxsize=4096)
def is_functional(path: str) -> bool:
    """Whether ``path`` makes a functional Keras model, which passes ``training`` on."""
    return short_name(path) in ("keras.Model", "keras.models.Model")


@functools.lru_cache(maxsize=4096)
def applies_model(path: str) -> bool:
    """Whether ``path`` is the call of a Keras model."""
    model, _, method = path.rpartition("()")
    return not method and (is_sequential(model) or is_functional(model))


@functools.lru_cache(maxsize=4096)
def adds_layer(path: str) -> bool:
    """Whether ``path`` adds a layer to a ``Sequential``."""
    model, _, method = path.rpartition("()")
    return method == ".add" and is_sequential(model)


def model_method_is_not_followed(path: str) -> bool:
    """Whether a method of a Keras model removes layers, or trains the model as Keras does."""
    return path.rpartition(".")[2] in _TAKE_LAYERS_OR_TRAIN
