"""Batch normalization of `tf_slim`, and the effect of an `arg_scope` on it."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.linting import lint_text

_HEAD = """\
import tensorflow.compat.v1 as tf
import tf_slim as slim
from tf_slim.layers import batch_norm
def model_fn(features, labels, mode, params):
    training = mode == tf.estimator.ModeKeys.TRAIN
"""
_TAIL = """\
    loss = tf.losses.mean_squared_error(labels if labels is not None else net, net)
    op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, net, loss, op)
"""


def codes(body: str) -> list[str]:
    """The codes found in a model function that makes ``net``."""
    text = _HEAD + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n" + _TAIL
    return [finding.code for finding in lint_text(text)]


LEFT_OUT = {
    "a package of its own": 'net = batch_norm(features["x"], is_training=training)',
    "by position": """
        net = slim.batch_norm(
            features["x"], 0.9, True, True, 0.001, None, None, None,
            tf.GraphKeys.UPDATE_OPS, training)
        """,
    "the inner scope counts": """
        with slim.arg_scope([slim.batch_norm], is_training=False):
            with slim.arg_scope([slim.batch_norm], is_training=training):
                net = slim.batch_norm(features["x"])
        """,
    "an argument counts more than a scope": """
        with slim.arg_scope([slim.conv2d], normalizer_fn=None):
            net = slim.conv2d(features["x"], 3, 3, normalizer_fn=batch_norm,
                normalizer_params=dict(is_training=training))
        """,
    "an alias of a layer": """
        with slim.arg_scope([slim.convolution2d], normalizer_fn=batch_norm):
            with slim.arg_scope([batch_norm], is_training=training):
                net = slim.conv2d(features["x"], 3, 3)
        """,
}
SILENT = {
    "a scope that is not known": """
        with slim.arg_scope(params["scope"](training)):
            net = slim.fully_connected(features["x"], 3, normalizer_fn=batch_norm)
        """,
    "a function in a scope that is not known": """
        with slim.arg_scope([params["layer"]], is_training=training):
            net = slim.batch_norm(features["x"])
        """,
    "a collection of its own": """
        net = batch_norm(features["x"], is_training=training, updates_collections="mine")
        """,
    "another layer is repeated": """
        net = slim.repeat(features["x"], 2, slim.dropout, is_training=training)
        """,
    "in training everywhere": 'net = batch_norm(features["x"])',
}


@pytest.mark.parametrize("body", LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_updates_left_out(body: str) -> None:
    assert codes(body) == ["MFN502"]


@pytest.mark.parametrize("body", SILENT.values(), ids=SILENT.keys())
def test_nothing_is_known_to_be_left_out(body: str) -> None:
    assert codes(body) == []


def test_a_scope_that_differs_by_path() -> None:
    body = """
        active = training if params["on"] else False
        with slim.arg_scope([slim.batch_norm], is_training=active):
            del active
            net = slim.batch_norm(features["x"])
        """
    assert codes(body) == ["MFN512"]
