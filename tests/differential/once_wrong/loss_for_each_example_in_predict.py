"""clean: nothing reads the loss in PREDICT, which may be one for each example there."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    classes = tf.argmax(logits, 1)
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=logits)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits, loss=loss)
    return tf.estimator.EstimatorSpec(mode, logits, tf.reduce_mean(loss), tf.no_op())
