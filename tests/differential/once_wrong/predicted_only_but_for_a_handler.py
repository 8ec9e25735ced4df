"""MFN201: one mode alone comes to the handler, and to the spec behind it."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    if mode != "train":
        predictions = t
    try:

        def read():
            return predictions

        read()
        return None
    except Exception:
        mode == "infer"
    return tf.estimator.EstimatorSpec(mode=mode, predictions=t)
