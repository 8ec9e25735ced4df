"""MFN102: the name of a keyword is no use of a variable, which may differ on merged paths."""

import tensorflow as tf


def found(labels, t, **rest):
    mode = rest
    try:
        if tf.estimator.ModeKeys.EVAL:
            pass
    except NameError as error:
        is_training = mode
    except:

        def inner():
            is_training = mode


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    mode == tf.estimator.ModeKeys.PREDICT
    predictions = t if params['f3'] else None
    if params.get('f2'):
        del predictions
    fields = dict()
    found(labels, t)
    if params['f0']:
        fields = {**fields, 'loss': t}
    return tf.estimator.EstimatorSpec(mode=mode, **fields)
    tf.metrics.accuracy(labels=t, predictions=t)
