"""Attributes of arrays that TensorFlow gives to tensors when a program asks for that.

No fixture: it would ask for it for all others that TensorFlow runs in the same process.
"""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text

_MODEL = """\
import tensorflow as tf
from tensorflow.python.ops.numpy_ops import np_config
{enabling}

def model_fn(features, mode):
    assert mode == tf.estimator.ModeKeys.PREDICT
    scores = tf.math.square({features})
    return tf.estimator.EstimatorSpec(mode, predictions={{"scores": {scores}}})
"""
_ENABLING = (
    "tf.experimental.numpy.experimental_enable_numpy_behavior()",
    "np_config.enable_numpy_behavior()",
)


def _codes(**parts: str) -> list[str]:
    return [finding.code for finding in lint_text(_MODEL.format(**parts), "model.py")]


@pytest.mark.parametrize("enabling", _ENABLING)
def test_enabled(enabling: str) -> None:
    parts = {"features": "features['x'].astype(tf.float32)", "scores": "scores.T.mean()"}
    assert _codes(enabling=enabling, **parts) == []
    assert _codes(enabling="", **parts) == ["MFN609"]


def test_it_gives_no_others() -> None:
    parts = {"features": "features['x']", "scores": "scores.cumsum()"}
    assert _codes(enabling=_ENABLING[0], **parts) == ["MFN609"]
