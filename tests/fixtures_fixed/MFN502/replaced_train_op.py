"""The train_op of a wrapped model function is replaced, and with it go the updates it ran."""

import tensorflow.compat.v1 as tf


def wrapped_model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    net = tf.layers.batch_normalization(features["x"], training=training)
    logits = tf.layers.dense(net, 2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


def regularizing_model_fn(features, labels, mode):
    spec = wrapped_model_fn(features, labels, mode)
    if mode != tf.estimator.ModeKeys.TRAIN:
        return spec
    loss = spec.loss + tf.reduce_mean(tf.square(features["x"]))
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = optimizer.minimize(loss, tf.train.get_global_step())
    return spec._replace(loss=loss, train_op=step)


def gathering_model_fn(features, labels, mode):
    spec = wrapped_model_fn(features, labels, mode)
    if mode != tf.estimator.ModeKeys.TRAIN:
        return spec
    loss = spec.loss + tf.reduce_mean(tf.square(features["x"]))
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return spec._replace(loss=loss, train_op=tf.group(step, updates))


def keeping_model_fn(features, labels, mode):
    spec = wrapped_model_fn(features, labels, mode)
    if mode != tf.estimator.ModeKeys.TRAIN:
        return spec
    return spec._replace(train_op=tf.group(spec.train_op, tf.no_op()))
