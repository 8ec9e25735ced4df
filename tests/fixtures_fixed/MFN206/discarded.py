"""Discarded, in its forms."""

import tensorflow.compat.v1 as tf

ModeKeys = tf.estimator.ModeKeys


def _train_op(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def chained_model_fn(features, labels, mode):
    """The first result is used, the second is not."""
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        spec = tf.estimator.EstimatorSpec(mode, predictions=logits)
        spec = spec._replace(prediction_hooks=[])._replace(predictions=logits)
        return spec
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def tpu_model_fn(features, labels, mode, params):
    """The loss is gone, and what should bring it back is thrown away."""
    del params
    logits = tf.layers.dense(features["x"], 3)
    if mode == ModeKeys.PREDICT:
        return tf.estimator.tpu.TPUEstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    spec = tf.estimator.tpu.TPUEstimatorSpec(mode, loss=loss, train_op=_train_op(loss))
    if mode == ModeKeys.EVAL:
        spec = spec._replace(loss=None)
        spec = spec._replace(loss=loss)
    return spec


class Model:
    def __init__(self):
        self.spec = None

    def model_fn(self, features, labels, mode):
        logits = tf.layers.dense(features["x"], 3)
        if mode == ModeKeys.PREDICT:
            self.spec = tf.estimator.EstimatorSpec(mode, predictions=logits)
        else:
            loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
            self.spec = tf.estimator.EstimatorSpec(mode, logits, loss, _train_op(loss))
        self.add_hooks()
        return self.spec

    def add_hooks(self):
        self.spec = self.spec._replace(training_hooks=[])


def head_model_fn(features, labels, mode):
    """Nothing is known of a head's spec but that `_replace` makes another one."""
    head = tf.estimator.BinaryClassHead()
    spec = head.create_estimator_spec(
        features, mode, tf.layers.dense(features["x"], 1), labels, train_op_fn=_train_op
    )
    if mode == ModeKeys.TRAIN:
        spec = spec._replace(training_hooks=[tf.train.StopAtStepHook(last_step=9)])
    return spec
