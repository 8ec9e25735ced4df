"""Calls into other files that are not worth following are not tried again in every mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from estimator_lint.domain import bounds
from estimator_lint.interpreter.calls import followed_calls
from estimator_lint.interpreter.evaluator import Evaluator
from tests.project.trees import HEAD, findings, write_tree

_LONG = "    x = features\n" * (bounds.MAX_STEPS_IN_OTHER_MODULES + 1)
_MODEL = (
    HEAD
    + """import layers

class Config:
    pass

def model_fn(features, labels, mode, params):
    is_training = mode == tf.estimator.ModeKeys.TRAIN
    config = {"units": 3}
    if FLAG_OF_MODE:
        return tf.estimator.EstimatorSpec(mode, loss=None, predictions=features)
    logits = layers.build(ARGUMENTS)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=logits)
    loss = tf.losses.mean_squared_error(labels, features)
    train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
"""
)
_ALL = {"TRAIN", "EVAL", "PREDICT"}
#: Returns None in PREDICT, if it knows the mode.
_SHORT_IN_PREDICT = f"""
def build(features, mode):
    if mode == "infer":
        return None
{_LONG}    return x
"""


def _attempts(
    root: Path, arguments: str, build: str, flag: str = "False"
) -> tuple[set[str], list[str]]:
    """In which modes a call into the other file was tried, and the findings."""
    model = _MODEL.replace("ARGUMENTS", arguments).replace("FLAG_OF_MODE", flag)
    write_tree(root, {"model.py": model, "layers.py": HEAD + build})
    tried: set[str] = set()
    attempt: Any = followed_calls._evaluate_in_other_module

    def noted(ev: Evaluator, *arguments: Any) -> Any:
        tried.add(ev.mode.name)
        return attempt(ev, *arguments)

    with mock.patch.object(followed_calls, "_evaluate_in_other_module", noted):
        found = findings(root, "model.py")
    return tried, found


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("features", {"TRAIN"}),
        ("features['x'], config, [params, 1.0]", {"TRAIN"}),
        ("features, is_training", {"TRAIN", "EVAL"}),
        ("features, [is_training]", {"TRAIN", "EVAL"}),
        ("features, labels", {"TRAIN", "PREDICT"}),
        ("features, {'mode': mode}", _ALL),
        # What runs in the file itself is to be seen in every mode.
        ("features, Config", _ALL),
        ("features, lambda: config", _ALL),
    ],
)
def test_once_for_arguments_of_one_form(tmp_path: Path, arguments: str, expected: set[str]) -> None:
    tried, found = _attempts(tmp_path, arguments, f"def build(features, *rest):\n{_LONG}")
    assert tried == expected
    assert found == []


def test_again_where_another_mode_ends_it_soon(tmp_path: Path) -> None:
    tried, found = _attempts(tmp_path, "features, mode", _SHORT_IN_PREDICT)
    assert tried == _ALL
    assert found == ["14:16 MFN104 EstimatorSpec has no predictions in PREDICT"]


def test_again_where_it_changes_what_it_is_given(tmp_path: Path) -> None:
    build = f"def build(features, config):\n    config.units = 1\n{_LONG}"
    assert _attempts(tmp_path, "features, params", build)[0] == _ALL


def test_again_where_a_test_of_a_flag_ends_it_soon(tmp_path: Path) -> None:
    build = f"""
def build(features):
    if tf.flags.FLAGS.fast:
        return None
{_LONG}    return x
"""
    flag = "not is_training and not tf.flags.FLAGS.fast"
    assert _attempts(tmp_path, "features", build, flag)[0] == _ALL
