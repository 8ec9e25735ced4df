"""EVAL returns a spec that says it is one for training."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(ModeKeys.PREDICT, predictions={"logits": logits})

    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    if mode == ModeKeys.EVAL:
        metrics = {"accuracy": tf.metrics.accuracy(labels, tf.argmax(logits, 1))}
        return tf.estimator.EstimatorSpec(
            mode=mode,
            loss=loss,
            train_op=train_op,
            eval_metric_ops=metrics,
        )
    return tf.estimator.EstimatorSpec(ModeKeys.TRAIN, loss=loss, train_op=train_op)
