"""What a list of hooks must not hold."""

import tensorflow.compat.v1 as tf


class LossHook(tf.train.SessionRunHook):
    pass


def class_model_fn(features, labels, mode):
    loss = tf.reduce_mean(features["x"])
    return tf.estimator.EstimatorSpec(
        mode,
        predictions=loss,
        loss=loss,
        train_op=tf.no_op(),
        evaluation_hooks=[LossHook()] if mode == "eval" else None,
    )


def none_model_fn(features, labels, mode):
    loss = tf.reduce_mean(features["x"])
    hook = None if mode == tf.estimator.ModeKeys.TRAIN else LossHook()
    return tf.estimator.EstimatorSpec(
        mode,
        predictions=loss,
        loss=loss,
        train_op=tf.no_op(),
        training_chief_hooks=(hook,),  # MFN308 TRAIN col 30
    )


def own_hook_model_fn(features, labels, mode):
    loss = tf.reduce_mean(features["x"])
    if mode == tf.estimator.ModeKeys.TRAIN:
        return tf.estimator.EstimatorSpec(
            mode,
            loss=loss,
            train_op=tf.no_op(),
            training_hooks=[LossHook()],
        )
    return tf.estimator.EstimatorSpec(mode, predictions=loss, loss=loss)


def callback_model_fn(features, labels, mode):
    loss = tf.reduce_mean(features["x"])
    hooks = [LossHook()]
    if mode == tf.estimator.ModeKeys.PREDICT:
        hooks.append(tf.keras.callbacks.TerminateOnNaN())
    return tf.estimator.EstimatorSpec(
        mode,
        predictions=loss,
        loss=loss,
        train_op=tf.no_op(),
        prediction_hooks=hooks,  # MFN308 PREDICT col 26
    )


def iterables_model_fn(features, labels, mode):
    """Any iterable of hooks is fine, and so is nothing."""
    loss = tf.reduce_mean(features["x"])
    if mode == tf.estimator.ModeKeys.TRAIN:
        return tf.estimator.EstimatorSpec(
            mode,
            loss=loss,
            train_op=tf.no_op(),
            training_hooks={LossHook(), tf.train.StepCounterHook()},
            training_chief_hooks=(LossHook() for _ in range(2)),
            evaluation_hooks=(),
            prediction_hooks={},
        )
    return tf.estimator.EstimatorSpec(mode, predictions=loss, loss=loss, training_hooks=False)
