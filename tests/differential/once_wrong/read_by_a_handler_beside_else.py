"""clean: ``loss``, which only the handler reads, was forgotten behind the ``else`` (MFN203)."""

import tensorflow as tf


def fail(mode, labels, *, params, t):
    is_training = {None}
    loss = None
    train_op = t
    raise ValueError


def model_fn(features, labels, mode, params):
    t = tf.constant(0.0)
    flag = params["f3"]
    loss = None if flag else t
    train_op = t
    predictions = t
    try:
        while flag:
            if mode == tf.estimator.ModeKeys.TRAIN:
                (lambda: t)()
            return fail(t, t, params=None, t=t)
    except ValueError:
        loss
    else:
        t
    predictions
    return tf.estimator.EstimatorSpec(mode, loss=t, train_op=t, predictions=t)
