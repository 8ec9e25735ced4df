"""Uses of the Estimator API in files outside of their model functions."""

from __future__ import annotations

import pytest

from estimator_lint.migration.file_reports import migration_of
from estimator_lint.migration.migration_wording import instead_text
from estimator_lint.settings import Settings
from tests.migration.samples import CLASSIFIER, lines_of, report_of

PROGRAM = """\
import functools
import tensorflow as tf

columns = [tf.feature_column.numeric_column("x")]
config = tf.estimator.RunConfig(model_dir="d", save_checkpoints_secs=60)
config = config.replace(keep_checkpoint_max=2)
estimator = tf.estimator.Estimator(model_fn, config=config, warm_start_from="old")
estimator.train(functools.partial(make, 1), steps=10)
estimator.evaluate(input_fn=lambda: make(2))
tf.estimator.Estimator(model_fn).predict(make_input_fn("test"))
tf.estimator.train_and_evaluate(
    estimator,
    tf.estimator.TrainSpec(make, max_steps=5),
    tf.estimator.EvalSpec(lambda: None, exporters=[tf.estimator.BestExporter()]),
)


class Saver(tf.train.CheckpointSaverListener):
    pass


class Trained(tf.estimator.Estimator):
    pass
"""


def test_a_program() -> None:
    uses = {item.name: lines_of(item)[""] for item in report_of(PROGRAM).rest}
    assert uses == {
        "tf.feature_column.numeric_column": [4],
        "tf.estimator.RunConfig": [5],
        "tf.estimator.RunConfig(model_dir)": [5],
        "tf.estimator.RunConfig(save_checkpoints_secs)": [5],
        "tf.estimator.Estimator": [7, 10],
        "tf.estimator.Estimator(warm_start_from)": [7],
        "input function 'make'": [8, 13],
        "input function 'make_input_fn'": [10],
        "input function a lambda": [9, 14],
        "tf.estimator.Estimator().predict": [10],
        "tf.estimator.train_and_evaluate": [11],
        "tf.estimator.TrainSpec": [13],
        "tf.estimator.EvalSpec": [14],
        "tf.estimator.BestExporter": [14],
        "tf.estimator.Estimator().train": [8],
        "tf.estimator.Estimator().evaluate": [9],
        "class Saver(tf.train.CheckpointSaverListener)": [18],
        "class Trained(tf.estimator.Estimator)": [22],
    }


def test_objects_are_followed_where_they_are_certain() -> None:
    text = """\
import tensorflow as tf
def main(flag):
    config = tf.estimator.RunConfig()
    other = config.replace(save_summary_steps=5)
    estimator = tf.compat.v1.estimator.tpu.TPUEstimator(model_fn, other)
    estimator.train(make)
    perhaps = tf.estimator.DNNClassifier([])
    if flag:
        perhaps = mine()
    perhaps.train(make)
"""
    names = [item.name for item in report_of(text).rest]
    assert "tf.estimator.RunConfig(save_summary_steps)" in names
    assert "tf.compat.v1.estimator.tpu.TPUEstimator().train" in names
    assert "tf.estimator.DNNClassifier().train" not in names


def test_estimators_in_attributes_and_by_their_arguments() -> None:
    text = """\
import tensorflow as tf
class Trainer:
    def __init__(self, other):
        self.estimator = tf.estimator.Estimator(model_fn)
        self.other = other
        self.twice = tf.estimator.Estimator(model_fn)
        self.twice = other
    def run(self, given):
        self.estimator.train(make)
        self.other.train(make)
        given.estimator.evaluate(make)
        self.twice.evaluate(make)
        given.predict(input_fn=make)
        given.export_savedmodel("folder", serving_input_receiver_fn=make)
        given.fit(input_fn=make)
        return given.dataset.make_one_shot_iterator().get_next()
"""
    uses = {item.name: lines_of(item)[""] for item in report_of(text).rest}
    assert uses == {
        "tf.estimator.Estimator": [4, 6],
        "tf.estimator.Estimator().train": [9],
        "tf.estimator.Estimator().predict": [13],
        "tf.estimator.Estimator().export_savedmodel": [14],
        "input function 'make'": [9, 13],
        "tf.data.Dataset().make_one_shot_iterator": [16],
    }


def test_what_a_model_function_runs_is_not_told_again() -> None:
    assert [item.name for item in report_of(CLASSIFIER).rest] == []


def test_a_helper_that_nothing_runs_is_told() -> None:
    text = CLASSIFIER + "def helper(x):\n    return tf.losses.log_loss(x, x)\n"
    (item,) = report_of(text).rest
    assert (item.name, lines_of(item)) == ("tf.losses.log_loss", {"": [19]})


def test_removed_names_are_grouped() -> None:
    text = "import tensorflow as tf\n" + 149 * "tf.logging.info('x')\n" + "tf.contrib.x\n"
    logging, contrib = report_of(text).removed
    assert (logging.name, logging.count, logging.since) == ("tf.logging", 149, "2.0")
    assert logging.instead == "tf.compat.v1.logging"
    assert logging.lines == tuple(range(2, 151))
    assert (contrib.name, contrib.instead) == ("tf.contrib", None)


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow as tf\nmodel = tf.keras.Model()\nmodel.fit(tf.data.Dataset.range(3))\n",
        "import tensorflow as tf\ntf.summary.scalar('a', 1, step=2)\ntf.keras.losses.mse\n",
        "import other as tf\ntf.estimator.RunConfig()\ntf.train.AdamOptimizer()  # tensorflow\n",
    ],
)
def test_what_needs_no_change(text: str) -> None:
    for file in migration_of([(text, "model.py")], Settings()).files:
        # A name that both versions have is reported as possibly that of version 1.
        assert all(item.only_under_version_1 for item in file.rest)
        assert not file.removed


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # A name that only version 2 has shows that the other names are version 2's.
        ("tf.random.Generator\ntf.losses.mean_squared_error(1, 2)\ntf.train.Scaffold()\n", None),
        ("tf.keras.Model()\ntf.summary.scalar('a', 1)\n", []),
        ("tf.train.VocabInfo()\ntf.summary.scalar('a', 1, step=2)\n", ["tf.train.VocabInfo"]),
        (
            "tf.estimator.RunConfig()\ntf.compat.v2.summary.scalar('a', 1)\n",
            ["tf.estimator.RunConfig"],
        ),
        (
            "tf.estimator.RunConfig()\ntf.summary.scalar('a', 1)\n",
            ["tf.estimator.RunConfig", "tf.summary.scalar"],
        ),
        ("tf.compat.v1.summary.scalar('a', 1)\n", ["tf.compat.v1.summary.scalar"]),
    ],
)
def test_names_that_both_versions_have(text: str, names: list[str] | None) -> None:
    source = f"import tensorflow as tf\n{text}"
    found = [
        item
        for file in migration_of([(source, "model.py")], Settings()).files
        for item in file.rest
    ]
    if names is None:
        assert any(item.only_under_version_1 for item in found)
    else:
        assert [item.name for item in found] == names


def test_classes_are_replaced_by_subclasses() -> None:
    text = """\
import tensorflow as tf
class Wrapper(tf.train.Optimizer): pass
class Logger(tf.train.LoggingTensorHook): pass
class Saver(tf.train.StepCounterHook): pass
"""
    assert [instead_text(item) for item in report_of(text).rest] == [
        "a subclass of tf.keras.optimizers.Optimizer",
        "a tf.keras.callbacks.Callback of your own",
        "a subclass of tf.keras.callbacks.TensorBoard",
    ]


def test_names_that_are_only_read() -> None:
    text = """\
import tensorflow.compat.v1 as tf
CELLS = [tf.nn.rnn_cell.GRUCell, tf.losses.Reduction.SUM, tf.estimator.ModeKeys.TRAIN]
isinstance(x, tf.train.Saver)
"""
    uses = {item.name: lines_of(item)[""] for item in report_of(text).rest}
    assert uses == {
        "tf.compat.v1.losses.Reduction": [2],
        "tf.compat.v1.estimator.ModeKeys": [2],
        "tf.compat.v1.train.Saver": [3],
        "tf.compat.v1.nn.rnn_cell.GRUCell": [2],
    }
