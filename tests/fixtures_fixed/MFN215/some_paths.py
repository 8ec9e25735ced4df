"""The key differs from the mode on some paths."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def conditional_model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        key = ModeKeys.EVAL if params["score"] else mode
        return tf.estimator.EstimatorSpec(
            mode,
            logits,
            tf.reduce_mean(logits),
        )
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())


def two_sites_model_fn(features, labels, mode, params):
    """Definite at its place: whoever comes to the first site gets the wrong key."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        if params["score"]:
            return tf.estimator.EstimatorSpec(
                mode,
                logits,
                tf.reduce_mean(logits),
            )
        return tf.estimator.EstimatorSpec(ModeKeys.PREDICT, logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
