"""MFN101: a spec that TensorFlow rejects when it is used is none that the function refuses."""

import tensorflow as tf

def model_fn(features, labels, mode, params):
    t = tf.constant()
    return helper_1(mode, params, t=t)

def helper_1(mode, params, labels=None, t=None):
    loss = None
    train_op = t
    if params['f1']:
        assert mode != tf.estimator.ModeKeys.TRAIN
    else:
        spec_2 = tf.estimator.tpu.TPUEstimatorSpec(mode=mode, loss=t, train_op=train_op)
        spec_2 = spec_2._replace(loss=loss)
        return spec_2
