"""MFN205: a variable that a tuple of targets binds is not read there, so EVAL is not tested."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(0.0)
    is_training = mode != tf.estimator.ModeKeys.TRAIN
    spec = tf.estimator.EstimatorSpec(mode='infer', loss=t, train_op=t, predictions=t)
    if labels == None:
        spec = spec._replace(loss=None)
    return spec
    is_training, is_other = params['f0'], params['f1']
