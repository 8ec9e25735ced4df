"""Objects that TensorFlow creates but does not use by itself: summaries, losses of Keras layers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from estimator_lint.tensorflow_api.symbols import short_name

_SUMMARIES: Final = frozenset(
    f"summary.{name}"
    for name in ("audio", "histogram", "image", "scalar", "tensor_summary", "text")
)

#: Attributes and methods of Keras layers and models that return their losses.
TELLS_LOSSES: Final = frozenset(
    {"losses", "get_losses_for", "_losses", "add_loss", "regularization_losses"}
)


def makes_summary(path: str) -> bool:
    """Whether a function puts a summary into the graph.

    >>> makes_summary("tensorflow.compat.v1.summary.scalar")
    True
    """
    return short_name(path) in _SUMMARIES


def is_keras_layer(path: str) -> bool:
    """Whether a dotted path names a class of ``tf.keras.layers``."""
    name = short_name(path)
    return name is not None and name.startswith("keras.layers.") and "()" not in name


def keras_regularizers(names: Iterable[str]) -> list[str]:
    """The names of arguments that give a layer a regularizer."""
    return [name for name in names if name.endswith("_regularizer")]
