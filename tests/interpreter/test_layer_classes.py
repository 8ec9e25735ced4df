"""Models and layers of the file that derive from those of Keras."""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings

_PROGRAM = """
import tensorflow as tf

class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = tf.keras.layers.Dense(4)
        self.drop = tf.keras.layers.Dropout(0.5)
        self.kept = None

{call}

def model_fn(features, labels, mode):
    net = Net()
    training = mode == tf.estimator.ModeKeys.TRAIN
    logits = {apply}
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={{"y": logits}})
    loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss)
    optimizer = tf.compat.v1.train.AdamOptimizer()
    train_op = optimizer.minimize(loss, tf.compat.v1.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
"""

_UNBOUND = """
def call(self, x, training=False):
    if training:
        y = self.hidden(x)
    return y
"""


def _found(call: str, apply: str) -> list[str]:
    body = textwrap.indent(textwrap.dedent(call), "    ")
    text = _PROGRAM.format(call=body, apply=apply)
    return sorted({one.code for one in lint_text(text, "net.py", Settings(hints=True))})


@pytest.mark.parametrize(
    ("call", "apply", "codes"),
    [
        (_UNBOUND, 'net(features["x"], training=training)', ["MFN203"]),
        (_UNBOUND, 'net(features["x"], training)', ["MFN203"]),
        # Keras decides.
        (_UNBOUND, 'net(features["x"])', []),
        (_UNBOUND, 'net(features["x"], training=None)', []),
        (_UNBOUND, 'net(features["x"], None)', []),
        # Whoever built the layer knows what it is.
        (_UNBOUND + "def build(self, shape): pass", 'net(features["x"], training)', []),
        (_UNBOUND + "def __call__(self, *given): return tf.ones([2, 3])", "net(1)", []),
        ("def call(self, x): return self.hidden(x)", 'net(features["x"], training=True)', []),
        ("def call(self, x): return self.hidden(x)", 'net(features["x"], 1, 2)', ["MFN207"]),
        ("def call(self, x): return self.drop(self.hidden(x))", 'net(features["x"])', []),
        (
            "def call(self, x):\n    self.drop(x)\n    return self.hidden(x)",
            'net(features["x"])',
            ["MFN804"],
        ),
        (
            "def call(self, x):\n    y = self.hidden(x)\n    return y if y[0, 0] > 0 else x",
            'net(features["x"])',
            [],
        ),
        (
            "def call(self, x):\n    self.kept = self.hidden(x)\n    return self.kept[:, 0]",
            'tf.stack([net(features["x"]), net.kept[:, 0]], 1)',
            [],
        ),
    ],
)
def test_findings_behind_the_call_of_a_model(call: str, apply: str, codes: list[str]) -> None:
    assert _found(call, apply) == codes


@pytest.mark.parametrize("base", ["tf.keras.layers.Layer", "tf.keras.models.Model"])
def test_bases(base: str) -> None:
    assert _findings_with_base(base) == ["MFN203"]


@pytest.mark.parametrize("base", ["object", "tf.keras.Sequential", "other.Model"])
def test_other_bases(base: str) -> None:
    assert _findings_with_base(base) == []


def _findings_with_base(base: str) -> list[str]:
    body = textwrap.indent(textwrap.dedent(_UNBOUND), "    ")
    text = _PROGRAM.format(call=body, apply='net(features["x"], training)')
    text = text.replace("(tf.keras.Model)", f"({base})")
    return sorted({one.code for one in lint_text(text, "net.py", Settings())})
