"""Params that the function does not take, and params that a TPUEstimator can't do without."""

import functools

import tensorflow.compat.v1 as tf


def spec_of(features, labels, mode, params=None):
    outputs = tf.layers.dense(features["x"], 1)[:, 0]
    loss = tf.losses.mean_squared_error(labels if labels is not None else outputs, outputs)
    train_op = tf.assign_add(tf.train.get_global_step(), 1)
    return tf.estimator.EstimatorSpec(mode, outputs, loss, train_op)


def without_params(features, labels, mode, params=None):
    return spec_of(features, labels, mode)


def make_for_tpu():
    return tf.estimator.tpu.TPUEstimator(
        without_params, config=tf.estimator.tpu.RunConfig(), train_batch_size=2
    )


def make_with_empty_params():
    params = {}
    return tf.estimator.Estimator(without_params, None, None, params)


def make_with_filled_params():
    network = functools.partial(spec_of, params={"units": 1})
    return tf.estimator.Estimator(
        model_fn=network,
        params={"units": 2},  # MFN403 col 9
    )


def make_for_tpu_with_filled_params():
    network = functools.partial(spec_of, params={"units": 1})
    return tf.estimator.tpu.TPUEstimator(
        network,  # MFN403 col 9
        config=tf.estimator.tpu.RunConfig(),
        train_batch_size=2,
    )
