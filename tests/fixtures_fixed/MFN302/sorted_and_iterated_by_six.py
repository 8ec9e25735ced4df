"""What ``sorted`` returns is a list, in a known order; ``six.iteritems`` gives a dict's entries."""

import six
import tensorflow.compat.v1 as tf


def listed_model_fn(features, labels, mode):
    scores = tf.layers.dense(features["x"], 1)[:, 0]
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=scores)
    error = tf.losses.mean_squared_error(labels, scores)
    metrics = sorted({"error": tf.metrics.mean(error), "score": tf.metrics.mean(scores)}.items())
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(
            mode,
            loss=error,
            eval_metric_ops=dict(metrics),
        )
    step = tf.train.AdamOptimizer().minimize(error, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=error, train_op=step, eval_metric_ops=dict(metrics))


def iterated_model_fn(features, labels, mode):
    outputs = {"score": tf.layers.dense(features["x"], 1)[:, 0]}
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=outputs)
    error = tf.losses.mean_squared_error(labels, outputs["score"])
    metrics = {}
    for name, output in six.iteritems(outputs):
        metrics[name] = tf.metrics.mean(output)[0]
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(
            mode,
            loss=error,
            eval_metric_ops=metrics,  # MFN302 EVAL col 29
        )
    step = tf.train.AdamOptimizer().minimize(error, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=error, train_op=step)
