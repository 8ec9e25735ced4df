"""Whether variables are created is not known if the source does not decide about `reuse`."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        with tf.variable_scope("extra", reuse=params["shared"]):
            extra = tf.layers.dense(logits, 1)  # missed: MFN602 EVAL
        return tf.estimator.EstimatorSpec(mode, loss=loss + tf.reduce_mean(extra))
    optimizer = tf.train.AdamOptimizer()
    train_op = optimizer.minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
