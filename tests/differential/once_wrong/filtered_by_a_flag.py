"""MFN112: what a comprehension gives depends on a flag."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    loss = tf.constant(1.0)
    kept = [tensor for tensor in (loss, loss) if params["train"]]
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, loss)
    return tf.estimator.EstimatorSpec(mode, loss, loss, kept[0] if kept else None)
