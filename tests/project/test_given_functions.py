"""Functions of other files that a file gives to its Estimators."""

from __future__ import annotations

from pathlib import Path

import pytest

from estimator_lint.domain import bounds
from estimator_lint.settings import Settings
from tests.project.trees import HEAD, findings, write_tree

LAYERS = (
    HEAD
    + """
shrink = tf.keras.regularizers.l2(0.1)

def network(x, steps):
"""
    + "    x = x + 1\n" * (bounds.MAX_STEPS_IN_OTHER_MODULES + 1)
    + "    return tf.keras.layers.Dense(1, kernel_regularizer=shrink)(x)\n"
)
LAYERED = """import layers
def model_fn(features, labels, mode):
    net = layers.network(features, 3)
    loss = tf.losses.mean_squared_error(labels, net)
    step = tf.train.get_global_step()
    train_op = tf.train.AdamOptimizer().minimize(loss, step)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
"""


def test_a_function_too_long_to_be_followed_has_no_findings(tmp_path: Path) -> None:
    write_tree(tmp_path, {"layers.py": LAYERS, "model.py": HEAD + LAYERED})
    assert findings(tmp_path, "model.py", Settings(hints=True)) == []


HELPER = (
    HEAD
    + """
def network(features, labels, mode, rate):
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=labels["x"])
    loss = tf.losses.mean_squared_error(labels, features)
    train_op = tf.train.AdamOptimizer(rate).minimize(loss)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
"""
)
RUN = (
    HEAD
    + """import functools, networks
model_fn = functools.partial(networks.network, rate=0.1)
estimator = tf.estimator.Estimator(model_fn)
"""
)


@pytest.mark.parametrize(
    ("runs", "reported"),
    {
        "": "TRAIN PREDICT",
        "estimator.train(lambda: None)": "TRAIN",
        "estimator.predict(lambda: None)": "PREDICT",
        "estimator.predict(lambda: None)\nestimator.train(lambda: None)": "TRAIN PREDICT",
        "estimator.predict(lambda: None)\nimport jobs\njobs.do(estimator)": "TRAIN PREDICT",
        "estimator.predict(lambda: None)\ntf.train.get_global_step()": "PREDICT",
        "estimator.export_saved_model('to', None)": "PREDICT",
    }.items(),
)
def test_modes_that_the_file_never_runs(tmp_path: Path, runs: str, reported: str) -> None:
    """What is wrong in them with a function of another file is reported where they are run."""
    write_tree(tmp_path, {"networks.py": HELPER, "model.py": RUN + runs + "\n"})
    assert findings(tmp_path, "networks.py") == []
    found = findings(tmp_path, "model.py")
    assert [mode for mode in ("TRAIN", "PREDICT") if any(mode in one for one in found)] == (
        reported.split()
    ), found


TRAINING = (
    HEAD
    + """
def network(features, labels, mode):
    if mode == tf.estimator.ModeKeys.TRAIN:
        loss = tf.losses.mean_squared_error(labels, features)
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
    return tf.estimator.EstimatorSpec(mode, predictions=features)
"""
)


@pytest.mark.parametrize(("run", "is_reported"), [("train", False), ("evaluate", True)])
def test_a_mode_that_the_file_runs_is_checked(tmp_path: Path, run: str, is_reported: bool) -> None:
    runner = f"import networks\ntf.estimator.Estimator(networks.network).{run}(lambda: None)\n"
    write_tree(tmp_path, {"networks.py": TRAINING, "model.py": HEAD + runner})
    assert findings(tmp_path, "networks.py") == []
    assert any("MFN103" in one for one in findings(tmp_path, "model.py")) is is_reported
