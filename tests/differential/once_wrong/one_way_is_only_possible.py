"""MFN316: one way is wrong for certain, the other only where predict() runs it."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        predictions = [tf.constant(1.0)] if params["listed"] else {}
        return tf.estimator.EstimatorSpec(mode, predictions)
    return tf.estimator.EstimatorSpec(mode, None, tf.constant(1.0), tf.no_op())
