"""What most model functions do."""

import tensorflow as tf

TRAIN = tf.estimator.ModeKeys.TRAIN


def learning_rate(params):
    if "rate" in params:
        return params["rate"]
        # reveal: params["rate"]: TRAIN unknown · EVAL never runs · PREDICT the same
    return 0.1


def usual_model_fn(features, labels, mode, params):
    is_training = mode == TRAIN
    # reveal: is_training: TRAIN True · EVAL False · PREDICT the same
    logits = tf.layers.dense(features["x"], 3)
    # reveal: logits: TRAIN tensor · EVAL the same · PREDICT the same
    if labels is not None:
        # reveal: labels is not None: TRAIN True · EVAL the same · PREDICT False
        loss = tf.losses.mean_squared_error(labels, logits)
        # reveal: loss: TRAIN tensor · EVAL the same · PREDICT never runs
    train_op = None
    if is_training:
        optimizer = tf.train.AdamOptimizer(learning_rate(params))
        # reveal: optimizer: TRAIN optimizer · EVAL never runs · PREDICT the same
        train_op = optimizer.minimize(loss, tf.train.get_global_step())
    step = train_op
    # reveal: step: TRAIN op · EVAL None · PREDICT the same
    metrics = {}
    if mode == tf.estimator.ModeKeys.EVAL:
        metrics["accuracy"] = tf.metrics.accuracy(labels, logits)
        print(metrics)
    if step is not None or metrics:
        # reveal: step is not None: TRAIN True · EVAL False · PREDICT the same
        # reveal: metrics: TRAIN not reached · EVAL dict {'accuracy': tuple (metric value, metric update op)} · PREDICT dict {}
        print(step)
    error = loss
    # reveal: error: TRAIN tensor · EVAL the same · PREDICT not reached
    return tf.estimator.EstimatorSpec(mode, logits, error, step)
    # reveal: tf.estimator.EstimatorSpec(mode, logits, error, step): TRAIN EstimatorSpec (predictions, loss, train_op) · EVAL EstimatorSpec (predictions, loss) · PREDICT never runs
