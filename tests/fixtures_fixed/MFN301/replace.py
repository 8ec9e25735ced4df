"""A field that the spec does not have, in `_replace`."""

import tensorflow.compat.v1 as tf


def _train_op(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def ignored_model_fn(features, labels, mode):
    """EstimatorSpec ignores it without a word."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    spec = tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))
    if mode == tf.estimator.ModeKeys.EVAL:
        spec = spec._replace(eval_metric_ops={"mean": tf.metrics.mean(logits)})
    return spec


def raising_model_fn(features, labels, mode, params):
    """TPUEstimatorSpec raises ValueError."""
    del params
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.tpu.TPUEstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    spec = tf.estimator.tpu.TPUEstimatorSpec(mode, loss=loss, train_op=_train_op(loss))
    if mode == tf.estimator.ModeKeys.EVAL:
        spec = spec._replace(eval_metric_ops={})  # MFN301 col 30
    return spec
