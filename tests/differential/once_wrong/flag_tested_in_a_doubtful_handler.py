"""MFN103: what may be raised on one side of a flag takes nothing from its other side."""

import tensorflow as tf


def scale_of(params, scale):
    for name in (None if params["small"] else None, scale):
        try:
            name = tf.estimator.ModeKeys.EVAL
        except KeyError:
            if params["strict"]:
                raise NotImplementedError
    return name


def model_fn(features, labels, mode, params):
    scale = tf.constant(1.0)
    try:
        if mode == tf.estimator.ModeKeys.EVAL:
            scale_of(params, scale)
    except ValueError:
        pass
    return spec_of(mode, params, scale)


def spec_of(mode, params, scale):
    predictions = None if params["small"] else scale
    if predictions is None:
        return tf.estimator.EstimatorSpec(mode)
    return tf.estimator.EstimatorSpec(mode, predictions, scale, scale)
