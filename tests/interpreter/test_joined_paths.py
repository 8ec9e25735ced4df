"""Programs whose tests depend on one another behind a place where paths are joined.

All are right: each side that would be wrong cannot occur.
"""

from __future__ import annotations

import textwrap

import pytest

from estimator_lint.linting import lint_text

#: The model function; ``hidden`` is read at the end, so that paths are joined behind each test.
_PROGRAM = """\
import tensorflow as tf


def model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["x"], 1)
    loss = tf.reduce_mean(logits)
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    complete = tf.estimator.EstimatorSpec(
        mode, loss=loss, train_op=train_op, predictions=logits
    )
    hidden = 0
    name, size, small, wide = params["name"], params["size"], params["small"], params["wide"]
{body}
    logits = tf.layers.dense(logits, hidden)
    return tf.estimator.EstimatorSpec(mode, loss=loss, predictions=logits)
"""


@pytest.mark.parametrize(
    "body",
    [
        # What is known to equal a constant is true or false.
        """
        if (name if name else size == 2) and (small is None or wide):
            raise ValueError("small")
        if name == "a":
            hidden = small
        if not wide:
            raise ValueError("wide")
        if not name:
            return complete
        """,
        """
        if small is None:
            if size:
                return complete
        if size == 1:
            hidden = 1
        else:
            return complete
        if small is not None:
            return complete
        """,
    ],
)
def test_a_side_that_no_joined_path_reaches_has_no_findings(body: str) -> None:
    source = _PROGRAM.replace("{body}", textwrap.indent(textwrap.dedent(body).strip("\n"), "    "))
    assert lint_text(source) == []


@pytest.mark.parametrize("test", ["size == 1", "size in [1, 3]", "size in (3, 1, 4)"])
@pytest.mark.parametrize("none_last", [False, True])
def test_what_a_test_means_does_not_depend_on_the_other_paths(test: str, none_last: bool) -> None:
    # The paths on which ``size`` may be None, and those on which it is not, ask the same question.
    sides = (
        ("size not in (None, 1)", "None", "train_op")
        if none_last
        else ("size in (None, 1)", "train_op", "None")
    )
    condition, first, second = sides
    body = f"""
        if {condition}:
            chosen = {first}
        else:
            chosen = {second}
        if {test}:
            return complete
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=chosen, predictions=logits)
        """
    source = _PROGRAM.replace("{body}", textwrap.indent(textwrap.dedent(body).strip("\n"), "    "))
    assert {finding.code for finding in lint_text(source)} == {"MFN112"}


@pytest.mark.parametrize(
    "lines",
    [
        'params["size"] = None\n    train = params.get("size") is None',
        'params["size"] = params["other"]\n    if not params["other"]:\n        return complete\n'
        '    train = params.get("size")',
        'table = make_table()\n    table["size"] = 3\n    train = table.get("size", 0) == 3',
    ],
)
def test_get_returns_what_was_stored_under_the_key(lines: str) -> None:
    source = _PROGRAM.replace("{body}", f"    {lines}\n    if train:\n        return complete")
    assert lint_text(source) == []
