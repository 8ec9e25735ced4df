"""A model function with three faults, each in one mode only."""

import tensorflow.compat.v1 as tf


def digits_model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["pixels"], units=10)
    classes = tf.argmax(logits, axis=1)

    if labels is not None:
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)

    if mode == tf.estimator.ModeKeys.TRAIN:
        train_op = None
        if params["fine_tune"]:
            optimizer = tf.train.AdamOptimizer(params["learning_rate"])
            train_op = optimizer.minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

    if mode == tf.estimator.ModeKeys.EVAL:
        accuracy = tf.metrics.accuracy(labels, classes)
        return tf.estimator.EstimatorSpec(mode, eval_metric_ops={"accuracy": accuracy})

    return tf.estimator.EstimatorSpec(mode, predictions={"class": classes, "loss": loss})
