"""Requesting a skeleton, its text, and the examples in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from estimator_lint.migration.skeleton.keras_counterparts import LAYERS, METRICS, OPTIMIZERS
from estimator_lint.migration.skeleton.layout import formatted
from estimator_lint.migration.skeleton.selection import SkeletonError
from estimator_lint.migration.skeleton.writing import skeleton_of
from tests.command_line.program import run, write
from tests.migration.accounting import every_statement_is_there

ROOT = Path(__file__).parents[2]
HEADER = "import tensorflow as tf\n\nKEYS = tf.estimator.ModeKeys\nv1 = tf.compat.v1\n\n"
MODEL = (
    "import tensorflow.compat.v1 as tf\n\n\n"
    "def model_fn(features, labels, mode):\n"
    '    logits = tf.layers.dense(features["x"], 3)\n'
    "    return tf.estimator.EstimatorSpec(mode, predictions=logits)\n"
)


def test_the_command(tmp_path: Path) -> None:
    write(tmp_path / "model.py", MODEL)
    outcome = run(tmp_path, "migrate", "--skeleton", "model_fn", "model.py")
    assert (outcome.status, outcome.errors) == (0, "")
    assert outcome.output == skeleton_of(MODEL, "model.py", "model_fn")
    assert run(tmp_path, "migrate", "--skeleton=model_fn", "-", stdin=MODEL.encode()).status == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--skeleton=other", "model.py"], "model.py: there is no model function 'other'"),
        (["--skeleton=model_fn", "missing.py"], "missing.py: No such file"),
        (["--skeleton=model_fn", "broken.py"], "broken.py:1:5: "),
        (["--skeleton=model_fn", "model.py", "broken.py"], "takes one file"),
        (["--skeleton=model_fn", "--format=json", "model.py"], "no --format"),
    ],
)
def test_what_can_not_be_written_is_told(tmp_path: Path, arguments: list[str], said: str) -> None:
    write(tmp_path / "model.py", MODEL)
    write(tmp_path / "broken.py", "def (:\n")
    outcome = run(tmp_path, "migrate", *arguments)
    assert outcome.status == 2 and not outcome.output
    assert said in outcome.errors and len(outcome.errors.splitlines()) == 1


def test_the_page_shows_what_one_gets() -> None:
    page = (ROOT / "docs" / "migrating-skeleton.md").read_text(encoding="utf-8")
    function, skeleton = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert skeleton_of(function, "model.py", "model_fn") == skeleton


def test_parameters_of_counterparts_are_of_what_they_replace() -> None:
    for table in (LAYERS, METRICS, OPTIMIZERS):
        for row in table.values():
            assert {*row.per_call, *row.renamed} <= {*row.parameters}


def test_who_asks_for_no_function_is_told_which_there_are() -> None:
    source = HEADER + "def model_fn(features, labels, mode): return tf.no_op()\n"
    with pytest.raises(SkeletonError, match=r"no model function 'other' \(there are model_fn\)"):
        skeleton_of(source, "model.py", "other")
    with pytest.raises(SkeletonError, match=r"several .*: model_fn:6, model_fn:7"):
        skeleton_of(source + source.splitlines()[-1] + "\n", "model.py", "model_fn")
    with pytest.raises(SkeletonError, match="has no model function"):
        skeleton_of("x = 1\n", "model.py", "model_fn")
    with pytest.raises(SyntaxError):
        skeleton_of("def (:\n", "model.py", "model_fn")


def test_long_lines_are_split_as_formatters_do() -> None:
    source = (
        "def name(self):\n"
        "    values = [self.make(first, second=second) for first, second in self.all_values "
        "if first is not None]\n"
        "    return {'one': self.compute_something(first, second), "
        "'two': self.compute(values, 1)}\n"
    )
    assert formatted(source) == (
        "def name(self):\n"
        "    values = [\n"
        "        self.make(first, second=second)\n"
        "        for first, second in self.all_values\n"
        "        if first is not None\n"
        "    ]\n"
        "    return {\n"
        "        'one': self.compute_something(first, second),\n"
        "        'two': self.compute(values, 1),\n"
        "    }\n"
    )
    assert formatted(formatted(source)) == formatted(source)


def test_accounting_sees_a_statement_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.py"
    path.write_text(HEADER + "def model_fn(features, labels, mode):\n    x = 1\n    return x\n")
    assert list(every_statement_is_there([path])) == []
    monkeypatch.setattr("tests.migration.accounting.skeleton_of", lambda *_: "x = 1\n")
    assert len(list(every_statement_is_there([path]))) == 2
