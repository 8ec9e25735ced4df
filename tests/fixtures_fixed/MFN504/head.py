"""A head that is given something to train with trains."""

import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    net = tf.layers.dense(features["x"], 8, tf.nn.relu)
    net = tf.layers.dropout(net, rate=0.4, training=mode == tf.estimator.ModeKeys.TRAIN)
    head = tf.estimator.BinaryClassHead()
    return head.create_estimator_spec(
        features=features,
        mode=mode,
        logits=tf.layers.dense(net, head.logits_dimension),
        labels=None if labels is None else tf.minimum(labels, 1),
        train_op_fn=lambda loss: tf.train.AdamOptimizer().minimize(
            loss, tf.train.get_global_step()
        ),
    )
