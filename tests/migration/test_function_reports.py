"""What each mode of a model function builds, according to evaluation."""

from __future__ import annotations

from pathlib import Path

import pytest

from estimator_lint.migration.file_reports import migration_of
from estimator_lint.modes_view.model import Occurrence
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode
from tests.migration.samples import (
    CLASSIFIER,
    function_of,
    lines_of,
    modes_using,
    report_of,
    uses_of,
)


def test_what_each_mode_builds() -> None:
    assert uses_of(function_of(CLASSIFIER)) == {
        "tf.losses.sparse_softmax_cross_entropy": {"TRAIN": [9], "EVAL": [9]},
        "tf.metrics.accuracy": {"EVAL": [11]},
        "tf.train.AdamOptimizer": {"TRAIN": [13]},
        "tf.train.AdamOptimizer().minimize": {"TRAIN": [15]},
        "tf.train.get_global_step": {"TRAIN": [15]},
        "tf.train.NanTensorHook": {"TRAIN": [16]},
        "tf.get_collection(UPDATE_OPS)": {"TRAIN": [14]},
        "tf.estimator.ModeKeys": {
            "TRAIN": [7, 10],
            "EVAL": [7, 10],
            "PREDICT": [7],
        },
        "tf.layers.batch_normalization": {"TRAIN": [5], "EVAL": [5], "PREDICT": [5]},
        "tf.layers.dense": {"TRAIN": [6], "EVAL": [6], "PREDICT": [6]},
    }


def test_what_each_mode_gives_to_its_spec() -> None:
    modes = function_of(CLASSIFIER).modes
    given = {
        mode.name: {name: field.given for name, field in view.fields.items()}
        for mode, view in modes.items()
    }
    always, sometimes = Occurrence.ALWAYS, Occurrence.SOMETIMES
    assert given == {
        "TRAIN": {"loss": always, "train_op": always, "training_hooks": sometimes},
        "EVAL": {"loss": always, "eval_metric_ops": always},
        "PREDICT": {"predictions": always},
    }


def test_modes_are_told_by_evaluation_not_by_indentation() -> None:
    text = """\
import tensorflow as tf
def optimizer(training):
    return tf.train.AdamOptimizer() if training else None
def measured(labels, logits, evaluating):
    return evaluating and {"a": tf.metrics.mean(logits)}
def model_fn(features, labels, mode):
    make = {"train": tf.losses.log_loss, "eval": tf.losses.hinge_loss}.get(mode)
    loss = make(labels, features) if make else None
    chosen = optimizer(mode == tf.estimator.ModeKeys.TRAIN)
    return tf.estimator.EstimatorSpec(
        mode,
        predictions=features,
        loss=loss,
        train_op=chosen and chosen.minimize(loss, tf.train.get_global_step()),
        eval_metric_ops=measured(labels, features, mode == "eval") or None,
    )
"""
    function = function_of(text)
    assert modes_using(function, "tf.losses.log_loss") == {Mode.TRAIN}
    assert modes_using(function, "tf.losses.hinge_loss") == {Mode.EVAL}
    assert modes_using(function, "tf.train.AdamOptimizer") == {Mode.TRAIN}
    assert modes_using(function, "tf.train.AdamOptimizer().minimize") == {Mode.TRAIN}
    assert modes_using(function, "tf.metrics.mean") == {Mode.EVAL}


def test_the_same_call_in_two_places_has_both() -> None:
    text = """\
import tensorflow as tf
def model_fn(features, labels, mode):
    loss = tf.losses.log_loss(labels, features)
    if mode == "train":
        loss = tf.losses.log_loss(labels, features)
    return tf.estimator.EstimatorSpec(mode, features, loss, features)
"""
    assert uses_of(function_of(text))["tf.losses.log_loss"] == {"TRAIN": [3, 5], "EVAL": [3]}


def test_partials_and_aliases() -> None:
    text = """\
import functools
import tensorflow.compat.v1 as tf1
from tensorflow.compat.v1.train import AdagradOptimizer as Chosen
dense = functools.partial(tf1.layers.dense, units=3)
def model_fn(features, labels, mode):
    logits = dense(features)
    loss = tf1.losses.log_loss(labels, logits)
    train_op = Chosen(0.1).minimize(loss, tf1.train.get_global_step())
    return tf1.estimator.EstimatorSpec(mode, logits, loss, train_op)
"""
    uses = uses_of(function_of(text))
    assert uses["tf.compat.v1.layers.dense"]["TRAIN"] == [6]
    assert uses["tf.compat.v1.train.AdagradOptimizer"]["TRAIN"] == [8]
    assert uses["tf.compat.v1.train.AdagradOptimizer().minimize"]["TRAIN"] == [8]


def test_names_that_are_given_to_functions_or_kept_in_tables() -> None:
    text = """\
import tensorflow.compat.v1 as tf
import tf_slim as slim
OPTIMIZERS = {"adam": tf.train.AdamOptimizer}
def model_fn(features, labels, mode):
    logits = slim.fully_connected(features, 3, normalizer_fn=slim.batch_norm)
    loss = tf.losses.log_loss(labels, logits, reduction=tf.losses.Reduction.SUM)
    if mode == "train":
        optimizer = OPTIMIZERS["adam"]
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=optimizer().minimize(loss))
    return tf.estimator.EstimatorSpec(mode, loss=loss)
"""
    uses = uses_of(function_of(text))
    assert uses["tf_slim.batch_norm"] == {"TRAIN": [5], "EVAL": [5]}
    assert uses["tf.compat.v1.losses.Reduction"] == {"TRAIN": [6], "EVAL": [6]}
    assert uses["tf.compat.v1.train.AdamOptimizer"] == {"TRAIN": [9]}


def test_a_table_of_which_it_is_not_known_what_is_chosen() -> None:
    text = """\
import tensorflow.compat.v1 as tf
OPTIMIZERS = {"adam": tf.train.AdamOptimizer, "sgd": tf.train.GradientDescentOptimizer}
def model_fn(features, labels, mode, params):
    train_op = None
    if mode == "train":
        train_op = OPTIMIZERS[params["optimizer"]](0.1).minimize(features)
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=train_op)
"""
    uses = uses_of(function_of(text))
    assert uses["tf.compat.v1.train.AdamOptimizer"] == {"TRAIN": [2]}
    assert uses["tf.compat.v1.train.GradientDescentOptimizer"] == {"TRAIN": [2]}


def test_a_class_of_the_project_is_told_by_its_base() -> None:
    text = """\
import tensorflow as tf
class Logger(tf.train.SessionRunHook):
    def __init__(self, loss):
        self.loss = loss
class Other(Logger):
    pass
def model_fn(features, labels, mode):
    loss = tf.losses.log_loss(labels, features)
    return tf.estimator.EstimatorSpec(mode, features, loss, features, training_hooks=[Other(loss)])
"""
    file = report_of(text)
    (function,) = file.functions
    (item,) = [one for one in function.items if one.name.startswith("class")]
    assert item.name == "class Other(tf.train.SessionRunHook)"
    assert item.replacement is not None
    assert item.replacement.instead == "tf.keras.callbacks.Callback"
    assert [one.name for one in file.rest] == ["class Logger(tf.train.SessionRunHook)"]


def test_heads() -> None:
    text = """\
import tensorflow as tf
def model_fn(features, labels, mode):
    head = tf.estimator.MultiClassHead(3)
    return head.create_estimator_spec(
        features, mode, tf.keras.layers.Dense(3)(features["x"]), labels,
        optimizer=tf.keras.optimizers.Adam(), trainable_variables=[])
"""
    function = function_of(text)
    assert set(uses_of(function)) == {
        "tf.estimator.MultiClassHead",
        "tf.estimator.MultiClassHead().create_estimator_spec",
    }
    assert {view.spec for view in function.modes.values()} == {Occurrence.UNKNOWN}


def test_refused_and_unmentioned_modes_are_not_reported() -> None:
    text = """\
import tensorflow as tf
def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.PREDICT:
        raise NotImplementedError(tf.losses.log_loss(features, features))
    loss = tf.losses.log_loss(labels, features)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=features)
"""
    function = function_of(text)
    assert [function.modes[mode].refused for mode in Mode] == [False, False, True]
    assert modes_using(function, "tf.losses.log_loss") == {Mode.TRAIN, Mode.EVAL}


def test_what_a_failing_mode_would_have_done_is_not_told() -> None:
    text = """\
import tensorflow as tf
def model_fn(features, labels, mode):
    if mode == "eval":
        return tf.estimator.EstimatorSpec(mode, loss=undefined and missing)
    if mode == "train":
        print(loss)
        loss = tf.losses.log_loss(labels, features)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
    function = function_of(text)
    assert uses_of(function) == {}
    assert function.modes[Mode.TRAIN].spec is Occurrence.NEVER


def test_unknown_names_are_said_to_be_unknown() -> None:
    text = """\
import tensorflow as tf
def model_fn(features, labels, mode):
    loss = tf.contrib.losses.metric_learning.npairs_loss(labels, features, features)
    loss.method()
    tf.logging.info("there as tf.compat.v1.logging")
    loss = tf.reduce_mean(loss)
    return tf.estimator.EstimatorSpec(mode, features, loss, features)
"""
    (item,) = function_of(text).items
    assert item.name == "tf.contrib.losses.metric_learning.npairs_loss"
    assert item.replacement is None


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("import tensorflow as tf\n", True),
        ("import tensorflow as tf\nprint(tf.Session)\n", False),
        ("import tensorflow.compat.v1 as tf\n", False),
    ],
)
def test_names_that_both_versions_have(text: str, doubtful: bool) -> None:
    function = function_of(
        f"{text}def model_fn(features, labels, mode):\n"
        "    tf.summary.scalar('mean', features)\n"
        "    return tf.estimator.EstimatorSpec(mode, features, features, features)\n"
    )
    (item,) = [one for one in function.items if one.name.endswith("summary.scalar")]
    assert item.only_under_version_1 is doubtful
    assert bool(function.notes) is not doubtful


REGULARIZED = """\
import tensorflow.compat.v1 as tf
def model_fn(features, labels, mode, regularizer=None):
    {}
    logits = tf.layers.dense(features, 3, kernel_regularizer=regularizer)
    logits = tf.layers.batch_normalization(logits, training=mode == "train")
    loss = tf.losses.log_loss(labels, logits)
    {}
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, logits, loss, train_op)
"""
L2 = "regularizer = tf.keras.regularizers.l2(0.1)"
BOTH = {"TRAIN": [4], "EVAL": [4]}
FORGOTTEN = {"TRAIN": [8]}


@pytest.mark.parametrize(
    ("first", "statement", "notes"),
    [
        (L2, "pass", {"REGULARIZATION_LOSSES": BOTH, "UPDATE_OPS": FORGOTTEN}),
        ("pass", "pass", {"UPDATE_OPS": FORGOTTEN}),
        ("regularizer = find()", "pass", {"UPDATE_OPS": FORGOTTEN}),
        (
            "regularizer = lambda weights: tf.nn.l2_loss(weights)",
            "pass",
            {"REGULARIZATION_LOSSES": BOTH, "UPDATE_OPS": FORGOTTEN},
        ),
        (L2, "loss += tf.losses.get_regularization_loss()", {"UPDATE_OPS": FORGOTTEN}),
        (
            L2,
            "loss += tf.add_n(tf.get_collection('regularization_losses'))",
            {"UPDATE_OPS": FORGOTTEN},
        ),
        (L2, "loss += tf.add_n(tf.get_collection(find()))", {}),
        (
            L2,
            "loss = tf.losses.get_total_loss() if mode == 'train' else loss",
            {"REGULARIZATION_LOSSES": {"EVAL": [4]}, "UPDATE_OPS": FORGOTTEN},
        ),
        (
            L2,
            "loss = tf.group(tf.get_collection(tf.GraphKeys.UPDATE_OPS)) and loss",
            {"REGULARIZATION_LOSSES": BOTH},
        ),
    ],
)
def test_what_collections_do_in_the_background(
    first: str, statement: str, notes: dict[str, dict[str, list[int]]]
) -> None:
    function = function_of(REGULARIZED.format(first, statement))
    assert {note.name: lines_of(note) for note in function.notes} == notes


def test_keys_of_collections() -> None:
    text = """\
import tensorflow.compat.v1 as tf
def model_fn(features, labels, mode):
    key = tf.GraphKeys.TRAINABLE_VARIABLES
    tf.get_collection(key)
    tf.get_collection("mine")
    tf.get_collection(features)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
    function = function_of(text)
    instead = {item.name: item.replacement.instead for item in function.items if item.replacement}
    assert instead == {
        "tf.compat.v1.get_collection(TRAINABLE_VARIABLES)": "model.trainable_variables",
        "tf.compat.v1.get_collection(mine)": "an attribute of the model, or a return value",
        "tf.compat.v1.get_collection": "an attribute of the model, or a return value",
    }


def test_helpers_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text("")
    helper = tmp_path / "heads.py"
    helper.write_text(
        "import tensorflow.compat.v1 as tf\n"
        "def trained(loss):\n"
        "    return tf.train.FtrlOptimizer(0.1).minimize(loss, tf.train.get_global_step())\n"
    )
    text = """\
import tensorflow.compat.v1 as tf
import heads
def model_fn(features, labels, mode):
    loss = tf.losses.log_loss(labels, features)
    train_op = heads.trained(loss) if mode == "train" else None
    return tf.estimator.EstimatorSpec(mode, features, loss, train_op)
"""
    path = tmp_path / "model.py"
    path.write_text(text)
    report = migration_of([(text, str(path)), (helper.read_text(), str(helper))], Settings())
    model = report.files[0]
    (function,) = model.functions
    (item,) = [one for one in function.items if one.name.endswith("FtrlOptimizer")]
    ((site,),) = [sites for mode, sites in item.sites.items() if mode is Mode.TRAIN]
    assert (Path(site.path).name, site.line) == ("heads.py", 3)
    assert [(one.name, one.line, one.lines) for one in function.helpers] == [
        ("heads.trained", 2, 2)
    ]
    # Code there that the model function runs is not reported again with the rest of that file.
    assert all(not file.rest for file in report.files[1:])


def test_what_can_not_be_evaluated_is_told() -> None:
    more_than_libcst_takes = (
        "def odd_model_fn(features, labels, mode):\n"
        "    class Inner(object, a=1, *features): pass\n"
        "    return tf.estimator.EstimatorSpec(mode)\n"
    )
    file = report_of(CLASSIFIER + more_than_libcst_takes)
    assert [function.name for function in file.functions] == ["model_fn"]
    (failure,) = file.failures
    assert (failure.line, failure.column) == (18, 0)
    assert failure.text.startswith("'odd_model_fn' could not be evaluated: ")
