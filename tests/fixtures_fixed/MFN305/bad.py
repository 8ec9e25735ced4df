"""A list of ops is not an op."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})

    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    average_op = tf.train.ExponentialMovingAverage(0.9).apply(tf.trainable_variables())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=tf.group(train_op, average_op),
    )
