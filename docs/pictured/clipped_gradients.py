"""The paths of one test join at once; those of another stay apart as long as it matters."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode, params):
    loss = tf.losses.mean_squared_error(labels, features["x"])
    if params["decay"]:
        rate = tf.constant(0.1)
    else:
        rate = tf.constant(0.01)
    if params["clip"]:
        norm = tf.constant(5.0)
    optimizer = tf.train.AdamOptimizer(rate)
    if params["clip"]:
        loss = tf.clip_by_value(loss, 0.0, norm)
    train_op = optimizer.minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
