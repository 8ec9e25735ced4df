"""Which parts of the modes' graphs are compared, and when too little is known for that."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.linting import lint_text

_HEAD = """\
import tensorflow.compat.v1 as tf
TRAIN = tf.estimator.ModeKeys.TRAIN
def spec_of(mode, net, labels, hooks=None, scaffold=None):
    loss = tf.losses.mean_squared_error(labels if labels is not None else net, net)
    op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(
        mode, net, loss, op, training_hooks=hooks, scaffold=scaffold)
def model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.PREDICT:
        pass
"""


def found(body: str) -> list[str]:
    """The codes found in a model function, and the names that they are about."""
    text = _HEAD + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"
    return [f"{finding.code} {finding.message.split()[-1]}" for finding in lint_text(text)]


NOT_KNOWN = {
    "a Keras layer": "net = tf.keras.layers.Dense(2)(features)",
    "a function of another library": "net = params['network'](features)",
    "a callback": "net = tf.map_fn(lambda x: tf.layers.dense(x, 2, name='late'), features)",
    "a scope that is not known": """
        with tf.variable_scope(params["scope"]):
            net = tf.layers.dense(features, 2)
        """,
}


def test_reuse_that_is_not_known_makes_no_other_names() -> None:
    body = """
    if mode == TRAIN:
        net = tf.layers.dense(features, 2, reuse=params['reuse'])
    else:
        net = tf.layers.dense(features, 2, name="late")
    return spec_of(mode, net, labels)
    """
    assert found(body) == ["MFN602 PREDICT"]


@pytest.mark.parametrize("training", NOT_KNOWN.values(), ids=NOT_KNOWN.keys())
def test_training_may_make_others(training: str) -> None:
    body = f"""
if mode == TRAIN:
{textwrap.indent(textwrap.dedent(training).strip(), "    ")}
else:
    net = tf.layers.dense(features, 2, name="late")
return spec_of(mode, net, labels)
"""
    assert found(body) == []


def test_training_makes_no_such_variable() -> None:
    body = """
        net = tf.layers.dense(features, 2, name="early" if mode == TRAIN else "late")
        return spec_of(mode, net, labels)
        """
    assert found(body) == ["MFN602 PREDICT"]


def test_a_scaffold_may_restore_otherwise() -> None:
    body = """
        net = tf.layers.dense(features, 2, name="early" if mode == TRAIN else "late")
        scaffold = tf.train.Scaffold(saver=params["saver"])
        return spec_of(mode, net, labels, scaffold=scaffold)
        """
    assert found(body) == []


def test_what_training_would_make_behind_a_fault_is_not_known() -> None:
    body = """
        if params["early"]:
            net = tf.layers.dense(features, 2, name="early")
            return spec_of(mode, net, labels)
        if mode == TRAIN:
            late = unbound
            unbound = 1
        net = tf.layers.dense(features, 2, name="late")
        return spec_of(mode, net, labels)
        """
    assert [code.split()[0] for code in found(body)] == ["MFN203"]
