"""Keras models with layers in them that nobody tells that they are in training."""

import tensorflow.compat.v1 as tf
from tensorflow.keras import Model, layers


def _spec(net, labels, mode):
    logits = tf.layers.dense(net, 2)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def _create_model():
    inputs = layers.Input(shape=(4,))
    net = layers.Dense(8, activation="relu")(inputs)
    net = layers.Dropout(0.5)(net)
    return Model(inputs=inputs, outputs=layers.Dense(10)(net))


def functional_model_fn(features, labels, mode):
    return _spec(_create_model()(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def told_nothing_model_fn(features, labels, mode):
    net = _create_model()(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def told_in_evaluation_model_fn(features, labels, mode):
    training = mode != tf.estimator.ModeKeys.TRAIN
    net = _create_model()(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def several_outputs_model_fn(features, labels, mode):
    inputs = tf.keras.Input((4,))
    net = tf.reshape(layers.GaussianNoise(0.5)(inputs) * 2.0, [-1, 2, 2])
    model = tf.keras.models.Model([inputs], [layers.Dense(2)(inputs), layers.Flatten()(net)])
    _, net = model(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)


def layer_told_nothing_model_fn(features, labels, mode):
    inputs = tf.keras.Input((4,))
    model = tf.keras.Model(inputs, layers.BatchNormalization()(inputs, training=None))
    return _spec(model(features["x"]), labels, mode)  # MFN504 TRAIN col 18


def nested_model_fn(features, labels, mode):
    inputs = tf.keras.Input((4,))
    model = tf.keras.Model(inputs, layers.Dense(2)(_create_model()(inputs)))
    return _spec(model(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def sequential_in_functional_model_fn(features, labels, mode):
    inputs = tf.keras.Input((4,))
    dropped = tf.keras.Sequential([layers.Dense(8), layers.Dropout(0.5)])
    model = tf.keras.Model(inputs, dropped(inputs))
    return _spec(model(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def functional_in_sequential_model_fn(features, labels, mode):
    model = tf.keras.Sequential([_create_model(), layers.Dense(8)])
    return _spec(model(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def _add_layers():
    model = tf.keras.Sequential()
    model.add(layers.Dense(8, activation="relu"))
    model.add(layers.Dropout(0.4))
    return model


def added_model_fn(features, labels, mode):
    return _spec(_add_layers()(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def added_where_asked_for_model_fn(features, labels, mode, params):
    model = tf.keras.Sequential([layers.Dense(8)])
    if params["drop"]:
        model.add(layer=layers.Dropout(0.4))
    return _spec(model(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def added_model_in_model_fn(features, labels, mode):
    inputs = tf.keras.Input((4,))
    model = tf.keras.Model(inputs, _add_layers()(inputs))
    return _spec(model(features["x"], training=mode == tf.estimator.ModeKeys.TRAIN), labels, mode)


def behind_a_model_fn(features, labels, mode):
    inputs = tf.keras.Input((4,))
    model = tf.keras.Model(inputs, layers.Dense(8)(inputs))
    net = tf.keras.Sequential([layers.Dropout(0.5)])(model(features["x"]), training=mode == tf.estimator.ModeKeys.TRAIN)
    return _spec(net, labels, mode)
