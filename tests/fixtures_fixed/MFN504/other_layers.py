"""Layers of several kinds, none of which is told that it is in training."""

import tensorflow.compat.v1 as tf


def _spec(net, labels, mode):
    logits = tf.layers.dense(net, 2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def batch_normalization_model_fn(features, labels, mode):
    net = tf.layers.batch_normalization(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def layer_object_model_fn(features, labels, mode):
    drop = tf.layers.Dropout(0.5)
    return _spec(drop(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def normalizing_object_model_fn(features, labels, mode):
    normalize = tf.layers.BatchNormalization(momentum=0.9)
    return _spec(normalize(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def keras_dropout_model_fn(features, labels, mode):
    net = tf.keras.layers.Dense(8, activation="relu")(features["x"])
    net = tf.keras.layers.Dropout(0.5)(net, training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def keras_told_nothing_model_fn(features, labels, mode):
    net = tf.keras.layers.Dropout(0.5)(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def keras_noise_model_fn(features, labels, mode):
    net = tf.keras.layers.GaussianNoise(0.5)(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def sequential_model_fn(features, labels, mode):
    model = tf.keras.Sequential([tf.keras.layers.Dense(8), tf.keras.layers.Dropout(0.5)])
    return _spec(model(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def reversed_model_fn(features, labels, mode):
    training = mode != tf.estimator.ModeKeys.TRAIN
    net = tf.layers.dropout(features["x"], 0.5, training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def _network(net, rate):
    net = tf.layers.dense(net, 8)
    return tf.layers.dropout(net, rate) if rate else net  # MFN504 TRAIN col 12


def helper_model_fn(features, labels, mode, params):
    return _spec(_network(features["x"], 0.5 if params["drop"] else 0.25), labels, mode)
