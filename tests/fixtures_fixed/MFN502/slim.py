# requires-tensorflow: 1
"""Batch normalization of tf.contrib.slim: called, as normalizer_fn, by arg_scope."""

import functools

import tensorflow as tf
from tensorflow.contrib import layers
from tensorflow.contrib import slim as contrib_slim

slim = tf.contrib.slim


def minimize(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def spec_of(net, labels, mode, train):
    logits = slim.fully_connected(net, 2, activation_fn=None)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train(loss))


def called_model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    net = slim.batch_norm(features["x"], is_training=training, scale=True)

    def train(loss):
        optimizer = tf.train.AdamOptimizer()
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            return optimizer.minimize(loss, tf.train.get_global_step())

    return spec_of(net, labels, mode, train)


def normalizer_model_fn(features, labels, mode):
    norm = functools.partial(layers.batch_norm, is_training=mode == tf.estimator.ModeKeys.TRAIN)
    net = layers.fully_connected(features["x"], 4, normalizer_fn=norm)

    def train(loss):
        optimizer = tf.train.AdamOptimizer()
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            return optimizer.minimize(loss, tf.train.get_global_step())

    return spec_of(net, labels, mode, train)


def scope_of(training):
    params = {"is_training": training, "decay": 0.9}
    with slim.arg_scope([slim.fully_connected], normalizer_fn=slim.batch_norm):
        with slim.arg_scope([slim.fully_connected], normalizer_params=params) as scope:
            return scope


def captured_scope_model_fn(features, labels, mode):
    with slim.arg_scope(scope_of(mode == tf.estimator.ModeKeys.TRAIN)):
        net = slim.fully_connected(features["x"], 4)

    def train(loss):
        optimizer = tf.train.AdamOptimizer()
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            return optimizer.minimize(loss, tf.train.get_global_step())

    return spec_of(net, labels, mode, train)


def repeated_model_fn(features, labels, mode):
    with slim.arg_scope([slim.batch_norm], is_training=mode == tf.estimator.ModeKeys.TRAIN):
        net = contrib_slim.repeat(
            features["x"], 2, slim.fully_connected, 4, normalizer_fn=contrib_slim.batch_norm
        )

    def train(loss):
        optimizer = tf.train.AdamOptimizer()
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            return optimizer.minimize(loss, tf.train.get_global_step())

    return spec_of(net, labels, mode, train)


def in_place_model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    with slim.arg_scope([slim.batch_norm], is_training=training, updates_collections=None):
        net = slim.fully_connected(features["x"], 4, normalizer_fn=slim.batch_norm)
    return spec_of(net, labels, mode, minimize)


def behind_the_scope_model_fn(features, labels, mode):
    with slim.arg_scope([slim.fully_connected], normalizer_fn=slim.batch_norm):
        net = slim.flatten(features["x"])
    return spec_of(slim.fully_connected(net, 4), labels, mode, minimize)


def create_train_op_model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    net = slim.batch_norm(features["x"], is_training=training)

    def train(loss):
        return slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.1))

    return spec_of(net, labels, mode, train)


def gathered_model_fn(features, labels, mode):
    params = {"is_training": mode == tf.estimator.ModeKeys.TRAIN}
    net = slim.fully_connected(
        features["x"], 4, normalizer_fn=slim.batch_norm, normalizer_params=params
    )

    def train(loss):
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            return minimize(loss)

    return spec_of(net, labels, mode, train)
