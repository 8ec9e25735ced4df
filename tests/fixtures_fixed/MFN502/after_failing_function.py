"""A function of tf.cond raises, and the model function goes on without it."""

import tensorflow.compat.v1 as tf


def scaled(inputs, factor):
    if factor > 3:
        raise ValueError(factor)
    return factor * inputs


def model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    net = features["x"]
    try:
        net = tf.cond(tf.reduce_sum(net) > 3.0, lambda: scaled(net, 4), lambda: net)
    except ValueError:
        pass
    net = tf.layers.batch_normalization(net, training=training)
    logits = tf.layers.dense(net, 2)

    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})

    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    optimizer = tf.train.AdamOptimizer()
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = optimizer.minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
