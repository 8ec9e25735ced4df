"""The meaning of a dotted import path in TensorFlow.

TensorFlow's names have many paths (``tensorflow.estimator.EstimatorSpec``,
``tensorflow.compat.v1.estimator.EstimatorSpec``,
``tensorflow_estimator.python.estimator.model_fn.EstimatorSpec`` ...); the root of a path says
whether it is TensorFlow's, and its last name says what it means here.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Final

from estimator_lint.tensorflow_api.modes import CONTRIB_LEARN_MODE_KEYS, ESTIMATOR_MODE_KEYS, Mode
from estimator_lint.tensorflow_api.specs import ESTIMATOR_CLASSES, SPEC_CLASSES, SpecClass

_ROOTS = frozenset({"tensorflow", "tensorflow_core", "tensorflow_estimator", "tf_slim"})
#: ``tf_slim`` is ``tf.contrib.slim`` as a package of its own.
_SLIM = ("contrib", "slim")


def is_tensorflow(path: str) -> bool:
    """Whether a dotted path begins at TensorFlow."""
    return path.split(".", 1)[0] in _ROOTS


@functools.lru_cache(maxsize=4096)
def short_name(path: str) -> str | None:
    """The path below ``tensorflow`` or ``tensorflow.compat.v1``; None for other libraries.

    >>> short_name("tensorflow.compat.v1.losses.log_loss")
    'losses.log_loss'
    >>> short_name("tf_slim.layers.batch_norm")
    'contrib.slim.layers.batch_norm'
    """
    parts = path.split(".")
    if parts[0] not in _ROOTS:
        return None
    parts = [*_SLIM, *parts[1:]] if parts[0] == "tf_slim" else parts[1:]
    while len(parts) >= 2 and parts[0] == "compat" and parts[1] in ("v1", "v2"):
        parts = parts[2:]
    return ".".join(parts)


@functools.lru_cache(maxsize=4096)
def spec_class(path: str) -> SpecClass | None:
    """The class of specs that a dotted path names, if any."""
    if not is_tensorflow(path):
        return None
    return SPEC_CLASSES.get(path.rsplit(".", 1)[-1])


@functools.lru_cache(maxsize=4096)
def mode_keys(path: str) -> Mapping[str, Mode] | None:
    """The attributes of the ``ModeKeys`` class that a dotted path names, if any."""
    if not is_tensorflow(path) or "keras" in path.lower():
        return None
    name = path.rsplit(".", 1)[-1]
    if name not in ("ModeKeys", "EstimatorModeKeys"):
        return None
    return CONTRIB_LEARN_MODE_KEYS if ".contrib.learn" in path else ESTIMATOR_MODE_KEYS


@functools.lru_cache(maxsize=4096)
def estimator_class(path: str) -> str | None:
    """``"Estimator"`` or ``"TPUEstimator"`` if a dotted path names that class.

    The Estimator of ``tf.contrib.learn`` is a different class: its model functions may return
    tuples, too.
    """
    name = path.rsplit(".", 1)[-1]
    if not is_tensorflow(path) or ".contrib.learn" in path:
        return None
    return name if name in ESTIMATOR_CLASSES else None


@functools.lru_cache(maxsize=4096)
def passes_by_position(path: str) -> bool:
    """Whether a dotted path names the Estimator of ``tf.contrib.learn``.

    It calls ``model_fn(features, labels, **others)``, whatever the names of the first two
    parameters (``tensorflow/contrib/learn/python/learn/estimators/estimator.py``, 1.15.0).
    """
    return (
        is_tensorflow(path)
        and ".contrib.learn" in path
        and path.rpartition(".")[2] in ESTIMATOR_CLASSES
    )


#: Methods of ``tf.contrib.learn.Estimator`` that note what the labels are like, and the attributes
#: in which they do (``_targets_info`` up to 0.11). From then on, ``predict`` passes placeholders
#: like them to the model function (``_check_inputs``, ``_get_predict_ops``; 1.15.0).
NOTING_LABELS: Final = frozenset(
    {"fit", "partial_fit", "evaluate", "_labels_info", "_targets_info"}
)
