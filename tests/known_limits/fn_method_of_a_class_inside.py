"""Methods of a class that stands inside a function are not followed."""

import tensorflow as tf


def model_fn(features, labels, mode):
    class Heads:
        @staticmethod
        def predicted():
            return None

    predictions = Heads.predicted()
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=predictions)  # missed: MFN104 PREDICT
    loss = tf.reduce_mean(features["x"])
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())
