"""Values of all kinds."""

import functools

import tensorflow as tf


class Head:
    def loss(self):
        return 0.5


def build(scale, features):
    return scale * features


def values_model_fn(features, labels, mode, params):
    number, text = 1, "tick"
    # reveal: number: TRAIN 1 · EVAL the same · PREDICT the same
    # reveal: text: TRAIN 'tick' · EVAL the same · PREDICT the same
    either = 1 if params["a"] else None
    # reveal: either: TRAIN 1 or None · EVAL the same · PREDICT the same
    head = Head()
    # reveal: head: TRAIN 'Head' object · EVAL the same · PREDICT the same
    method = head.loss
    # reveal: method: TRAIN function 'loss' · EVAL the same · PREDICT the same
    made = functools.partial(build, 2)
    # reveal: made: TRAIN partial of function 'build' · EVAL the same · PREDICT the same
    kind = Head
    # reveal: kind: TRAIN class 'Head' · EVAL the same · PREDICT the same
    given = labels
    # reveal: given: TRAIN labels, not None · EVAL the same · PREDICT None
    empty = []
    # reveal: empty: TRAIN list [] · EVAL the same · PREDICT the same
    unknown = [each for each in features]
    # reveal: unknown: TRAIN list […] · EVAL the same · PREDICT the same
    unknown_too = dict(features)
    # reveal: unknown_too: TRAIN dict {…} · EVAL the same · PREDICT the same
    items = [number, (text, None)]
    # reveal: items: TRAIN list [1, tuple ('tick', None)] · EVAL the same · PREDICT the same
    losses = tf.nn.softmax_cross_entropy_with_logits(labels=features, logits=features)
    # reveal: losses: TRAIN tensor (per-example) · EVAL the same · PREDICT the same
    step = tf.tpu.CrossShardOptimizer(tf.train.AdamOptimizer()).minimize(losses)
    # reveal: step: TRAIN op · EVAL the same · PREDICT the same
    op = losses.op
    # reveal: op: TRAIN op · EVAL the same · PREDICT the same
    for index in range(2):
        last = index
        # reveal: last: TRAIN 0 or 1 · EVAL the same · PREDICT the same
    number += last
    # reveal: number: TRAIN 2 · EVAL the same · PREDICT the same
    if mode == "infer":
        raise ValueError(either)
        # reveal: ValueError(either): TRAIN never runs · EVAL the same · PREDICT unknown
    print(method, made, kind, given, items, losses)
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=features)
