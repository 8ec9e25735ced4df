"""With batches of one example, a per-example loss has one value, which TensorFlow accepts."""

import tensorflow.compat.v1 as tf


def input_fn():
    return tf.data.Dataset.from_tensor_slices(([[1.0, 2.0]], [1])).batch(1)


def model_fn(features, labels, mode):
    logits = tf.layers.dense(features, 3)
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,  # wrong: MFN304 TRAIN
        train_op=train_op,
    )


def main():
    return tf.estimator.Estimator(model_fn).train(input_fn)
