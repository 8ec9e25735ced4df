"""``estimator-lint report``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from estimator_lint.command_line.status import Status
from tests.command_line.program import FAULTY, check, run, write
from tests.notebooks.samples import FAULTY as FAULTY_CELL
from tests.notebooks.samples import IMPORT, notebook


def test_the_example_has_the_finding_on_the_line_that_it_says(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY.replace("model_fn", "acme_model_fn"))
    outcome = run(tmp_path, "report", "model.py:6")
    assert outcome.status == Status.CLEAN
    header = re.match(
        r"# estimator-lint [\d.]+, Python 3\.[\d.]+\S*; line (\d+): (MFN103 EstimatorSpec .*)\n",
        outcome.output,
    )
    assert header is not None
    assert "acme" not in outcome.output
    write(tmp_path / "example.py", outcome.output)
    (found,) = check(tmp_path, "example.py").lines
    assert re.fullmatch(rf"example\.py:{header[1]}:\d+: {header[2]}", found)
    assert re.search(r"reduced from 7 lines to \d; \d+ programs were linted\n", outcome.errors)


def test_standard_input_options_and_kept_names(tmp_path: Path) -> None:
    text = FAULTY.replace("model_fn", "acme").replace("mode ==", "mode_2 = mode; mode ==", 0)
    arguments = ("report", "-:6:16", "--estimator-model-fns=acme", "--keep-names")
    outcome = run(tmp_path, *arguments, stdin=text.encode())
    assert outcome.output.splitlines()[1] == "# options: --estimator-model-fns=acme"
    assert "def acme(" in outcome.output
    outcome = run(tmp_path, *arguments[:3], stdin=text.encode())
    assert "options" not in outcome.output
    assert "acme" not in outcome.output


def test_a_notebook(tmp_path: Path) -> None:
    write(tmp_path / "model.ipynb", notebook("!pip list\n" + IMPORT, "%time\n" + FAULTY_CELL))
    outcome = run(tmp_path, "report", "model.ipynb:cell 2:4")
    assert "MFN103" in outcome.output.splitlines()[0]
    write(tmp_path / "example.py", outcome.output)
    assert len(check(tmp_path, "example.py").lines) == 1
    assert "no cell given" in run(tmp_path, "report", "model.ipynb:4").errors
    assert "no line 99" in run(tmp_path, "report", "model.ipynb:cell 2:99").errors


def test_the_bound_is_told(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    outcome = run(tmp_path, "report", "model.py:6", "--max-evaluations=2")
    assert "stopped by --max-evaluations=2" in outcome.errors
    assert "MFN103" in outcome.output


TWO_IN_A_LINE = """\
import tensorflow as tf

def model_fn(features, labels, mode):
    if mode != "infer":
        loss = tf.reduce_mean(labels)
    return tf.estimator.EstimatorSpec(mode, loss=loss)
"""


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("model.py:5", "model.py:5: no such finding"),
        ("model.py:6", "several findings (MFN102 at column 12, MFN203 at column 50); give --code"),
        ("model.py:6:9", "no such finding, but MFN102 at column 12, MFN203"),
        ("model.py:cell 1:6", "only notebooks have cells"),
        ("model.py", "'model.py' is not of the form FILE:LINE[:COLUMN]"),
        ("missing.py:6", "missing.py: No such file"),
        ("broken.py:1", "broken.py:1"),
    ],
)
def test_errors(tmp_path: Path, place: str, error: str) -> None:
    write(tmp_path / "model.py", TWO_IN_A_LINE)
    write(tmp_path / "broken.py", "model_fn = (\n")
    outcome = run(tmp_path, "report", place)
    assert outcome.status == Status.COULD_NOT_RUN
    assert error in outcome.errors
    assert outcome.output == ""


def test_one_of_several(tmp_path: Path) -> None:
    write(tmp_path / "model.py", TWO_IN_A_LINE)
    outcome = run(tmp_path, "report", "model.py:6", "--code=MFN203", "--max-evaluations=40")
    assert "MFN203 'loss' is unbound in PREDICT" in outcome.output.splitlines()[0]
    assert run(tmp_path, "report", "model.py:6", "--max-evaluations=0").status == 2
