"""The train_op also runs the update of a metric, which counts no steps."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):  # unaddressed: PREDICT
    logits = tf.layers.dense(features["x"], 3)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)

    mean = tf.metrics.mean(loss)
    tf.summary.scalar("mean", mean[0])
    step = tf.train.AdamOptimizer().minimize(loss, global_step=tf.train.get_global_step())
    train_op = tf.group(step, mean[1], tf.reduce_mean(logits))
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def counted_model_fn(features, labels, mode):  # unaddressed: PREDICT
    logits = tf.layers.dense(features["x"], 3)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)

    mean = tf.metrics.mean(loss)
    with tf.control_dependencies([tf.train.AdamOptimizer().minimize(loss)]):
        counted = tf.assign_add(tf.train.get_global_step(), 1)
    train_op = tf.group(counted.op, mean[1])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
