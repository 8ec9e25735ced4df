"""The computations of the heads of ``tf.estimator``, as methods of the model.

Sources: ``binary_class_head.py``, ``multi_class_head.py`` and ``regression_head.py`` in
``tensorflow_estimator/python/estimator/head`` (TensorFlow 2.15.1), for heads without weights,
label vocabularies and losses of one's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from estimator_lint.tensorflow_api.symbols import short_name

#: The method of a head that makes a spec, and its parameters.
CREATES_SPEC = "create_estimator_spec"
PARAMETERS = (
    "features",
    "mode",
    "logits",
    "labels",
    "optimizer",
    "trainable_variables",
    "train_op_fn",
    "update_ops",
    "regularization_losses",
)


@dataclass(frozen=True)
class CannedHead:
    """A head.

    Attributes:
        parameters: those of the constructor that the methods support.
        dimension: the parameter with the last dimension of its logits; empty if that is 1.
        metrics: the attributes of the model for its metrics, by the classes that create them.
        methods: ``head_losses``, ``head_predictions`` and ``head_metrics``.
    """

    parameters: frozenset[str]
    dimension: str
    metrics: Mapping[str, str]
    methods: Sequence[str]

    def methods_for(self, root: str) -> list[str]:
        """The methods, in which TensorFlow has the name ``root``."""
        return [re.sub(r"\btf\.", f"{root}.", text) for text in self.methods]


_BINARY = CannedHead(
    frozenset({"name"}),
    "",
    {
        "average_loss": "keras.metrics.Mean()",
        "head_accuracy": "keras.metrics.Accuracy()",
        "head_precision": "keras.metrics.Precision()",
        "head_recall": "keras.metrics.Recall()",
        "prediction_mean": "keras.metrics.Mean()",
        "label_mean": "keras.metrics.Mean()",
        "head_auc": "keras.metrics.AUC()",
        "head_auc_precision_recall": 'keras.metrics.AUC(curve="PR")',
    },
    (
        """\
def head_losses(self, labels, logits):
    labels = tf.cast(tf.reshape(labels, tf.shape(logits)), tf.float32)
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
""",
        """\
def head_predictions(self, logits):
    two_classes = tf.concat([tf.zeros_like(logits), logits], axis=-1)
    class_ids = tf.expand_dims(tf.argmax(two_classes, axis=-1), axis=-1)
    every_class = tf.tile([[0, 1]], [tf.shape(logits)[0], 1])
    return {
        "logits": logits,
        "logistic": tf.sigmoid(logits),
        "probabilities": tf.nn.softmax(two_classes),
        "class_ids": class_ids,
        "classes": tf.strings.as_string(class_ids),
        "all_class_ids": every_class,
        "all_classes": tf.strings.as_string(every_class),
    }
""",
        """\
def head_metrics(self, labels, logits):
    losses = self.head_losses(labels, logits)
    labels = tf.cast(tf.reshape(labels, tf.shape(logits)), tf.float32)
    predictions = self.head_predictions(logits)
    logistic, class_ids = predictions["logistic"], predictions["class_ids"]
    label_mean = self.label_mean(labels)
    return {
        "average_loss": self.average_loss(losses),
        "accuracy": self.head_accuracy(labels, class_ids),
        "precision": self.head_precision(labels, class_ids),
        "recall": self.head_recall(labels, class_ids),
        "prediction/mean": self.prediction_mean(logistic),
        "label/mean": label_mean,
        "accuracy_baseline": tf.maximum(label_mean, 1.0 - label_mean),
        "auc": self.head_auc(labels, logistic),
        "auc_precision_recall": self.head_auc_precision_recall(labels, logistic),
    }
""",
    ),
)

_MULTI = CannedHead(
    frozenset({"n_classes", "name"}),
    "n_classes",
    {"average_loss": "keras.metrics.Mean()", "head_accuracy": "keras.metrics.Accuracy()"},
    (
        """\
def head_losses(self, labels, logits):
    labels = tf.reshape(labels, tf.shape(logits)[:-1])
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
""",
        """\
def head_predictions(self, logits):
    class_ids = tf.expand_dims(tf.argmax(logits, axis=-1), axis=-1)
    every_class = tf.expand_dims(tf.range(tf.shape(logits)[-1]), axis=0)
    every_class = tf.tile(every_class, [tf.shape(logits)[0], 1])
    return {
        "logits": logits,
        "probabilities": tf.nn.softmax(logits),
        "class_ids": class_ids,
        "classes": tf.strings.as_string(class_ids),
        "all_class_ids": every_class,
        "all_classes": tf.strings.as_string(every_class),
    }
""",
        """\
def head_metrics(self, labels, logits):
    class_ids = self.head_predictions(logits)["class_ids"]
    return {
        "average_loss": self.average_loss(self.head_losses(labels, logits)),
        "accuracy": self.head_accuracy(tf.reshape(labels, tf.shape(class_ids)), class_ids),
    }
""",
    ),
)

_REGRESSION = CannedHead(
    frozenset({"label_dimension", "name"}),
    "label_dimension",
    {
        "average_loss": "keras.metrics.Mean()",
        "prediction_mean": "keras.metrics.Mean()",
        "label_mean": "keras.metrics.Mean()",
    },
    (
        """\
def head_losses(self, labels, logits):
    labels = tf.cast(tf.reshape(labels, tf.shape(logits)), tf.float32)
    return tf.math.squared_difference(labels, logits)
""",
        """\
def head_predictions(self, logits):
    return {"predictions": logits}
""",
        """\
def head_metrics(self, labels, logits):
    return {
        "average_loss": self.average_loss(self.head_losses(labels, logits)),
        "prediction/mean": self.prediction_mean(logits),
        "label/mean": self.label_mean(labels),
    }
""",
    ),
)

#: By the short name of the class; its first parameter is the first of ``_FIRST``.
_HEADS: Mapping[str, CannedHead] = {
    "estimator.BinaryClassHead": _BINARY,
    "estimator.MultiClassHead": _MULTI,
    "estimator.RegressionHead": _REGRESSION,
}
_FIRST: Mapping[str, str] = {
    "estimator.BinaryClassHead": "weight_column",
    "estimator.MultiClassHead": "n_classes",
    "estimator.RegressionHead": "label_dimension",
}


def canned_head(path: str, positional: int, keywords: Sequence[str]) -> CannedHead | None:
    """The head that a construction creates, if its methods support the arguments."""
    short = short_name(path) or ""
    head = _HEADS.get(short)
    if head is None or positional > 1:
        return None
    given = {*keywords, *([_FIRST[short]] if positional else [])}
    return head if given <= head.parameters else None
