"""Objects of `tf.layers.BatchNormalization` add their updates to the collection, too."""

import tensorflow.compat.v1 as tf


def spec_of(mode, labels, hidden):
    logits = tf.layers.Dense(3)(hidden)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def object_model_fn(features, labels, mode):
    normalize = tf.layers.BatchNormalization(momentum=0.9)
    training = mode == tf.estimator.ModeKeys.TRAIN
    return spec_of(mode, labels, normalize(features["x"], training=training))


def list_model_fn(features, labels, mode):
    net = features["x"]
    for layer in (tf.layers.Dense(4), tf.layers.Dense(3)):
        net = tf.nn.relu(layer(net))
    training = mode == tf.estimator.ModeKeys.TRAIN
    return spec_of(mode, labels, tf.layers.BatchNormalization()(net, training=training))


def updated_model_fn(features, labels, mode):
    normalize = tf.layers.BatchNormalization(momentum=0.9)
    training = mode == tf.estimator.ModeKeys.TRAIN
    logits = tf.layers.Dense(3)(normalize(features["x"], training=training))
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
