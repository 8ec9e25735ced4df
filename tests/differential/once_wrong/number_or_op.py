"""MFN314: paths on which a value is a number, an op and None are told apart as long as possible."""

import tensorflow as tf


def made(labels, t, **rest):
    mode = rest
    params = rest.get('params')
    if params['f0']:
        predictions = mode
    predictions = t
    try:
        try:
            if params.get('f2'):
                raise ValueError('x')
            return None
        except LookupError as error:
            return t
    except ValueError:
        pass
    return tf.no_op()


def model_fn(features, labels, mode, params):
    t = 0.0
    loss = None
    if mode in ('train', 'eval', 'infer'):
        if (found := made(labels, t, mode=mode, params=params)) is not None:
            train_op = found
        flag = params['f1']
        if flag:
            loss = made(labels, t, mode=mode, params=params)
        train_op = t
    return tf.estimator.EstimatorSpec(mode=mode, **dict(loss=loss))
