"""A plain Estimator does not take a TPUEstimatorSpec; TPUEstimator takes both."""

import tensorflow.compat.v1 as tf

TPUEstimatorSpec = tf.estimator.tpu.TPUEstimatorSpec


def _train_op(loss):
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())


def network(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return TPUEstimatorSpec(mode, predictions={"logits": logits}).as_estimator_spec()
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def make_estimator():
    return tf.estimator.Estimator(model_fn=network)


def model_fn_builder():
    def model_fn(features, labels, mode, params):
        del params
        logits = tf.layers.dense(features["x"], 3)
        if mode == tf.estimator.ModeKeys.PREDICT:
            spec = TPUEstimatorSpec(mode, {"logits": logits}).as_estimator_spec()
        else:
            loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
            spec = TPUEstimatorSpec(
                mode, loss=loss, train_op=_train_op(loss)
            ).as_estimator_spec()
        return spec

    return model_fn


def make_from_builder():
    return tf.estimator.Estimator(model_fn=model_fn_builder(), params={})


def for_tpu(features, labels, mode, params):
    del params
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return TPUEstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    return TPUEstimatorSpec(mode, loss=loss, train_op=_train_op(loss))


def make_tpu_estimator():
    return tf.estimator.tpu.TPUEstimator(model_fn=for_tpu, config=None, train_batch_size=8)
