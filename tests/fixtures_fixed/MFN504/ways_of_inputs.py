"""Layers that are given what they work on by its name, or something that another object made."""

import tensorflow.compat.v1 as tf


def _spec(net, labels, mode):
    logits = tf.layers.dense(inputs=net, units=2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def dropout_model_fn(features, labels, mode):
    net = tf.layers.dropout(inputs=features["x"], rate=0.4, training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def batch_normalization_model_fn(features, labels, mode):
    net = tf.layers.batch_normalization(inputs=features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def layer_object_model_fn(features, labels, mode):
    drop = tf.layers.Dropout(0.5)
    return _spec(drop(inputs=features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def keras_model_fn(features, labels, mode):
    net = tf.keras.layers.Dropout(0.5)(inputs=features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def sequential_model_fn(features, labels, mode):
    model = tf.keras.Sequential([tf.keras.layers.Dense(8), tf.keras.layers.Dropout(0.5)])
    return _spec(model(inputs=features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def method_without_arguments_model_fn(features, labels, mode):
    net = tf.distributions.Normal(features["x"], 1.0).mean()
    net = tf.keras.layers.Dropout(0.5)(net, training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)
