"""The optimizer's step comes to the spec by some way, and without a global step by all of them."""

import tensorflow.compat.v1 as tf


def _loss(features, labels):
    logits = tf.layers.dense(features["x"], 2)
    return tf.losses.sparse_softmax_cross_entropy(labels, logits)


def applied_gradients_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    gradients, variables = zip(*optimizer.compute_gradients(loss))
    gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
    train_op = optimizer.apply_gradients(zip(gradients, variables), global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def grouped_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels)
    step = tf.train.AdamOptimizer().minimize(loss, global_step=tf.train.get_global_step())
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.group([step, updates]))


def under_updates_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.RMSPropOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def behind_the_step_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels)
    step = tf.train.FtrlOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
    with tf.control_dependencies([step]):
        train_op = tf.no_op(name="train")
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def averaged_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels)
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, global_step=tf.train.get_global_step())
    averages = tf.train.ExponentialMovingAverage(0.99, tf.train.get_global_step())
    with tf.control_dependencies([step]):
        train_op = averages.apply(tf.trainable_variables())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def literally_none_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels)
    train_op = tf.train.AdagradOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def only_read_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels)
    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.1, step, 1000, 0.9)
    tf.summary.scalar("step", step)
    hook = tf.train.LoggingTensorHook({"step": step}, every_n_iter=10)
    train_op = tf.train.GradientDescentOptimizer(rate).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, training_hooks=[hook])


def _optimizer(name):
    if name == "adam":
        return tf.train.AdamOptimizer()
    return tf.train.GradientDescentOptimizer(0.1)


def _train(loss, name, step=None):
    return _optimizer(name).minimize(loss, global_step=step)  # MFN501 TRAIN col 12


def helper_model_fn(features, labels, mode):  # unaddressed: PREDICT
    loss = _loss(features, labels)
    if mode == tf.estimator.ModeKeys.TRAIN:
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=_train(loss, "adam"))
    return tf.estimator.EstimatorSpec(mode, predictions={"loss": loss}, loss=loss)
