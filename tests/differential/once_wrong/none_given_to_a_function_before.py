"""MFN207: too much is given in EVAL only; in PREDICT TensorFlow rejects a None before labels."""

import tensorflow as tf


def helper(mode, labels=None, t=None):
    tf.reduce_mean(t)
    return labels - t


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    if mode == tf.estimator.ModeKeys.EVAL:
        helper(mode, t, t, t)
    if labels is None:
        helper(mode, labels)
    return tf.estimator.EstimatorSpec(mode, t, t, t)
