"""Ops, of tensors and of optimizers wherever TensorFlow defines them."""

import tensorflow.compat.v1 as tf
from tensorflow.python.ops import math_ops
from tensorflow.python.training import gradient_descent

ModeKeys = tf.estimator.ModeKeys


def op_of_tensor_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.assign_add(tf.train.get_global_step(), 1).op
    if mode == ModeKeys.EVAL:
        return train_op  # MFN202 EVAL col 16
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def optimizer_by_module_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    optimizer = gradient_descent.GradientDescentOptimizer(0.1)
    train_op = optimizer.minimize(loss, tf.train.get_global_step())
    if mode == ModeKeys.EVAL:
        return train_op  # MFN202 EVAL col 16
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def function_by_module_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=math_ops.add_n([logits, logits]))
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
