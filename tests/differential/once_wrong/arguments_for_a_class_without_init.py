"""MFN207: the class has no ``__init__`` that takes the mode."""

import tensorflow as tf


class State:
    loss = None


def model_fn(features, labels, mode, params):
    t = tf.constant(0.0)
    if mode == tf.estimator.ModeKeys.PREDICT:
        state = State(mode)
        return tf.estimator.EstimatorSpec(mode, predictions=t if state else None)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=t)
    return tf.estimator.EstimatorSpec(mode, loss=t, train_op=t)
