"""The same call with the same arguments makes one value, wherever it stands."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    optimizer = tf.train.AdamOptimizer()
    step = tf.train.get_global_step()
    one = tf.train.AdamOptimizer().minimize(loss, step)
    other = tf.train.AdamOptimizer().minimize(loss, step)  # missed: MFN506 TRAIN
    train_op = tf.group(one, other)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
