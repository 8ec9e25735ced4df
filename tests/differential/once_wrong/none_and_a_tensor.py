"""MFN103: an operator that makes tensors of its operands raises ValueError for None."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    t = tf.constant(1.0)
    train_op = None
    try:
        try:
            raise KeyError(mode)
        except LookupError:
            train_op += t
    except ValueError:
        try:
            assert mode != tf.estimator.ModeKeys.EVAL
        except:
            return tf.estimator.EstimatorSpec(mode)
