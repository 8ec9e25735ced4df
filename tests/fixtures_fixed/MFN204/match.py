# requires-python: 3.10
"""A case that no mode matches."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    match mode:
        case "infer":
            return tf.estimator.EstimatorSpec(mode, predictions={"scores": logits})
        case "infer":
            return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
        case "train" | "eval":
            loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
