"""Whatever is not a spec."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def _train_op(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def tuple_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == ModeKeys.EVAL:
        return logits, loss  # MFN202 EVAL col 16
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def trailing_comma_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    spec = (tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss)),)
    return spec[0]


def tensor_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=tf.nn.softmax(logits))
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def list_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if labels is None:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def number_and_string_model_fn(features, labels, mode):
    if mode == ModeKeys.PREDICT:
        return "prediction is not supported"  # MFN202 PREDICT col 16
    if mode == ModeKeys.EVAL:
        return -1  # MFN202 EVAL col 16
    loss = tf.losses.sparse_softmax_cross_entropy(labels, tf.layers.dense(features["x"], 3))
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def keyword_dict_model_fn(features, labels, mode):
    """The dict of fields is returned before it became a spec."""
    fields = {"mode": mode, "predictions": tf.layers.dense(features["x"], 3)}
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(**fields)
    fields["loss"] = tf.losses.sparse_softmax_cross_entropy(labels, fields["predictions"])
    fields["train_op"] = _train_op(fields["loss"])
    return tf.estimator.EstimatorSpec(**fields)
