"""Check that the replacements of losses, metrics and optimizers compute the same.

    python tests/conformance/numeric_equivalents.py [--check]

Needs TensorFlow 2 with Keras and nothing else. Each entry is from the tables of
``estimator_lint/migration``, with the arguments that they require; entries with a documented
difference compensate for it here.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
losses = tf.keras.losses
metrics = tf.keras.metrics
optimizers = tf.keras.optimizers
schedules = tf.keras.optimizers.schedules

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 2, (8, 3)).astype("float32")
VALUES = RNG.uniform(0.05, 0.95, (8, 3)).astype("float32")
LOGITS = RNG.normal(size=(8, 3)).astype("float32")
IDS = RNG.integers(0, 3, 8)
OTHER_IDS = IDS[::-1].copy()
ONE_HOT = np.eye(3, dtype="float32")[IDS]
UNIT = LOGITS / np.linalg.norm(LOGITS, axis=1, keepdims=True)
OTHER_UNIT = VALUES / np.linalg.norm(VALUES, axis=1, keepdims=True)
TRUE, SCORES = LABELS[:, 0], VALUES[:, 0]
AT = [0.3, 0.6]


def of_loss(name, *arguments, **keywords):
    """The value of a v1 loss."""
    return run(lambda: getattr(v1.losses, name)(*arguments, **keywords))


def of_metric(name, *arguments, **keywords):
    """The value of a v1 metric after one update."""

    def both():
        given = [tf.constant(each) for each in arguments]
        return getattr(v1.metrics, name)(*given, **keywords)

    return run(both, update=True)


def run(function, update=False):
    """Build a graph and run it."""
    with tf.Graph().as_default(), v1.Session() as session:
        made = function()
        session.run(v1.group(v1.global_variables_initializer(), v1.local_variables_initializer()))
        session.run(v1.tables_initializer())
        if update:
            session.run(made[1])
            made = made[0]
        return session.run(made)


def of_keras(metric, *arguments, **keywords):
    """The value of a Keras metric after one update."""
    metric.update_state(*arguments, **keywords)
    return np.array(metric.result())


def of_decay(name, *arguments):
    """A v1 learning rate at step 3."""
    return run(lambda: getattr(v1.train, name)(0.1, np.int64(3), *arguments))


def steps_of_v1(make):
    """The variable after five steps of a v1 optimizer."""

    def build():
        x = v1.get_variable("x", initializer=np.array([1.0, -2.0, 3.0], "float32"))
        return x, make().minimize(tf.reduce_sum(x * x * x))

    with tf.Graph().as_default(), v1.Session() as session:
        x, step = build()
        session.run(v1.global_variables_initializer())
        for _ in range(5):
            session.run(step)
        return session.run(x)


def steps_of_keras(optimizer):
    """The variable after five steps of a Keras optimizer."""
    x = tf.Variable(np.array([1.0, -2.0, 3.0], "float32"))
    for _ in range(5):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(x * x * x)
        optimizer.apply_gradients([(tape.gradient(loss, x), x)])
    return x.numpy()


def pairs():
    """The pairs to compare: the result of v1 and that of Keras."""
    smoothed = {"label_smoothing": 0.1}
    logits = {"from_logits": True}
    yield (
        "MAE",
        of_loss("absolute_difference", LABELS, VALUES),
        losses.MeanAbsoluteError()(LABELS, VALUES),
    )
    yield (
        "MSE",
        of_loss("mean_squared_error", LABELS, VALUES),
        losses.MeanSquaredError()(LABELS, VALUES),
    )
    yield "hinge", of_loss("hinge_loss", LABELS, LOGITS), losses.Hinge()(LABELS, LOGITS)
    yield (
        "huber",
        of_loss("huber_loss", LABELS, 3 * LOGITS, delta=0.7),
        losses.Huber(delta=0.7)(LABELS, 3 * LOGITS),
    )
    yield "log", of_loss("log_loss", LABELS, VALUES), losses.BinaryCrossentropy()(LABELS, VALUES)
    yield (
        "sigmoid",
        of_loss("sigmoid_cross_entropy", LABELS, LOGITS, **smoothed),
        (losses.BinaryCrossentropy(**logits, **smoothed)(LABELS, LOGITS)),
    )
    yield (
        "softmax",
        of_loss("softmax_cross_entropy", ONE_HOT, LOGITS, **smoothed),
        (losses.CategoricalCrossentropy(**logits, **smoothed)(ONE_HOT, LOGITS)),
    )
    yield (
        "sparse",
        of_loss("sparse_softmax_cross_entropy", IDS, LOGITS),
        (losses.SparseCategoricalCrossentropy(**logits)(IDS, LOGITS)),
    )
    yield (
        "cosine",
        of_loss("cosine_distance", UNIT, OTHER_UNIT, axis=1),
        (1 + losses.CosineSimilarity()(UNIT, OTHER_UNIT)),
    )
    for name, metric in (
        ("mean_absolute_error", metrics.MeanAbsoluteError()),
        ("mean_squared_error", metrics.MeanSquaredError()),
        ("root_mean_squared_error", metrics.RootMeanSquaredError()),
    ):
        yield name, of_metric(name, LABELS, VALUES), of_keras(metric, LABELS, VALUES)
    for name, metric in (
        ("accuracy", metrics.Accuracy()),
        ("mean_iou", metrics.MeanIoU(3)),
    ):
        more = (3,) if name == "mean_iou" else ()
        expected = of_metric(name, IDS, OTHER_IDS, **dict(zip(["num_classes"], more)))
        yield name, expected, of_keras(metric, IDS, OTHER_IDS)
    yield "auc", of_metric("auc", TRUE, SCORES), of_keras(metrics.AUC(), TRUE, SCORES)
    yield (
        "careful",
        of_metric("auc", TRUE, SCORES, curve="PR", summation_method="careful_interpolation"),
        of_keras(metrics.AUC(curve="PR"), TRUE, SCORES),
    )
    for name, metric in (
        ("precision_at_thresholds", metrics.Precision(thresholds=AT)),
        ("recall_at_thresholds", metrics.Recall(thresholds=AT)),
        ("false_negatives_at_thresholds", metrics.FalseNegatives(thresholds=AT)),
        ("false_positives_at_thresholds", metrics.FalsePositives(thresholds=AT)),
        ("true_negatives_at_thresholds", metrics.TrueNegatives(thresholds=AT)),
        ("true_positives_at_thresholds", metrics.TruePositives(thresholds=AT)),
    ):
        yield name, of_metric(name, TRUE, SCORES, thresholds=AT), of_keras(metric, TRUE, SCORES)
    for name, metric in (
        ("precision", metrics.Precision()),
        ("recall", metrics.Recall()),
        ("true_positives", metrics.TruePositives()),
    ):
        yield name, of_metric(name, TRUE, SCORES > 0.5), of_keras(metric, TRUE, SCORES)
    yield (
        "sensitivity",
        of_metric("sensitivity_at_specificity", TRUE, SCORES, specificity=0.5),
        of_keras(metrics.SensitivityAtSpecificity(0.5), TRUE, SCORES),
    )
    yield (
        "specificity",
        of_metric("specificity_at_sensitivity", TRUE, SCORES, sensitivity=0.5),
        of_keras(metrics.SpecificityAtSensitivity(0.5), TRUE, SCORES),
    )
    yield (
        "precision at 2",
        of_metric("precision_at_k", IDS, LOGITS, k=2),
        of_keras(metrics.Precision(top_k=2), ONE_HOT, LOGITS),
    )
    yield (
        "recall at 2",
        of_metric("recall_at_k", IDS, LOGITS, k=2),
        of_keras(metrics.Recall(top_k=2), ONE_HOT, LOGITS),
    )
    yield (
        "one class at 2",
        of_metric("recall_at_k", IDS, LOGITS, k=2),
        of_keras(metrics.SparseTopKCategoricalAccuracy(2), IDS, LOGITS),
    )
    for name, schedule in (
        ("exponential_decay", schedules.ExponentialDecay(0.1, 5, 0.9)),
        ("inverse_time_decay", schedules.InverseTimeDecay(0.1, 5, 0.9)),
    ):
        yield name, of_decay(name, 5, 0.9), schedule(3)
    natural = schedules.ExponentialDecay(0.1, 5, float(np.exp(-0.9)))
    yield "natural_exp_decay", of_decay("natural_exp_decay", 5, 0.9), natural(3)
    yield (
        "polynomial_decay",
        of_decay("polynomial_decay", 5, 0.01),
        (schedules.PolynomialDecay(0.1, 5, 0.01)(3)),
    )
    yield "cosine_decay", of_decay("cosine_decay", 5, 0.1), schedules.CosineDecay(0.1, 5, 0.1)(3)
    yield (
        "cosine_decay_restarts",
        of_decay("cosine_decay_restarts", 2),
        (schedules.CosineDecayRestarts(0.1, 2)(3)),
    )
    yield (
        "piecewise_constant",
        run(lambda: v1.train.piecewise_constant(np.int64(5), [5, 8], [0.1, 0.2, 0.3])),
        schedules.PiecewiseConstantDecay([5, 8], [0.1, 0.2, 0.3])(5),
    )
    for name, make, optimizer in (
        ("SGD", lambda: v1.train.GradientDescentOptimizer(0.01), optimizers.SGD(0.01)),
        ("momentum", lambda: v1.train.MomentumOptimizer(0.01, 0.9), optimizers.SGD(0.01, 0.9)),
        ("Adam", lambda: v1.train.AdamOptimizer(0.01), optimizers.Adam(0.01)),
        ("Adagrad", lambda: v1.train.AdagradOptimizer(0.01), optimizers.Adagrad(0.01)),
        (
            "Adadelta",
            lambda: v1.train.AdadeltaOptimizer(0.1),
            optimizers.Adadelta(0.1, epsilon=1e-8),
        ),
        ("Ftrl", lambda: v1.train.FtrlOptimizer(0.1), optimizers.Ftrl(0.1)),
    ):
        yield name, steps_of_v1(make), steps_of_keras(optimizer)


def of_column(column, features, made=tf.feature_column.indicator_column):
    """The IDs from a feature column, one for each example."""

    def build():
        given = {name: tf.constant([[value] for value in values]) for name, values in features}
        return v1.feature_column.input_layer(given, [made(column)])

    return run(build).argmax(axis=1)


def of_head(head, labels, logits):
    """The loss that a head computes when it evaluates."""
    return head.loss(labels, logits, features={}, mode="eval").numpy()


def pairs_of_columns():
    """The same for feature columns."""
    columns, layers = tf.feature_column, tf.keras.layers
    words = ["a", "bb", "ccc", "d", "e", "ff"]
    yield (
        "hashing",
        of_column(columns.categorical_column_with_hash_bucket("x", 7), [("x", words)]),
        layers.Hashing(7)(words),
    )
    yield (
        "crossing",
        of_column(columns.crossed_column(["x", "y"], 11), [("x", words), ("y", words[::-1])]),
        layers.HashedCrossing(11)((tf.constant(words), tf.constant(words[::-1]))),
    )
    numbers = [0.0, 1.0, 3.0, 4.0, 5.0, 6.0]
    yield (
        "buckets",
        of_column(
            columns.bucketized_column(columns.numeric_column("x"), [1, 4, 5]),
            [("x", numbers)],
            made=lambda column: column,
        ),
        layers.Discretization([1, 4, 5])(numbers),
    )


def pairs_of_heads():
    """The same for the losses of heads."""
    logits = {"from_logits": True}
    one, positive = LOGITS[:, :1], VALUES[:, :1] * 3
    binary = LABELS[:, :1]
    heads = tf.estimator
    for name, head, labels, given, loss in (
        ("BinaryClassHead", heads.BinaryClassHead(), binary, one, losses.BinaryCrossentropy),
        ("LogisticRegressionHead", heads.LogisticRegressionHead(), binary, one, None),
        ("MultiLabelHead", heads.MultiLabelHead(3), LABELS, LOGITS, losses.BinaryCrossentropy),
        (
            "MultiClassHead",
            heads.MultiClassHead(3),
            IDS[:, None],
            LOGITS,
            losses.SparseCategoricalCrossentropy,
        ),
    ):
        made = (loss or losses.BinaryCrossentropy)(**logits)
        yield name, of_head(head, labels, given), made(labels, given)
    yield (
        "RegressionHead",
        of_head(heads.RegressionHead(), positive, one),
        (losses.MeanSquaredError()(positive, one)),
    )
    poisson = heads.PoissonRegressionHead(compute_full_loss=False)
    yield (
        "PoissonRegressionHead",
        of_head(poisson, positive, one),
        (losses.Poisson()(positive, np.exp(one))),
    )


def main():
    """Compare; the exit status is 1 if something differs."""
    count, status = 0, 0
    for name, before, now in (*pairs(), *pairs_of_columns(), *pairs_of_heads()):
        count += 1
        if not np.allclose(before, np.array(now), rtol=1e-4, atol=1e-5):
            print("%s: v1 gives %s, Keras %s" % (name, before, np.array(now)))
            status = 1
    print("%d losses, metrics, optimizers and the like compared with Keras" % count)
    return status


if __name__ == "__main__":
    sys.exit(main())
