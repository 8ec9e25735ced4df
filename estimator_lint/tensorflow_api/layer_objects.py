"""Objects of the classes of ``tf.layers`` (v1), which do what its functions do when called.

Source: ``tensorflow/python/layers/core.py`` and the files beside it (1.15.0; from 2.6
``keras/src/legacy_tf_layers``, 2.15.1): each function creates an object of its class and calls it.
An object creates its variables when it is first called, in the scopes around that call.
"""

from __future__ import annotations

import functools
import re

from estimator_lint.tensorflow_api.symbols import short_name

#: Classes of ``tf.layers`` without a function.
_WITHOUT_FUNCTION = frozenset({"Input", "InputSpec", "Layer"})
#: Where the base classes of layers and models are, and what they are called.
_MODULES_OF_BASES = frozenset({"keras", "keras.layers", "keras.models", "layers"})
_BASES_OF_LAYERS = frozenset({"Layer", "Model"})
_BETWEEN_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@functools.lru_cache(maxsize=4096)
def is_layer_class(path: str) -> bool:
    """Whether ``path`` names a class of ``tf.layers``."""
    module, _, name = (short_name(path) or "").rpartition(".")
    return module == "layers" and name[:1].isupper() and name not in _WITHOUT_FUNCTION


@functools.lru_cache(maxsize=4096)
def function_of_layer(path: str) -> str | None:
    """The function of ``tf.layers`` that does what the call of a layer object does.

    >>> function_of_layer("tensorflow.layers.Conv2DTranspose()")
    'conv2d_transpose'
    """
    if not path.endswith("()") or not is_layer_class(path[:-2]):
        return None
    return _BETWEEN_WORDS.sub("_", path[:-2].rpartition(".")[2]).lower()


@functools.lru_cache(maxsize=4096)
def is_base_of_layers(path: str) -> bool:
    """Whether ``path`` is a class whose objects call their method ``call`` when they are called.

    >>> is_base_of_layers("tensorflow.keras.Model")
    True
    """
    module, _, name = (short_name(path) or "").rpartition(".")
    return module in _MODULES_OF_BASES and name in _BASES_OF_LAYERS
