"""The predictions that metrics of ``tf.metrics`` (v1) and ``tf.contrib.metrics`` accept.

Source: ``tensorflow/python/ops/metrics_impl.py`` (2.15.1 and 1.15.0): ``accuracy`` casts
predictions to the type of the labels and compares them for equality; ``precision``, ``recall`` and
the counts cast them to booleans, ``mean_iou`` and ``mean_per_class_accuracy`` to integers; metrics
with thresholds assert that predictions are in [0, 1].
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass

from estimator_lint.tensorflow_api.symbols import short_name


class Wanted(enum.Enum):
    """What predictions have to be; the text is its wording in messages."""

    CLASSES = "class ids"
    PROBABILITIES = "probabilities"


@dataclass(frozen=True)
class MetricInput:
    """The argument of a metric for the predictions.

    Attributes:
        position, name: the argument.
        wanted: what the predictions have to be.
    """

    position: int
    name: str
    wanted: Wanted


_BY_NAME = {
    **dict.fromkeys(
        """
        accuracy false_negatives false_positives mean_iou mean_per_class_accuracy precision recall
        true_negatives true_positives
        """.split(),
        Wanted.CLASSES,
    ),
    **dict.fromkeys(
        """
        auc false_negatives_at_thresholds false_positives_at_thresholds precision_at_thresholds
        recall_at_thresholds sensitivity_at_specificity specificity_at_sensitivity
        true_negatives_at_thresholds true_positives_at_thresholds
        """.split(),
        Wanted.PROBABILITIES,
    ),
}
#: The last argument, which registers the metric to be run with others.
UPDATES_COLLECTIONS = "updates_collections"
_SUMMARIES = ("summary.", "contrib.summary.", "contrib.slim.summary")
_STREAMING = "streaming_"


@functools.lru_cache(maxsize=4096)
def writes_summary(path: str) -> bool:
    """Whether ``path`` makes a summary of a tensor argument."""
    return (short_name(path) or "").startswith(_SUMMARIES)


@functools.lru_cache(maxsize=4096)
def metric_input(path: str) -> MetricInput | None:
    """The predictions argument of ``path``, if it is a metric with such requirements."""
    module, _, name = (short_name(path) or "").rpartition(".")
    if module == "metrics" and name in _BY_NAME:
        return MetricInput(1, "predictions", _BY_NAME[name])
    if module == "contrib.metrics" and name.startswith(_STREAMING):
        wanted = _BY_NAME.get(name.removeprefix(_STREAMING))
        return None if wanted is None else MetricInput(0, "predictions", wanted)
    return None
