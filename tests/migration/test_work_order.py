"""The order in which the functions of a project are migrated."""

from __future__ import annotations

from estimator_lint.migration.file_reports import migration_of
from estimator_lint.migration.migration_wording import work_text
from estimator_lint.settings import Settings

PROJECT = """\
import tensorflow as tf


def shared(loss):
    optimizer = tf.train.AdamOptimizer(0.1)
    return optimizer.minimize(loss, tf.train.get_global_step())


def alone(features):
    return features


def long_model_fn(features, labels, mode):
    loss = tf.losses.log_loss(labels, alone(features))
    return tf.estimator.EstimatorSpec(
        mode,
        predictions=features,
        loss=loss,
        train_op=shared(loss),
    )


def short_model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, features, features, shared(features))


def tiny_model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""


def test_the_smallest_first_and_helpers_once() -> None:
    order = migration_of([(PROJECT, "model.py")], Settings()).order
    told = [
        (
            work.function.name,
            work.lines,
            [helper.name for helper in work.moved],
            [helper.name for helper in work.ready],
        )
        for work in order
    ]
    assert told == [
        ("tiny_model_fn", 2, [], []),
        ("short_model_fn", 5, ["model.shared"], []),
        # Its helper, which no other code needs, counts, too.
        ("long_model_fn", 10, [], ["model.shared"]),
    ]


def test_methods_of_a_class_are_named_once() -> None:
    text = """\
import tensorflow as tf
class Net:
    def __init__(self, x):
        self.x = x
    def built(self):
        return self.x
def head(x):
    return Net(x).built()
def a_model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, features, features, head(features))
def b_model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, head(features), features, features)
"""
    first, second = migration_of([(text, "model.py")], Settings()).order
    assert work_text(first) == "8 lines; with model.head, model.Net, also used by later functions"
    assert work_text(second) == "2 lines; model.head, model.Net already moved"


def test_functions_of_the_same_size_keep_the_order_of_the_files() -> None:
    text = "import tensorflow as tf\ndef model_fn(features, labels, mode):\n    return None\n"
    order = migration_of([(text, "b.py"), (text, "a.py")], Settings()).order
    assert [work.path for work in order] == ["a.py", "b.py"]
