"""A class of Estimators hands its params on, and its function takes none."""

import tensorflow.compat.v1 as tf


def spec_of(features, labels, mode):
    outputs = tf.layers.dense(features["x"], 1)[:, 0]
    loss = tf.losses.mean_squared_error(labels if labels is not None else outputs, outputs)
    train_op = tf.assign_add(tf.train.get_global_step(), 1)
    return tf.estimator.EstimatorSpec(mode, outputs, loss, train_op)


class Nested(tf.estimator.Estimator):
    def __init__(self, model_dir=None, config=None, params=None):
        def _nested_fn(features, labels, mode, params=None):
            return spec_of(features, labels, mode)

        super(Nested, self).__init__(
            model_fn=_nested_fn,
            model_dir=model_dir,
            config=config,
            params=params,
        )


def make_nested():
    return Nested(params={"rate": 0.1})


class Filled(tf.estimator.Estimator):
    def __init__(self, params=None):
        params = params or {"rate": 0.5}

        def _filled_fn(features, labels, mode, params=None):
            return spec_of(features, labels, mode)

        super().__init__(_filled_fn, params=params)


def make_filled():
    return Filled()


class Base(tf.estimator.Estimator):
    """Nothing but a name."""


class OfBase(Base):
    def __init__(self, rate):
        def _base_fn(features, labels, mode, params=None):
            return spec_of(features, labels, mode)

        options = dict(rate=rate)
        tf.estimator.Estimator.__init__(self, _base_fn, params=options)


def make_of_base():
    return OfBase(0.1)


class Taking(tf.estimator.Estimator):
    def __init__(self, params=None):
        def _taking_fn(features, labels, mode, params):
            del params
            return spec_of(features, labels, mode)

        super().__init__(model_fn=_taking_fn, params=params)


def make_taking():
    return Taking({"rate": 0.1})


class Keeping(tf.estimator.Estimator):
    def __init__(self, params=None):
        self.rate = (params or {}).get("rate", 0.1)

        def _keeping_fn(features, labels, mode):
            return spec_of(features, labels, mode)

        super().__init__(model_fn=_keeping_fn)


def make_keeping():
    return Keeping({"rate": 0.1})
