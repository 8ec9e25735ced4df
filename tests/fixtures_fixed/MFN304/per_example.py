# judged-by: estimator
"""Functions of tf.nn and tf.keras.losses give one loss for each example."""

import tensorflow.compat.v1 as tf


def cross_entropy_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def weighted_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    loss = tf.reduce_mean(losses * features["x"][:, 0] + 0.5)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def not_reduced_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.reduce_mean(tf.losses.sparse_softmax_cross_entropy(
        labels, logits, reduction=tf.losses.Reduction.NONE
    ))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def reduced_model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 3)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    loss = tf.reduce_mean(losses * 2.0) + tf.losses.get_regularization_loss()
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def words_model_fn(features, labels, mode):  # unaddressed: PREDICT
    weights = tf.get_variable("weights", [3, 4])
    biases = tf.get_variable("biases", [3])
    loss = tf.reduce_mean(tf.nn.sampled_softmax_loss(
        weights=weights,
        biases=biases,
        labels=tf.reshape(labels, [-1, 1]),
        inputs=tf.layers.dense(features["x"], 4),
        num_sampled=2,
        num_classes=3,
    ))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def noise_model_fn(features, labels, mode):  # unaddressed: PREDICT
    weights = tf.get_variable("weights", [3, 4])
    biases = tf.get_variable("biases", [3])
    inputs = tf.layers.dense(features["x"], 4)
    targets = tf.reshape(labels, [-1, 1])
    loss = tf.reduce_mean(tf.nn.nce_loss(weights, biases, targets, inputs, 2, 3))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def speech_model_fn(features, labels, mode):  # unaddressed: PREDICT
    logits = tf.expand_dims(tf.layers.dense(features["x"], 3), 1)
    lengths = tf.ones_like(labels, tf.int32)
    sparse = tf.sparse.from_dense(tf.ones_like(tf.expand_dims(labels, 1), tf.int32))
    loss = tf.reduce_mean(tf.nn.ctc_loss(sparse, logits, lengths, time_major=False))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def mean_model_fn(features, labels, mode):  # unaddressed: PREDICT
    logits = tf.expand_dims(tf.layers.dense(features["x"], 3), 1)
    lengths = tf.ones_like(labels, tf.int32)
    sparse = tf.sparse.from_dense(tf.ones_like(tf.expand_dims(labels, 1), tf.int32))
    loss = tf.reduce_mean(tf.nn.ctc_loss(sparse, logits, lengths, time_major=False))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def _scores(features):
    return tf.layers.dense(features["x"], 1)


def _trained(mode, loss):
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def reshaped_model_fn(features, labels, mode):  # unaddressed: PREDICT
    targets = tf.reshape(tf.cast(labels, tf.float32), [-1])
    loss = tf.keras.losses.mean_squared_error(targets, tf.reshape(_scores(features), [-1]))
    return _trained(mode, loss)


def squeezed_model_fn(features, labels, mode):  # unaddressed: PREDICT
    scores = tf.squeeze(_scores(features), axis=1)
    loss = tf.keras.losses.mean_absolute_error(tf.cast(labels, tf.float32), scores)
    return _trained(mode, loss)


def one_column_model_fn(features, labels, mode):  # unaddressed: PREDICT
    scores = _scores(features)[:, 0]
    targets = tf.cast(labels > 0, tf.float32)
    loss = tf.keras.losses.binary_crossentropy(targets, scores, from_logits=True)
    return _trained(mode, loss)


def whole_batch_model_fn(features, labels, mode):  # unaddressed: PREDICT
    scores = tf.reshape(_scores(features), [-1])
    wanted = tf.nn.softmax(tf.cast(labels, tf.float32))
    loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=wanted, logits=scores)
    return _trained(mode, loss)


def rows_model_fn(features, labels, mode):  # unaddressed: PREDICT
    targets = tf.reshape(tf.cast(labels, tf.float32), [-1, 1])
    loss = tf.reduce_mean(tf.keras.losses.mean_squared_error(targets, tf.sigmoid(_scores(features))))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def each_class_model_fn(features, labels, mode):  # unaddressed: PREDICT
    wanted = tf.one_hot(labels, 3)
    loss = tf.reduce_mean(tf.keras.losses.binary_crossentropy(wanted, tf.keras.layers.Dense(3)(features["x"])))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def one_class_of_each_model_fn(features, labels, mode):  # unaddressed: PREDICT
    scores = tf.layers.dense(features["x"], 3)[:, 0] / 2.0
    wanted = tf.nn.softmax(tf.cast(labels, tf.float32))
    return _trained(mode, tf.nn.softmax_cross_entropy_with_logits_v2(labels=wanted, logits=scores))


def mean_of_scores_model_fn(features, labels, mode):  # unaddressed: PREDICT
    scores = tf.reduce_mean(tf.layers.dense(features["x"], 3), axis=0)
    wanted = tf.constant([1.0, 0.0, 0.0])
    return _trained(mode, tf.nn.softmax_cross_entropy_with_logits_v2(labels=wanted, logits=scores))


def one_label_model_fn(features, labels, mode):  # unaddressed: PREDICT
    scores = tf.gather(tf.layers.dense(features["x"], 3), 0)
    return _trained(
        mode, tf.nn.sparse_softmax_cross_entropy_with_logits(labels=1, logits=scores)
    )


def squeezed_image_model_fn(features, labels, mode):  # unaddressed: PREDICT
    image = tf.reshape(features["x"], [-1, 1, 1, 4])
    scores = tf.squeeze(tf.layers.conv2d(image, 3, 1), [1, 2], name="SpatialSqueeze")
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=tf.one_hot(labels, 3), logits=scores
    ))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )


def squeezed_scores_model_fn(features, labels, mode):  # unaddressed: PREDICT
    scores = tf.squeeze(tf.expand_dims(tf.layers.dense(features["x"], 3), 1))
    wanted = tf.argmax(features["x"][:, :3], 1)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=wanted, logits=scores))
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode,
        loss=loss,
        train_op=train_op,
    )
