"""MFN102 in line 18 alone: both specs before are caught, one of them in the handler of the other."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    loss = tf.constant(1.0)
    known = loss if params["known"] else None
    try:
        return tf.estimator.EstimatorSpec(mode)
    except Exception:
        try:
            return tf.estimator.EstimatorSpec(mode, loss=known, predictions=loss)
        except Exception:
            if mode == tf.estimator.ModeKeys.EVAL:
                return tf.estimator.EstimatorSpec(mode, loss=loss)
            if mode == tf.estimator.ModeKeys.TRAIN:
                return tf.estimator.EstimatorSpec(mode, loss=loss)
            raise
