"""Calls by which a model function trains, or does not.

Paths are those of ``CallOf``: a method's has ``()`` behind the class of its object.
"""

from __future__ import annotations

import functools

from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name

#: Last names of calls that a rule may ask for.
_WATCHED = frozenset(
    {
        "batch_normalization",
        "batch_norm",
        "BatchNormalization()",
        "dropout",
        "Dropout()",
        "get_collection",
        "get_global_step",
        "get_or_create_global_step",
        "create_train_op",
    }
)


@functools.lru_cache(maxsize=4096)
def is_watched(path: str) -> bool:
    """Whether rules ask for the calls of what ``path`` names."""
    return path.rpartition(".")[2] in _WATCHED and is_tensorflow(path)


def is_control_dependencies(path: str | None) -> bool:
    """Whether ``path`` names ``tf.control_dependencies``."""
    return path is not None and short_name(path) in (
        "control_dependencies",
        "python.framework.ops.control_dependencies",
    )
