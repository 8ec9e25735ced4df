"""A spec needs its mode."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode=mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def keyword_dict_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    fields = {"predictions": logits}
    if labels is not None:
        fields["mode"] = mode
        fields["loss"] = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        step = tf.train.get_global_step()
        fields["train_op"] = tf.train.AdamOptimizer().minimize(fields["loss"], step)
    return tf.estimator.EstimatorSpec(**fields)  # MFN301 col 12


def empty_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec()  # MFN301 col 16
    if labels is None:
        return tf.estimator.EstimatorSpec(mode, logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
