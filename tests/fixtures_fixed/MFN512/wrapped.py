"""A wrapper replaces the train_op of a model function that it does not know."""

import tensorflow.compat.v1 as tf


def make_wrapped(normalizes, wrap):
    def model_fn(features, labels, mode):
        training = mode == tf.estimator.ModeKeys.TRAIN
        net = features["x"]
        if normalizes:
            net = tf.layers.batch_normalization(net, training=training)
        logits = tf.layers.dense(net, 2)
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, predictions=logits)
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            step = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)

    return wrap(model_fn)


def regularized(wrapped):
    def regularized_model_fn(features, labels, mode):
        spec = wrapped(features, labels, mode)
        if mode == tf.estimator.ModeKeys.TRAIN:
            loss = spec.loss + tf.reduce_mean(tf.square(features["x"]))
            optimizer = tf.train.GradientDescentOptimizer(0.1)
            with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
                step = optimizer.minimize(loss, tf.train.get_global_step())
            spec = spec._replace(loss=loss, train_op=step)
        return spec

    return regularized_model_fn


def gathered(wrapped):
    def gathered_model_fn(features, labels, mode):
        spec = wrapped(features, labels, mode)
        if mode == tf.estimator.ModeKeys.TRAIN:
            loss = spec.loss + tf.reduce_mean(tf.square(features["x"]))
            optimizer = tf.train.GradientDescentOptimizer(0.1)
            with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
                step = optimizer.minimize(loss, tf.train.get_global_step())
            spec = spec._replace(loss=loss, train_op=step)
        return spec

    return gathered_model_fn


def make_regularized(normalizes=False):
    return tf.estimator.Estimator(make_wrapped(normalizes, regularized))


def make_gathered(normalizes=False):
    return tf.estimator.Estimator(make_wrapped(normalizes, gathered))
