"""MFN314: a path that exists, on which the loss is an op, is not merged with a doubtful one."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    loss = tf.no_op()
    while params['f1']:
        try:
            try:
                raise KeyError()
                loss = 0.0
            except KeyError:
                if loss is not None:
                    raise ValueError()
        except ValueError:
            pass
        break
    else:
        loss = None
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
