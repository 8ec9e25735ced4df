"""MFN304: a value that is wrong in a spec is wrong in what is made of it."""

import tensorflow as tf

def helper_1(mode, labels, *, params, t):
    predictions = t
    return {'infer': lambda: tf.estimator.tpu.TPUEstimatorSpec(mode=mode, predictions=predictions)}.get(mode)()

def model_fn(features, labels, mode, params):
    t = tf.constant()
    spec_5 = helper_1(mode, labels, params=params, t=t)._replace(loss=tf.no_op())
    if params.get('f2'):
        spec_5 = spec_5._replace()
    made = spec_5
    return made
