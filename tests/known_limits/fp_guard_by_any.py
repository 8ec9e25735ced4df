"""What `any` and the methods of sets tell about the keys of `features` is not known."""

import tensorflow.compat.v1 as tf


def input_fn():
    return tf.data.Dataset.from_tensor_slices({"x": [[1.0, 2.0]]}).batch(1)


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if any(name == "scale" for name in features):
        logits = logits * features["scale"]  # wrong: MFN605 PREDICT
    if set(features).issuperset(["shift"]):
        logits = logits + features["shift"]
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def main():
    return list(tf.estimator.Estimator(model_fn).predict(input_fn))
