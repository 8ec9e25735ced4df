"""MFN304: the spec is used on all paths that make it and do not raise."""

import tensorflow as tf


def model_fn(mode, params):
    t = tf.constant()
    spec = tf.estimator.tpu.TPUEstimatorSpec(mode=mode, predictions=t)
    if params['f0']:
        spec = spec._replace(loss=tf.no_op())
    if params['f1']:
        return spec
    if params['f0']:
        match mode:
            case tf.estimator.ModeKeys.PREDICT:
                pass
        return predictions
    predictions = t
