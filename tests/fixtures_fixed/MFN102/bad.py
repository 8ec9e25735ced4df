"""One spec serves training and evaluation; training needs a train_op besides the loss."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)

    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})

    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    accuracy = tf.metrics.accuracy(labels, tf.argmax(logits, axis=1))
    return tf.estimator.EstimatorSpec(
        mode, loss=loss, eval_metric_ops={"accuracy": accuracy}, train_op=tf.train.AdamOptimizer().minimize(loss, global_step=tf.train.get_global_step()) if mode == tf.estimator.ModeKeys.TRAIN else None
    )
