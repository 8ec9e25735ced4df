"""MFN204: the first path that calls the helper may not exist, the second does."""

import tensorflow as tf


def scores_of(logits, mode):
    scores = logits
    if mode in ("predict", "serve"):
        scores = tf.nn.softmax(logits)
    return scores


def model_fn(features, labels, mode, params):
    try:
        try:
            return tf.estimator.EstimatorSpec(mode=mode)
        except KeyError:
            logits = None
        except:  # noqa: E722
            assert params["again"]
        if logits:
            pass
    except NameError:
        pass
    return tf.estimator.EstimatorSpec(mode, predictions=scores_of(params, mode))
