"""Which customers leave: a helper, flags, a loop over layers, clipped gradients and metrics."""

import tensorflow as tf

flags = tf.compat.v1.flags
flags.DEFINE_float("clip", 1.0, "The norm that gradients are clipped to.")
FLAGS = flags.FLAGS

KEYS = tf.estimator.ModeKeys


def activation_of(params):
    return tf.nn.tanh if params["smooth"] else tf.nn.relu


def network(features, params, training):
    """The logit of leaving."""
    net = tf.concat([features["x"], features["x"] ** 2], axis=-1)
    for index, units in enumerate(params["hidden_units"]):
        net = tf.compat.v1.layers.dense(
            net, units, activation=activation_of(params), name="hidden_%d" % index
        )
    if params["normalize"]:
        net = tf.compat.v1.layers.batch_normalization(net, training=training, momentum=0.9)
    return tf.compat.v1.layers.dense(net, 1, name="logits")


def churn_model_fn(features, labels, mode, params):
    """A model of customers who leave."""
    training = mode == KEYS.TRAIN
    # Everything below is about one logit for each customer.
    logits = network(features, params, training)
    probabilities = tf.nn.sigmoid(logits)
    predictions = {"probability": probabilities, "leaves": probabilities > 0.5}

    if mode == KEYS.PREDICT:
        outputs = {"serving_default": tf.estimator.export.PredictOutput(predictions)}
        return tf.estimator.EstimatorSpec(mode, predictions=predictions, export_outputs=outputs)

    labels = tf.expand_dims(tf.cast(labels, tf.float32), -1)
    loss = tf.compat.v1.losses.sigmoid_cross_entropy(labels, logits)
    if mode == KEYS.EVAL:
        metrics = {
            "accuracy": tf.compat.v1.metrics.accuracy(labels, predictions["leaves"]),
            "auc": tf.compat.v1.metrics.auc(labels, probabilities),
            "error": tf.compat.v1.metrics.mean_squared_error(labels, probabilities),
            "precision": tf.compat.v1.metrics.precision(labels, predictions["leaves"]),
            "mean_probability": tf.compat.v1.metrics.mean(probabilities),
        }
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)

    step = tf.compat.v1.train.get_or_create_global_step()
    rate = tf.compat.v1.train.exponential_decay(
        params["rate"], step, decay_steps=5, decay_rate=0.9, staircase=True
    )
    optimizer = tf.compat.v1.train.AdamOptimizer(rate)
    hooks = [tf.estimator.LoggingTensorHook({"loss": loss}, every_n_iter=10)]
    update_ops = tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(update_ops):
        gradients, variables = zip(*optimizer.compute_gradients(loss))
        gradients, _ = tf.clip_by_global_norm(gradients, FLAGS.clip)
        train_op = optimizer.apply_gradients(zip(gradients, variables), global_step=step)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, training_hooks=hooks)
