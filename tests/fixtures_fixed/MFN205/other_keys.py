"""A constant key on the path of another mode."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def _train_op(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def shared_site_model_fn(features, labels, mode):
    """The site serves TRAIN and EVAL under the key of TRAIN."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.TRAIN or mode == ModeKeys.EVAL:
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        return tf.estimator.EstimatorSpec(
            mode,
            loss=loss,
            train_op=_train_op(loss),
        )
    return tf.estimator.EstimatorSpec(ModeKeys.PREDICT, predictions=logits)


def string_key_model_fn(features, labels, mode):
    """The key as a string."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, logits, tf.constant(0.0))
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def helper_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    if mode == ModeKeys.TRAIN:
        return training(features, labels, logits)
    return evaluation(labels, logits)


def training(features, labels, logits):
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = _train_op(loss)
    return tf.estimator.EstimatorSpec(ModeKeys.TRAIN, features, loss, train_op)


def evaluation(labels, logits):
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(ModeKeys.PREDICT, logits, loss)  # MFN205 EVAL col 39


def keyword_dict_model_fn(features, labels, mode):
    """In a dict, the key stands where the dict says so."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    key = ModeKeys.TRAIN
    fields = dict(loss=loss, train_op=_train_op(loss), mode=key)
    if mode == ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=fields["train_op"])
    return tf.estimator.EstimatorSpec(**fields)


def tpu_model_fn(features, labels, mode, params):
    del params
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.tpu.TPUEstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == ModeKeys.TRAIN:
        return tf.estimator.tpu.TPUEstimatorSpec(mode, loss=loss, train_op=_train_op(loss))
    return tf.estimator.tpu.TPUEstimatorSpec(
        mode=mode,
        predictions={"logits": logits},
        loss=loss,
    )
