"""MFN316: on some paths predictions are wrong, on the others predict() has nothing to run."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=(1 if params['f0'] else {}))
    return tf.estimator.EstimatorSpec(mode, t, t, t)
