"""MFN104: that PREDICT is refused stands where none comes, for what goes wrong before is caught."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    try:
        train_op
    except UnboundLocalError:
        train_op = t
    else:
        if labels is None:
            raise ValueError("x")
    loss = t if labels else t
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
