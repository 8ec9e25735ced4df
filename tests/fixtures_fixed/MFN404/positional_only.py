# requires-python: 3.8
"""An Estimator passes everything by name."""

import tensorflow.compat.v1 as tf


def line(features, labels, mode):
    outputs = tf.layers.dense(features["x"], 1)[:, 0]
    loss = tf.losses.mean_squared_error(labels if labels is not None else outputs, outputs)
    train_op = tf.assign_add(tf.train.get_global_step(), 1)
    return tf.estimator.EstimatorSpec(mode, outputs, loss, train_op)


def make_estimator():
    return tf.estimator.Estimator(model_fn=line)
