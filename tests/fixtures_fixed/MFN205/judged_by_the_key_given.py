"""TensorFlow asks for the fields of the key that the spec was given."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def needs_nothing_model_fn(features, labels, mode):
    """As a spec for PREDICT it needs no loss, so that is not reported."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    if mode == ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(ModeKeys.PREDICT, logits)  # MFN205 EVAL col 43
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def judged_as_training_model_fn(features, labels, mode):
    """As a spec for TRAIN it lacks the train_op: TensorFlow complains of that, we of the key."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(
            mode=mode,
            loss=loss,
        )
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
