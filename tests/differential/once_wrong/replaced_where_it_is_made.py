"""MFN104: a call and the replacement of what it makes begin at one place."""

import tensorflow as tf

def model_fn(features, labels, mode, params):
    t = tf.constant()
    predictions = None
    mode == tf.estimator.ModeKeys.PREDICT
    try:
        if params['f0']:
            raise NotImplementedError
        for number_1, item_2 in enumerate((t,)):
            predictions = item_2
            train_op = None
        tf.estimator.EstimatorSpec()
    except KeyError as error:
        if mode is tf.estimator.ModeKeys.PREDICT:
            pass
    except:
        return tf.estimator.EstimatorSpec(mode=mode, **dict(predictions=predictions))._replace(predictions=train_op)
