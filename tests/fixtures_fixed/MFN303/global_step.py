"""So has it "global_step"; the spec for training is never evaluated."""

import tensorflow.compat.v1 as tf


def step_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    loss = tf.reduce_mean(logits)
    metrics = {"loss" if mode == tf.estimator.ModeKeys.TRAIN else "mean": tf.metrics.mean(loss)}
    if mode == tf.estimator.ModeKeys.EVAL:
        metrics["global_step_metric"] = tf.metrics.mean(tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        predictions=logits,
        loss=loss,
        train_op=tf.assign_add(tf.train.get_global_step(), 1),
        eval_metric_ops=metrics,
    )
