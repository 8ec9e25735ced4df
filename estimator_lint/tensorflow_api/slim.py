"""Layers of ``tf.contrib.layers``, which are also in ``tf.contrib.slim`` and ``tf_slim``.

Sources: ``tensorflow/contrib/layers/python/layers/layers.py`` and
``tensorflow/contrib/framework/python/ops/arg_scope.py`` (1.15.0): batch normalization is in
training mode unless ``is_training=False``; its updates go to the collection UPDATE_OPS unless
``updates_collections`` names others, and run with the layer if that is None. A layer with a
``normalizer_fn`` calls it with ``normalizer_params``. ``arg_scope`` changes the defaults of the
functions in its list.
"""

from __future__ import annotations

import functools

from estimator_lint.tensorflow_api.symbols import short_name

_HOMES = ("contrib.slim.", "contrib.layers.")

BATCH_NORM = "batch_norm"
DROPOUT = "dropout"
#: The argument of ``dropout`` for whether it drops anything, which is True by default.
DROPOUT_IS_TRAINING = (3, "is_training")
#: The arguments of ``batch_norm``, by position and name.
UPDATES_COLLECTIONS = (8, "updates_collections")
IS_TRAINING = (9, "is_training")
TRAINABLE = (13, "trainable")

#: Functions that apply a layer several times: the position and name of that argument.
_APPLYING = {"repeat": (2, "layer"), "stack": (1, "layer")}


@functools.lru_cache(maxsize=4096)
def slim_layer(path: str) -> str | None:
    """The name by which ``arg_scope`` knows the layer at ``path``."""
    name = short_name(path) or ""
    if not name.startswith(_HOMES) or "()" in name:
        return None
    last = name.rpartition(".")[2]
    # convolution2d and conv2d are one function.
    return last.replace("convolution", "conv") if last[:1].islower() else None


#: The layers, as ``slim_layer`` names them, that make a tensor of what they are given.
_MAKING_TENSORS = frozenset(
    """
    avg_pool2d avg_pool3d batch_norm bias_add conv1d conv2d conv2d_in_plane conv2d_transpose conv3d
    conv3d_transpose conv dropout elu embed_sequence flatten fully_connected gdn images_to_sequence
    layer_norm legacy_fully_connected legacy_linear legacy_relu linear max_pool2d max_pool3d maxout
    one_hot_encoding pool relu relu6 scale_gradient separable_conv2d sequence_to_images softmax
    spatial_softmax unit_norm
    """.split()
)


@functools.lru_cache(maxsize=4096)
def makes_tensor(path: str) -> bool:
    """Whether ``path`` names a layer that returns a tensor."""
    return slim_layer(path) in _MAKING_TENSORS


@functools.lru_cache(maxsize=4096)
def applied_argument(path: str) -> tuple[int, str] | None:
    """The argument that is a layer, if ``path`` applies one several times."""
    return _APPLYING.get(slim_layer(path) or "")


@functools.lru_cache(maxsize=4096)
def is_arg_scope(path: str) -> bool:
    """Whether ``path`` names ``arg_scope``."""
    name = short_name(path) or ""
    return name.startswith("contrib.") and name.rpartition(".")[2] == "arg_scope"
