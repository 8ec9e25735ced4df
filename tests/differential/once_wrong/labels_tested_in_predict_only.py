"""MFN201: only PREDICT gets to the test of ``labels``, and returns nothing."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(0.0)
    if mode not in ("eval", tf.estimator.ModeKeys.TRAIN):
        t = tf.reduce_mean(t) if labels is None or params["f1"] else t
    elif mode == tf.estimator.ModeKeys.TRAIN:
        return tf.estimator.EstimatorSpec(mode, loss=t, train_op=t)
