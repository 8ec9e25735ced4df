"""MFN316: a handler that lets the exception for a wrong type go on, or does not."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    try:
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, predictions=["p"])
    except Exception:
        if params["strict"]:
            raise
    return tf.estimator.EstimatorSpec(mode, tf.constant(1.0), tf.constant(1.0), tf.no_op())
