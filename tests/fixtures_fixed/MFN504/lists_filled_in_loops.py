"""What is computed from a list that a loop fills is computed from what the loop puts into it."""

import tensorflow as tf


def spec_of(mode, labels, net):
    logits = tf.compat.v1.layers.dense(net, 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    step = tf.compat.v1.train.get_global_step()
    train_op = tf.compat.v1.train.AdamOptimizer().minimize(loss, step)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def joined(parts, axis):
    if len(parts) == 1:
        return parts[0]
    return tf.concat(parts, axis=axis)


def make_joiner(params):
    class Joiner:
        def of(self, parts):
            return tf.concat([*parts, tf.ones([2, 1])], axis=1)

    return Joiner()


def appended_model_fn(features, labels, mode, params):
    parts = []
    for name in features:
        if params["deep"]:
            parts.append(tf.compat.v1.layers.dense(features[name], 4))
        else:
            parts.append(features[name])
    net = tf.keras.layers.Dropout(0.5)(joined(parts, 1), training=mode == tf.estimator.ModeKeys.TRAIN)
    return spec_of(mode, labels, net)


def extended_model_fn(features, labels, mode, params):
    parts = [features["x"]]
    for name in features:
        parts += [tf.nn.relu(features[name])]
        parts.extend([tf.nn.tanh(features[name])])
    net = tf.keras.layers.Dropout(0.5)(joined(parts, 1), training=mode == tf.estimator.ModeKeys.TRAIN)
    return spec_of(mode, labels, net)


def chosen_model_fn(features, labels, mode, params):
    parts = []
    sizes = params.get("sizes", (2, 5))
    for size in (2, 3, 4, 5, 6):
        if size in sizes:
            parts.append(tf.compat.v1.layers.dense(features["x"], size))
    joined = make_joiner(params)
    net = tf.keras.layers.Dropout(0.5)(joined.of(parts), training=mode == tf.estimator.ModeKeys.TRAIN)
    return spec_of(mode, labels, net)


def told_model_fn(features, labels, mode, params):
    training = mode == tf.estimator.ModeKeys.TRAIN
    parts = []
    for name in features:
        parts.append(features[name])
    net = tf.keras.layers.Dropout(0.5)(joined(parts, 1), training=training)
    return spec_of(mode, labels, net)
