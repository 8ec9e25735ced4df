"""Tests of order that leave nothing out: of ``n < 2`` and ``n >= 2`` one is true."""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text

_BEFORE = """\
import sys
import tensorflow.compat.v1 as tf
from absl import flags

FLAGS = flags.FLAGS

def model_fn(features, labels, mode, params):
    logits = tf.layers.dense(features["x"], 1)
    p, q = params["p"], params["q"]
"""
_AFTER = "    return tf.estimator.EstimatorSpec(mode, logits, loss, tf.no_op())\n"

#: Tests of which one is true.
_COVERING = [
    ("p < 2", "p >= 2"),
    ("p <= 1", "p > 1"),
    ("2 > p", "2 <= p"),
    ("p < 2", "not p < 2"),
    ("p < 2", "2 <= p"),
    ("p < 0", "p == 0", "p > 0"),
    ("p == 0", "p < 0", "p > 0"),
    ("p > 0", "p < 0", "p == 0"),
    ("p < q", "p >= q"),
    ("p < q", "q <= p"),
    ("p < q", "p == q", "p > q"),
    ("p < q", "q == p", "q < p"),
    ("p <= q", "q < p"),
    ("abs(p) < 1", "abs(p) >= 1"),
    ("p + q > 1", "p + q <= 1"),
    ("p[0] > p[1]", "p[0] <= p[1]"),
    ("params.get('r', 0) > 0", "params.get('r', 0) <= 0"),
    ("FLAGS.n > 1", "FLAGS.n <= 1"),
    ("len(p) == 0", "len(p) > 0"),
    ("len(p) > 0", "len(p) < 1"),
    ("0 < len(p)", "not len(p)"),
    ("len(p) >= 1", "len(p) == 0"),
    ("len(p) == 1", "len(p) > 1", "len(p) < 1"),
    ("p.count(1) > 0", "p.count(1) == 0"),
    ("0 <= p < 1", "p < 0", "p >= 1"),
]


def _chained(tests: tuple[str, ...]) -> str:
    return "".join(
        f"    {'elif' if number else 'if'} {test}:\n        loss = logits[0, 0] * {number}\n"
        for number, test in enumerate(tests)
    )


@pytest.mark.parametrize("tests", _COVERING)
def test_a_chain_that_covers_everything_has_no_other_side(tests: tuple[str, ...]) -> None:
    assert lint_text(_BEFORE + _chained(tests) + _AFTER) == []


@pytest.mark.parametrize("tests", _COVERING)
def test_without_its_last_test_it_has_one(tests: tuple[str, ...]) -> None:
    found = lint_text(_BEFORE + _chained(tests[:1]) + _AFTER)
    assert [finding.code for finding in found] == ["MFN213"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("p < 2", "p >= 2"),
        ("p <= q", "q < p"),
        ("len(p) > 0", "not len(p)"),
        ("p == 2", "p < 2"),
        ("len(p) > 0", "len(p) == 0"),
    ],
)
def test_tests_that_exclude_each_other_are_not_both_true(first: str, second: str) -> None:
    text = f"    if {first}:\n        if {second}:\n            loss = logits[0, 0]\n        "
    found = lint_text(f"{_BEFORE}{text}{_AFTER.strip()}\n    return None\n")
    assert "MFN203" in {finding.code for finding in found}


@pytest.mark.parametrize(
    "tests",
    [
        ("sys.version_info[0] == 2", "sys.version_info[0] >= 3"),
        ('tf.__version__.startswith("1")', 'tf.__version__.startswith("2")'),
        ('tf.VERSION < "1.9"', 'tf.VERSION > "1.8"'),
        ('sys.platform == "linux"', 'sys.platform.startswith("win")'),
        ("logits.shape[1] == 1", "logits.shape[1] > 1"),
        ("logits.get_shape().ndims == 2", "len(logits.shape) == 3"),
    ],
)
def test_what_the_program_or_the_installation_fixes_is_in_doubt(tests: tuple[str, ...]) -> None:
    assert lint_text(_BEFORE + _chained(tests) + _AFTER) == []


@pytest.mark.parametrize(
    "tests",
    [
        ("p == 1", "p > 1"),
        ("p < 1", "p < 5"),
        ("p >= 10", "p >= 5"),
        ("isinstance(p, str)", "isinstance(p, int)"),
        ("isinstance(p, (list, tuple))", "isinstance(p, dict)"),
    ],
)
def test_a_chain_of_tests_of_one_value_covers_what_occurs(tests: tuple[str, ...]) -> None:
    assert lint_text(_BEFORE + _chained(tests) + _AFTER) == []


def test_a_converted_value_is_of_the_class() -> None:
    text = "    name = str(p)\n    if isinstance(name, str):\n        loss = logits[0, 0]\n"
    assert lint_text(_BEFORE + text + _AFTER) == []


def test_two_tests_in_one_condition_are_no_chain() -> None:
    found = lint_text(_BEFORE + _chained(("p > 1 and p < 5",)) + _AFTER)
    assert [finding.code for finding in found] == ["MFN213"]
