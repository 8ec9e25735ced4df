"""A test whose outcome depends on the mode, by code that the linter does not follow."""

import tensorflow.compat.v1 as tf
from trainer import is_training


def model_fn(features, labels, mode):
    predictions = tf.layers.dense(features["x"], 1)
    loss = train_op = None
    if labels is not None:
        loss = tf.losses.mean_squared_error(labels, predictions)
    if is_training(mode):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, predictions, loss, train_op)
