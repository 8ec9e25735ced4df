"""`as_estimator_spec` without its parentheses."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        spec = tf.estimator.tpu.TPUEstimatorSpec(mode, predictions={"logits": logits})
        return spec.as_estimator_spec()
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    spec = tf.estimator.tpu.TPUEstimatorSpec(mode, loss=loss, train_op=train_op)
    return spec.as_estimator_spec()


def class_model_fn(features, labels, mode):
    """The class is returned, not an instance."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec  # MFN202 PREDICT col 16
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
