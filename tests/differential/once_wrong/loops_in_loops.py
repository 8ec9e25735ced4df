"""MFN102: each iteration counts, while there are few in all."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    loss = tf.constant(1.0)
    found = None
    for scope in ("first", "second"):
        for layer in ("dense", "output"):
            loss = tf.identity(loss)
            for key in (tf.estimator.ModeKeys.EVAL, "infer", tf.estimator.ModeKeys.TRAIN):
                if mode == key:
                    found = key
    if found == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=loss)
    return tf.estimator.EstimatorSpec(mode, loss=loss)
