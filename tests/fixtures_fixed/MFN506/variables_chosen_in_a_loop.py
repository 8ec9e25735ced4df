"""The variables of each optimizer are collected in a loop: what the lists hold differs by path."""

import tensorflow.compat.v1 as tf


def _networks(features):
    made = tf.layers.dense(features["x"], 4, name="generator")
    judged = tf.layers.dense(made, 1, name="discriminator")
    return made, judged, tf.reduce_mean(judged)


def by_name_model_fn(features, labels, mode):
    made, _, loss = _networks(features)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"made": made})

    of_generator = []
    of_discriminator = []
    for variable in tf.trainable_variables():
        if variable.name.startswith("generator"):
            of_generator.append(variable)
        elif variable.name.startswith("discriminator"):
            of_discriminator.append(variable)
    step = tf.train.get_global_step()
    first = tf.train.AdamOptimizer(0.1).minimize(loss, step, var_list=of_generator)
    second = tf.train.AdamOptimizer(0.2).minimize(  # MFN506 TRAIN col 14
        -loss, global_step=step, var_list=of_discriminator
    )
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.group(first, second))


def counted_once_model_fn(features, labels, mode):
    made, _, loss = _networks(features)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"made": made})

    of_generator, of_discriminator = [], []
    for variable in tf.trainable_variables():
        if variable.name.startswith("generator"):
            of_generator.append(variable)
        else:
            of_discriminator.append(variable)
    step = tf.train.get_global_step()
    first = tf.train.AdamOptimizer(0.1).minimize(loss, var_list=of_generator)
    second = tf.train.AdamOptimizer(0.2).minimize(-loss, step, var_list=of_discriminator)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.group(first, second))


def by_flag_model_fn(features, labels, mode, params):
    made, judged, loss = _networks(features)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"made": made, "judged": judged})

    trained = list(tf.trainable_variables("discriminator"))
    if params.get("all", True):
        trained += tf.trainable_variables("generator")
    train_op = tf.train.AdamOptimizer(0.1).minimize(loss, var_list=trained, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def either_step_model_fn(features, labels, mode, params):
    made, judged, loss = _networks(features)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"made": made, "judged": judged})

    step = tf.train.get_global_step()
    first = tf.train.AdamOptimizer(0.1).minimize(loss, step)
    second = tf.train.AdamOptimizer(0.2).minimize(-loss, step)
    steps = []
    if params.get("adversarial", False):
        steps.append(first)
    else:
        steps.append(second)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.group(steps))


def logged_by_flag_model_fn(features, labels, mode, params):
    made, judged, loss = _networks(features)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"made": made, "judged": judged})

    logged = {"loss": loss}
    if params.get("verbose", False):
        logged["made"] = tf.reduce_mean(made)
    hook = tf.train.LoggingTensorHook(logged, every_n_iter=10)
    train_op = tf.train.AdamOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, training_hooks=[hook])
