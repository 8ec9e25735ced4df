"""MFN104: what a partial holds is given to the spec, None or not."""

import functools

import tensorflow as tf


def model_fn(features, labels, mode, params):
    loss = tf.reduce_mean(features["x"])
    if mode == tf.estimator.ModeKeys.TRAIN:
        loss = loss * 2
    train_op = tf.no_op() if mode != tf.estimator.ModeKeys.EVAL else None
    make = functools.partial(tf.estimator.EstimatorSpec, mode=mode, predictions=None)
    return make(loss=loss, train_op=train_op)
