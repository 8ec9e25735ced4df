"""Metrics: ``tf.metrics`` of TensorFlow 1, functions with a value and an update op.

Sources: ``tensorflow/python/ops/metrics_impl.py``, ``keras/src/metrics`` (2.15).
"""

from __future__ import annotations

from typing import Final

from estimator_lint.migration.replacements.replacement import Replacement, Topic

_PAGE: Final = "metrics_optimizers"
_THRESHOLD: Final = (
    "The v1 function casts predictions to booleans, Keras compares them with thresholds (0.5 by"
    " default)."
)
_IDS: Final = (
    "The v1 function takes the IDs of the true classes, Keras labels of the shape of the"
    " predictions (multi-hot)."
)


def _row(names: str, instead: str, by_hand: str = "") -> Replacement:
    return Replacement(names, Topic.METRIC, instead, by_hand, _PAGE)


METRICS: Final = (
    _row(
        "metrics.accuracy contrib.metrics.accuracy contrib.metrics.streaming_accuracy",
        "tf.keras.metrics.Accuracy",
        "It compares class IDs, as the v1 function does; for probabilities or logits there are"
        " tf.keras.metrics.SparseCategoricalAccuracy and others.",
    ),
    _row(
        "metrics.auc contrib.metrics.streaming_auc",
        "tf.keras.metrics.AUC",
        'For curve="PR", the v1 default is trapezoidal; that of Keras is what v1 calls'
        " careful_interpolation, and gives other numbers.",
    ),
    _row(
        "metrics.average_precision_at_k metrics.sparse_average_precision_at_k"
        " contrib.metrics.streaming_sparse_average_precision_at_k",
        "",
        "Write a subclass of tf.keras.metrics.Metric.",
    ),
    _row(
        "metrics.false_negatives contrib.metrics.streaming_false_negatives",
        "tf.keras.metrics.FalseNegatives",
        _THRESHOLD,
    ),
    _row(
        "metrics.false_negatives_at_thresholds",
        "tf.keras.metrics.FalseNegatives(thresholds=...)",
    ),
    _row(
        "metrics.false_positives contrib.metrics.streaming_false_positives",
        "tf.keras.metrics.FalsePositives",
        _THRESHOLD,
    ),
    _row(
        "metrics.false_positives_at_thresholds",
        "tf.keras.metrics.FalsePositives(thresholds=...)",
    ),
    _row(
        "metrics.mean contrib.metrics.streaming_mean",
        "tf.keras.metrics.Mean",
        "Of a value that the model computes: update it in test_step.",
    ),
    _row(
        "metrics.mean_absolute_error contrib.metrics.streaming_mean_absolute_error",
        "tf.keras.metrics.MeanAbsoluteError",
    ),
    _row(
        "metrics.mean_cosine_distance contrib.metrics.streaming_mean_cosine_distance",
        "tf.keras.metrics.CosineSimilarity",
        "The v1 metric is 1 minus the similarity; Keras also normalizes its inputs.",
    ),
    _row(
        "metrics.mean_iou contrib.metrics.streaming_mean_iou",
        "tf.keras.metrics.MeanIoU",
    ),
    _row(
        "metrics.mean_per_class_accuracy",
        "",
        "Write a subclass of tf.keras.metrics.Metric that counts right answers for each class.",
    ),
    _row(
        "metrics.mean_relative_error contrib.metrics.streaming_mean_relative_error",
        "tf.keras.metrics.MeanRelativeError",
        "Keras 2 only (the package tf_keras); for Keras 3 write a subclass of"
        " tf.keras.metrics.Metric.",
    ),
    _row(
        "metrics.mean_squared_error contrib.metrics.streaming_mean_squared_error",
        "tf.keras.metrics.MeanSquaredError",
    ),
    _row(
        "metrics.mean_tensor contrib.metrics.streaming_mean_tensor",
        "tf.keras.metrics.MeanTensor",
        "Keras 2 only (the package tf_keras); for Keras 3 write a subclass of"
        " tf.keras.metrics.Metric.",
    ),
    _row(
        "metrics.percentage_below contrib.metrics.streaming_percentage_less",
        "",
        "Update a tf.keras.metrics.Mean with tf.cast(values < threshold, tf.float32).",
    ),
    _row(
        "metrics.precision contrib.metrics.streaming_precision",
        "tf.keras.metrics.Precision",
        _THRESHOLD,
    ),
    _row(
        "metrics.precision_at_k metrics.sparse_precision_at_k"
        " contrib.metrics.streaming_sparse_precision_at_k",
        "tf.keras.metrics.Precision(top_k=...)",
        _IDS,
    ),
    _row("metrics.precision_at_thresholds", "tf.keras.metrics.Precision(thresholds=...)"),
    _row(
        "metrics.precision_at_top_k",
        "",
        "The v1 function takes the top k as IDs; tf.keras.metrics.Precision(top_k=...) chooses"
        f" them from scores. {_IDS}",
    ),
    _row(
        "metrics.recall contrib.metrics.streaming_recall",
        "tf.keras.metrics.Recall",
        _THRESHOLD,
    ),
    _row(
        "metrics.recall_at_k contrib.metrics.streaming_sparse_recall_at_k"
        " contrib.metrics.streaming_recall_at_k",
        "tf.keras.metrics.Recall(top_k=...)",
        f"{_IDS} With one true class for each example,"
        " tf.keras.metrics.SparseTopKCategoricalAccuracy gives the same and takes IDs.",
    ),
    _row("metrics.recall_at_thresholds", "tf.keras.metrics.Recall(thresholds=...)"),
    _row(
        "metrics.recall_at_top_k",
        "",
        "The v1 function takes the top k as IDs; tf.keras.metrics.Recall(top_k=...) chooses"
        f" them from scores. {_IDS}",
    ),
    _row(
        "metrics.root_mean_squared_error contrib.metrics.streaming_root_mean_squared_error",
        "tf.keras.metrics.RootMeanSquaredError",
    ),
    _row(
        "metrics.sensitivity_at_specificity",
        "tf.keras.metrics.SensitivityAtSpecificity",
    ),
    _row(
        "metrics.specificity_at_sensitivity",
        "tf.keras.metrics.SpecificityAtSensitivity",
    ),
    _row(
        "metrics.true_negatives contrib.metrics.streaming_true_negatives",
        "tf.keras.metrics.TrueNegatives",
        _THRESHOLD,
    ),
    _row("metrics.true_negatives_at_thresholds", "tf.keras.metrics.TrueNegatives(thresholds=...)"),
    _row(
        "metrics.true_positives contrib.metrics.streaming_true_positives",
        "tf.keras.metrics.TruePositives",
        _THRESHOLD,
    ),
    _row("metrics.true_positives_at_thresholds", "tf.keras.metrics.TruePositives(thresholds=...)"),
    _row(
        "estimator.add_metrics contrib.estimator.add_metrics",
        "the argument metrics of Model.compile",
        "A metric of features or other values is updated in test_step.",
    ),
)
