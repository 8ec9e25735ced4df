"""MFN213: a test of membership in a list of known items depends on nothing else."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    if mode == tf.estimator.ModeKeys.EVAL:
        if params['f0'] not in [True, False]:
            loss = t
        elif params['f0'] == True:
            loss = t
        elif params['f0'] == False:
            pass
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    return tf.estimator.EstimatorSpec(mode, t, t, t)
