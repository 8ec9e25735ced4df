"""`_replace` can't change the mode: ValueError."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def _train_op(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    spec = tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))
    if mode == ModeKeys.EVAL:
        spec = spec._replace(mode=ModeKeys.TRAIN)  # MFN206 col 35
    return spec


def constant_first_model_fn(features, labels, mode):
    """The spec was made for TRAIN, whatever the mode; changing it fails in EVAL only."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == ModeKeys.TRAIN:
        spec = tf.estimator.EstimatorSpec(ModeKeys.TRAIN, loss=loss, train_op=_train_op(loss))
        return spec._replace(mode=mode)
    spec = tf.estimator.EstimatorSpec(mode, loss=loss)
    return spec._replace(predictions=logits)
