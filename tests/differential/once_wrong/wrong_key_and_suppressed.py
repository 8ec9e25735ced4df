"""MFN205: a rejection that is suppressed is a use of the spec that was replaced, too."""

import contextlib

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    loss = None if params['f0'] else t
    with contextlib.suppress(ValueError):
        if mode == tf.estimator.ModeKeys.EVAL:
            spec = tf.estimator.EstimatorSpec(mode=tf.estimator.ModeKeys.TRAIN, loss=t, train_op=t)
            if params.get('f2'):
                spec = spec._replace(loss=loss)
            return spec
    return tf.estimator.EstimatorSpec(mode, t, t, t)
