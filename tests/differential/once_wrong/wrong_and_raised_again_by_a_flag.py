"""MFN316: a handler that raises a rejection again on some paths leaves others."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    flag = params['f3']
    try:
        tf.estimator.EstimatorSpec(mode=mode, predictions='p')
    except ValueError:
        if mode == tf.estimator.ModeKeys.EVAL and flag:
            raise
    t = tf.constant(1.0)
    return tf.estimator.EstimatorSpec(mode, t, t, t)
