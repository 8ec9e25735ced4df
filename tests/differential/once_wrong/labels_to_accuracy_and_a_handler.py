"""MFN611: what a function of TensorFlow raises for None is what it raises: no ValueError here."""

import tensorflow as tf

def model_fn(features, labels, mode, params):
    t = tf.constant(0.0)
    mode in (tf.estimator.ModeKeys.PREDICT,)
    try:
        try:
            raise mode
        except Exception as error:
            if params['f1']:
                labels = t
            tf.metrics.accuracy(labels=labels)
            return tf.estimator.EstimatorSpec(mode)
    except ValueError:
        pass
