"""MFN306: what stands under a key that is not known stands there all the same."""

import tensorflow.compat.v1 as tf
from keys import Keys


def model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["x"], 3)
    if params["names"]:
        predictions = {Keys.LOGITS: logits, Keys.SCORES: [logits]}
        exports = {tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY: logits}
    else:
        predictions = {Keys.LOGITS: None}
        exports = {"scores": logits, Keys.SCORES: tf.estimator.export.PredictOutput(logits)}
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions, export_outputs=exports)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    metrics = {}
    metrics[Keys.ACCURACY] = tf.metrics.accuracy(labels, logits)[1]
    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op(), metrics)
