# judged-by: estimator
"""Losses of tf.nn for words and for speech: one for each example, too."""

import tensorflow.compat.v1 as tf


def words_model_fn(features, labels, mode):  # unaddressed: PREDICT
    weights = tf.get_variable("weights", [3, 4])
    biases = tf.get_variable("biases", [3])
    loss = tf.reduce_mean(tf.nn.sampled_softmax_loss(
        weights=weights,
        biases=biases,
        labels=tf.reshape(labels, [-1, 1]),
        inputs=tf.layers.dense(features["x"], 4),
        num_sampled=2,
        num_classes=3,
    ))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def noise_model_fn(features, labels, mode):  # unaddressed: PREDICT
    weights = tf.get_variable("weights", [3, 4])
    biases = tf.get_variable("biases", [3])
    inputs = tf.layers.dense(features["x"], 4)
    targets = tf.reshape(labels, [-1, 1])
    loss = tf.reduce_mean(tf.nn.nce_loss(weights, biases, targets, inputs, 2, 3))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def speech_model_fn(features, labels, mode):  # unaddressed: PREDICT
    logits = tf.expand_dims(tf.layers.dense(features["x"], 3), 1)
    lengths = tf.ones_like(labels, tf.int32)
    sparse = tf.sparse.from_dense(tf.ones_like(tf.expand_dims(labels, 1), tf.int32))
    loss = tf.reduce_mean(tf.nn.ctc_loss(sparse, logits, lengths, time_major=False))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def mean_model_fn(features, labels, mode):  # unaddressed: PREDICT
    logits = tf.expand_dims(tf.layers.dense(features["x"], 3), 1)
    lengths = tf.ones_like(labels, tf.int32)
    sparse = tf.sparse.from_dense(tf.ones_like(tf.expand_dims(labels, 1), tf.int32))
    loss = tf.reduce_mean(tf.nn.ctc_loss(sparse, logits, lengths, time_major=False))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
