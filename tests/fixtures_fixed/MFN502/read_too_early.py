"""The collection UPDATE_OPS is read before a layer adds its updates to it."""

import tensorflow.compat.v1 as tf


def early_model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    net = tf.layers.batch_normalization(features["x"], training=training)
    logits = tf.layers.dense(net, 2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    optimizer = tf.train.AdamOptimizer()
    with tf.control_dependencies(updates):
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = optimizer.minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


class Trainer:
    def __init__(self):
        self.updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)

    def step(self, loss):
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
        return tf.group(op, self.updates)


def early_in_a_class_model_fn(features, labels, mode):
    trainer = Trainer()
    net = features["x"]
    for units in (4, 2):
        net = tf.layers.dense(net, units)
        net = tf.layers.batch_normalization(net, training=mode == tf.estimator.ModeKeys.TRAIN)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": net})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, net)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=trainer.step(loss))


def read_again_model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    before = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    net = tf.layers.batch_normalization(features["x"], training=training)
    logits = tf.layers.dense(net, 2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    after = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies([one for one in after if one not in before]):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def same_list_model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN
    updates = tf.get_collection_ref(tf.GraphKeys.UPDATE_OPS)
    net = tf.layers.batch_normalization(features["x"], training=training)
    logits = tf.layers.dense(net, 2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    with tf.control_dependencies(updates):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def in_rounds_model_fn(features, labels, mode, params):
    training = mode == tf.estimator.ModeKeys.TRAIN
    net, updates = features["x"], []
    for _ in range(params["blocks"]):
        net = tf.layers.batch_normalization(tf.layers.dense(net, 2), training=training)
        updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    net = tf.layers.dense(net, 2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": net})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, net)
    with tf.control_dependencies(updates):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def second_is_left_out_model_fn(features, labels, mode):
    training = mode == tf.estimator.ModeKeys.TRAIN

    def net(x):
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            return tf.layers.batch_normalization(tf.layers.dense(x, 2), training=training)

    logits = net(features["x"])
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    noisy = net(features["x"] + 0.1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    loss += tf.losses.mean_squared_error(logits, noisy)
    with tf.control_dependencies(updates):
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
