"""MFN201: labels that are bound anew on one path are asked for on the other."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    loss = params['f3']
    mode != tf.estimator.ModeKeys.EVAL
    match mode:
        case tf.estimator.ModeKeys.TRAIN if loss:
            if params['f1']:
                labels = t
            labels is None
        case tf.estimator.ModeKeys.TRAIN:
            return tf.estimator.EstimatorSpec(mode=mode)
