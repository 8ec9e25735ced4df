"""MFN104: two comparisons of tensors are no chain of alternatives."""

import tensorflow as tf


def model_fn(mode, params):
    t = tf.constant()
    helper(t, mode, params, t)
    return tf.estimator.EstimatorSpec(mode=mode, loss=t, train_op=t)


def helper(labels, mode, params, t):
    predictions = tf.reduce_mean()
    for number, item in enumerate((t, t)):
        if params.get('f2'):
            predictions = t
        if t is predictions:
            pass
    mode == tf.estimator.ModeKeys.PREDICT
