"""The updates are read, and nothing does anything with them."""

import tensorflow.compat.v1 as tf


def _loss(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    normalized = tf.layers.batch_normalization(features["x"], training=training)
    logits = tf.layers.dense(normalized, 2)
    return tf.losses.sparse_softmax_cross_entropy(labels, logits)


def model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels, mode)
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    optimizer = tf.train.AdamOptimizer()
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = optimizer.minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def forgetful_model_fn(features, labels, mode, params):  # unaddressed: PREDICT
    loss = _loss(features, labels, mode)
    if params["verbose"]:
        tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.GradientDescentOptimizer(0.1).minimize(
            loss, tf.train.get_global_step()
        )
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


def read_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels, mode)
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.group(step, *updates))


def read_later_model_fn(features, labels, mode, params):  # unaddressed: PREDICT
    loss = _loss(features, labels, mode)
    ops = []
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    if params["listed"]:
        ops += update_ops
    else:
        ops.extend(update_ops)
    with tf.control_dependencies(ops):
        step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)
