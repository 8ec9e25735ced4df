"""MFN601: whether PREDICT is refused is asked again where handlers are taken for quiet."""

import tensorflow as tf

def model_fn(features, labels, mode, params):
    t = 0.0
    -labels
    try:
        if mode in (tf.estimator.ModeKeys.PREDICT,):
            raise KeyError()
        try:
            predictions = t
            return tf.estimator.EstimatorSpec(loss=loss)
        except UnboundLocalError:
            train_op = predictions
            if mode == tf.estimator.ModeKeys.TRAIN:
                del loss
            return tf.estimator.EstimatorSpec(mode, loss=train_op)
    except ValueError:
        pass
