# judged-by: estimator
"""What the function of `eval_metrics` returns has to be a dict of metrics, too."""

import functools

import tensorflow.compat.v1 as tf


def nested(truth, scores):
    per_tag = {}
    for tag in range(3):
        per_tag[str(tag)] = tf.metrics.mean(scores[:, tag])
    return {"auc": per_tag, "spread": tf.metrics.mean(scores)}  # MFN302 EVAL col 12


def flat(truth, scores):
    per_tag = {str(tag): tf.metrics.mean(scores[:, tag]) for tag in range(3)}
    return {"spread": tf.metrics.mean(scores), **per_tag}


def value_only(truth, scores):
    return {"spread": tf.metrics.mean(scores)}


def as_a_list(truth, scores):
    return [tf.metrics.mean(scores)]  # MFN302 EVAL col 12


def spec_of(mode, loss, eval_metrics):
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.tpu.TPUEstimatorSpec(
        mode, {"loss": loss}, loss, train_op, eval_metrics=eval_metrics
    )


def outputs_of(features, labels):
    logits = tf.layers.dense(features["x"], 3)
    return logits, tf.losses.sparse_softmax_cross_entropy(labels, logits)


def nested_model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        logits = tf.layers.dense(features["x"], 3)
        return tf.estimator.tpu.TPUEstimatorSpec(mode, {"logits": logits})
    logits, loss = outputs_of(features, labels)
    if mode == tf.estimator.ModeKeys.TRAIN:
        return spec_of(mode, loss, None)
    return tf.estimator.tpu.TPUEstimatorSpec(
        mode,
        loss=loss,
        eval_metrics=(nested, [labels, logits]),
    )


def flat_model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        logits = tf.layers.dense(features["x"], 3)
        return tf.estimator.tpu.TPUEstimatorSpec(mode, {"logits": logits})
    logits, loss = outputs_of(features, labels)
    if mode == tf.estimator.ModeKeys.TRAIN:
        return spec_of(mode, loss, None)
    metrics = (flat, {"scores": logits, "truth": labels})
    return tf.estimator.tpu.TPUEstimatorSpec(mode, loss=loss, eval_metrics=metrics)


def value_only_model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        logits = tf.layers.dense(features["x"], 3)
        return tf.estimator.tpu.TPUEstimatorSpec(mode, {"logits": logits})
    logits, loss = outputs_of(features, labels)
    if mode == tf.estimator.ModeKeys.TRAIN:
        return spec_of(mode, loss, None)
    spec = tf.estimator.tpu.TPUEstimatorSpec(
        mode,
        loss=loss,
        eval_metrics=(functools.partial(value_only, labels), [logits]),
    )
    return spec.as_estimator_spec()


def as_a_list_model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        logits = tf.layers.dense(features["x"], 3)
        return tf.estimator.tpu.TPUEstimatorSpec(mode, {"logits": logits})
    logits, loss = outputs_of(features, labels)
    if mode == tf.estimator.ModeKeys.TRAIN:
        return spec_of(mode, loss, None)
    return tf.estimator.tpu.TPUEstimatorSpec(
        mode,
        loss=loss,
        eval_metrics=(as_a_list, {"truth": labels, "scores": logits}),
    )


def on_the_cpu(model_fn):
    return tf.estimator.tpu.TPUEstimator(
        model_fn,
        config=tf.estimator.tpu.RunConfig(),
        use_tpu=False,
        train_batch_size=2,
        eval_batch_size=2,
        predict_batch_size=2,
    )


def make_nested():
    return on_the_cpu(nested_model_fn)


def make_flat():
    return on_the_cpu(flat_model_fn)


def make_value_only():
    return on_the_cpu(value_only_model_fn)


def make_as_a_list():
    return on_the_cpu(as_a_list_model_fn)
