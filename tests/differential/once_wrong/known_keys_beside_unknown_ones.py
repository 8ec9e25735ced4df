"""MFN302: what stands under a known key is what it is, whatever the other keys are."""

import tensorflow.compat.v1 as tf
from keys import Keys


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    metrics = {"accuracy": None, Keys.MEAN: tf.metrics.mean(logits)}
    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op(), metrics)
