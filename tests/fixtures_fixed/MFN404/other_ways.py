"""Arguments of which an Estimator sees too little, or too much."""

import tensorflow.compat.v1 as tf


def spec_of(features, labels, mode):
    outputs = tf.layers.dense(features["x"], 1)[:, 0]
    loss = tf.losses.mean_squared_error(labels if labels is not None else outputs, outputs)
    train_op = tf.assign_add(tf.train.get_global_step(), 1)
    return tf.estimator.EstimatorSpec(mode, outputs, loss, train_op)


def all_by_keyword(features, labels, mode):
    return spec_of(features, labels, mode)


def with_another(features, labels, mode, *, units):  # MFN404 col 45
    return spec_of(features, labels, mode)


def with_params(features, labels, mode, params=None):
    return spec_of(features, labels, mode)


def labels_among_others(features, mode, **others):  # MFN404 col 43
    return spec_of(features, others.get("labels"), mode)


def labels_among_the_rest(features, mode, *rest):  # MFN404 col 44
    return spec_of(features, rest[0] if rest else None, mode)


class Model:
    def network(self, features, labels, mode):  # MFN404 col 17
        return spec_of(features, labels, mode)


def make_estimators():
    tf.estimator.Estimator(all_by_keyword)
    tf.estimator.Estimator(with_another)
    tf.estimator.Estimator(with_params, params={"units": 1})
    tf.estimator.Estimator(labels_among_others)
    tf.estimator.Estimator(labels_among_the_rest)
    tf.estimator.Estimator(Model.network)
