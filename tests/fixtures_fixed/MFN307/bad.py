"""A tensor is not an ExportOutput."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        scores = tf.nn.softmax(logits)
        return tf.estimator.EstimatorSpec(
            mode,
            predictions={"scores": scores},
            export_outputs={"scores": tf.estimator.export.PredictOutput(scores)},
        )

    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
