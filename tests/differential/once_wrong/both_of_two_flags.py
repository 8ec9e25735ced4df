"""MFN101: whether both of two flags are set goes with the tests of the path."""

import tensorflow as tf

def model_fn(features, labels, mode, params):
    both = params['f2'] and params['f1']
    if both:
        return tf.estimator.EstimatorSpec(mode=mode)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
