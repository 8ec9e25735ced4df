"""Several optimizers, all of which train_op runs, and none of which counts its steps."""

import tensorflow.compat.v1 as tf


def _losses(features):
    with tf.variable_scope("generator"):
        generated = tf.layers.dense(features["x"], 2)
    with tf.variable_scope("critic"):
        judged = tf.layers.dense(generated, 1)
    return tf.reduce_mean(judged), tf.reduce_mean(tf.square(judged))


def grouped_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss, critic_loss = _losses(features)
    generates = tf.train.AdamOptimizer().minimize(
        loss, var_list=tf.trainable_variables("generator")
    )
    judges = tf.train.AdamOptimizer().minimize(
        critic_loss, var_list=tf.trainable_variables("critic"), global_step=tf.train.get_global_step()
    )
    train_op = tf.group(generates, judges)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def one_after_the_other_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss, critic_loss = _losses(features)
    judges = tf.train.AdamOptimizer().minimize(
        critic_loss, var_list=tf.trainable_variables("critic")
    )
    with tf.control_dependencies([judges]):
        train_op = tf.train.AdamOptimizer().minimize(
            loss, var_list=tf.trainable_variables("generator"), global_step=tf.train.get_global_step()
        )
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def each_with_its_rate_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss, _ = _losses(features)
    steps = []
    for scope, rate in (("generator", 0.1), ("critic", 0.01)):
        optimizer = tf.train.GradientDescentOptimizer(rate)
        gradients = optimizer.compute_gradients(loss, tf.trainable_variables(scope))
        steps.append(optimizer.apply_gradients(gradients))  # MFN501 TRAIN col 22
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.group(*steps))


def one_counts_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss, critic_loss = _losses(features)
    generates = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    judges = tf.train.AdamOptimizer().minimize(critic_loss)
    train_op = tf.group(generates, judges)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def counted_beside_them_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss, critic_loss = _losses(features)
    step = tf.train.get_global_step()
    generates = tf.train.AdamOptimizer().minimize(loss)
    judges = tf.train.AdamOptimizer().minimize(critic_loss)
    train_op = tf.group(generates, judges, tf.assign_add(step, 1))
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
