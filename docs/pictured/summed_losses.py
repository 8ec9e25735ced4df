"""A loop of unknown length, which leaves a variable unbound in EVAL."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode, params):
    loss = 0.0
    for name in params["heads"]:
        logits = tf.layers.dense(features[name], 1)
        loss = loss + tf.losses.mean_squared_error(labels, logits)
        if mode == tf.estimator.ModeKeys.TRAIN:
            rate = tf.constant(0.1)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss * rate)
    optimizer = tf.train.GradientDescentOptimizer(rate)
    train_op = optimizer.minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
