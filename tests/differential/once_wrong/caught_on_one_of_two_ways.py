"""MFN112: the same site, reached in a try that catches and outside of it."""

import tensorflow as tf


def spec_of(mode, loss):
    return tf.estimator.EstimatorSpec(mode, loss, loss)


def model_fn(features, labels, mode, params):
    loss = tf.constant(1.0)
    if params["careful"]:
        try:
            return spec_of(mode, loss)
        except ValueError:
            return tf.estimator.EstimatorSpec(mode, loss, loss, loss)
    if mode == tf.estimator.ModeKeys.TRAIN:
        return spec_of(mode, loss)
    return tf.estimator.EstimatorSpec(mode, loss, loss)
