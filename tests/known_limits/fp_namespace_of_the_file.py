"""The file stores in a namespace of its own: its attributes are unknown, not what it was made with."""

import types

import tensorflow.compat.v1 as tf

CONFIGURATION = types.SimpleNamespace(dense=False)
CONFIGURATION.dense = True


def model_fn(features, labels, mode):
    known = tf.losses.mean_squared_error(labels, features["x"])
    train_op = tf.train.AdamOptimizer().minimize(known, tf.train.get_global_step())
    loss = known
    if CONFIGURATION.dense is False:
        loss = None
    return tf.estimator.EstimatorSpec(  # wrong: MFN111 TRAIN
        mode, loss=loss, train_op=train_op
    )
