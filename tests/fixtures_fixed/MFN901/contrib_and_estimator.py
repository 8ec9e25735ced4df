# requires-tensorflow: 1
"""TensorFlow 2.0 has no `contrib`, 2.16 no Estimator, and Keras 3 none of the older layers."""
# estimator-tf-version: 2.16

import tensorflow as tf
import tensorflow.compat.v1 as tf1


def model_fn(features, labels, mode):
    hidden = tf.contrib.layers.fully_connected(features["x"], 8)  # MFN901 col 14
    logits = tf1.layers.dense(hidden, 3)  # MFN901 col 14
    if mode == tf1.estimator.ModeKeys.PREDICT:  # MFN901 col 16
        return tf.estimator.EstimatorSpec(mode, predictions=logits)  # MFN901 col 16

    loss = tf1.losses.sparse_softmax_cross_entropy(labels, logits)
    step = tf1.train.get_global_step()
    optimizer = tf.compat.v1.train.AdamOptimizer()
    train_op = optimizer.minimize(loss, step)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)  # MFN901 col 12
