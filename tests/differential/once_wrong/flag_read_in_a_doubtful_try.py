"""MFN211: what a try body assigned is known where it did not raise."""

import tensorflow as tf


def model_fn(mode, params):
    t = tf.constant()
    if tf.estimator.ModeKeys.EVAL == mode:
        try:
            is_training, is_other = (t, params['f1'])
            is_training = is_other
        except t as error:
            pass
        if is_training:
            pass
        else:
            return tf.estimator.EstimatorSpec(mode=mode, loss=t)
