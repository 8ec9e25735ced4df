"""Sources to report on."""

from __future__ import annotations

from estimator_lint.migration.file_reports import migration_of
from estimator_lint.migration.migration_model import FileReport, FunctionReport, Item
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode

#: Each mode builds something else; one field depends on a flag.
CLASSIFIER = """\
import tensorflow as tf


def model_fn(features, labels, mode, params):
    net = tf.layers.batch_normalization(features["x"], training=mode == "train")
    logits = tf.layers.dense(net, 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"p": tf.nn.softmax(logits)})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        accuracy = tf.metrics.accuracy(labels, tf.argmax(logits, 1))
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={"a": accuracy})
    optimizer = tf.train.AdamOptimizer(0.1)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = optimizer.minimize(loss, tf.train.get_global_step())
    hooks = [tf.train.NanTensorHook(loss)] if params["careful"] else None
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, training_hooks=hooks)
"""


def report_of(text: str, path: str = "model.py") -> FileReport:
    """The report on one file."""
    (file,) = migration_of([(text, path)], Settings()).files
    return file


def function_of(text: str) -> FunctionReport:
    """The report on the one model function of a file."""
    (function,) = report_of(text).functions
    return function


def lines_of(item: Item) -> dict[str, list[int]]:
    """The lines of the file itself on which something is used, by mode."""
    return {
        "" if mode is None else mode.name: [site.line for site in sites]
        for mode, sites in item.sites.items()
    }


def uses_of(function: FunctionReport) -> dict[str, dict[str, list[int]]]:
    """The uses of a function, with the lines by mode."""
    return {item.name: lines_of(item) for item in function.items}


def modes_using(function: FunctionReport, name: str) -> set[Mode | None]:
    """The modes that use something."""
    return {mode for item in function.items if item.name == name for mode in item.sites}
