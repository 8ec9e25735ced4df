"""A misspelled field: the call fails, and nothing else is said about it."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def _train_op(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(
            mode,
            predictions={"logits": logits},
        )
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=_train_op(loss),
    )


def keyword_dict_model_fn(features, labels, mode):
    """In a dict that is unpacked, the place is the site."""
    logits = tf.layers.dense(features["x"], 3)
    fields = {"mode": mode, "predictions": logits}
    if mode != ModeKeys.PREDICT:
        fields["losses"] = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(**fields)  # MFN301 col 12


def tpu_model_fn(features, labels, mode, params):
    del params
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.tpu.TPUEstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == ModeKeys.TRAIN:
        return tf.estimator.tpu.TPUEstimatorSpec(mode, loss=loss, train_op=_train_op(loss))
    return tf.estimator.tpu.TPUEstimatorSpec(
        mode=mode,
        loss=loss,
        eval_metric_ops={"mean": tf.metrics.mean(logits)},  # MFN301 col 9
    )
