"""Texts that are no usual formats: whatever they are, nothing but a known fault is found."""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text

_MODEL = """\
import tensorflow as tf


def model_fn(features, mode):
    assert mode == tf.estimator.ModeKeys.PREDICT
    scores = tf.math.square(features["x"])
    text = {text}
    return tf.estimator.EstimatorSpec(mode, predictions={{"scores": scores}})
"""


@pytest.mark.parametrize(
    "text",
    [
        "'{" + "0" * 5000 + ":d}'.format(scores)",
        "'{1:d}'.format(scores)",
        "'{²:d}'.format(scores)",
        "'{".ljust(3000, "{") + "'.format(scores)",
        "'%' % scores",
        "'%5%%s' % scores",
        "'%".ljust(3000, "(") + "' % scores",
    ],
)
def test_nothing_is_found(text: str) -> None:
    assert lint_text(_MODEL.format(text=text), "model.py") == []
