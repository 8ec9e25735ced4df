"""Which key the spec gets depends on a parameter, not on the mode alone."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})

    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    key = mode
    if mode == ModeKeys.EVAL and params["finetune"]:
        key = ModeKeys.TRAIN
    return tf.estimator.EstimatorSpec(
        mode=mode,
        loss=loss,
        train_op=train_op,
    )
