"""What a layer object makes of the input is not followed to the value of a metric."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        gap = tf.reduce_mean(tf.layers.Dense(1, name="dense")(features["x"]))
        metrics = {"gap": (gap, tf.no_op())}
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)  # missed: MFN507 EVAL
    optimizer = tf.train.AdamOptimizer()
    train_op = optimizer.minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
