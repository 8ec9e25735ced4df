"""MFN112: a handler that may not run hides nothing of the paths that there are."""

import tensorflow as tf


def model_fn(features, labels, mode, params):
    loss = tf.constant(1.0)
    train_op = None
    for item in ("first", "second"):
        try:
            name = None
            if params["early"]:
                return tf.estimator.EstimatorSpec(mode=mode)
        except KeyError:
            try:
                name = loss[0]
            except ValueError:
                name = mode
            else:
                train_op = loss
        except ValueError:
            train_op = (loss, name, item)
    return tf.estimator.EstimatorSpec(mode, loss, loss, train_op=train_op)
