"""Strings that are no key, in every kind of test."""

import tensorflow.compat.v1 as tf

TEST = "test"


def _loss(features, labels):
    return tf.losses.sparse_softmax_cross_entropy(labels, tf.layers.dense(features["x"], 3))


def _train_op(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def capitals_model_fn(features, labels, mode):  # unaddressed: PREDICT
    """The train_op is never made, since no mode is "TRAIN"."""
    loss = _loss(features, labels)
    train_op = None
    if mode == "train":
        train_op = _train_op(loss)
    return tf.estimator.EstimatorSpec(
        mode, loss=loss, train_op=train_op
    )


def reversed_model_fn(features, labels, mode):
    if labels is None:
        return tf.estimator.EstimatorSpec(mode, predictions=features["x"])
    loss = _loss(features, labels)
    if "eval" != mode:
        tf.summary.scalar("loss", loss)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def member_model_fn(features, labels, mode):
    if mode in ("train",):
        loss = _loss(features, labels)
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))
    if mode not in ["eval", "test"]:  # MFN204 col 29
        return tf.estimator.EstimatorSpec(mode, predictions=features["x"])
    return tf.estimator.EstimatorSpec(mode, loss=_loss(features, labels))


def helper_model_fn(features, labels, mode):
    if is_predicting(mode) or labels is None:
        return tf.estimator.EstimatorSpec(mode, predictions=features["x"])
    loss = _loss(features, labels)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def is_predicting(mode):
    return mode == "infer"


def conditional_model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features["x"])
    rate = 0.1 if mode == "eval" else 0.2
    loss = rate * _loss(features, labels)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def constant_model_fn(features, labels, mode):
    """The name of a constant is the wrong operand."""
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=features["x"])
    loss = _loss(features, labels)
    if mode == TEST:  # MFN204 col 16
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))
