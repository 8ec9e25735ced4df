"""``estimator-lint migrate`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line.program import run, write
from tests.migration.samples import CLASSIFIER


def test_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "package" / "model.py", CLASSIFIER)
    write(tmp_path / "package" / "main.py", "import tensorflow as tf\ntf.estimator.RunConfig()\n")
    write(tmp_path / "package" / "other.py", "this is no Python, and nothing of it\n")
    outcome = run(tmp_path, "migrate", "--format=json", "package")
    assert (outcome.status, outcome.errors) == (0, "")
    content = json.loads(outcome.output)
    assert [Path(file["path"]).name for file in content["files"]] == ["main.py", "model.py"]
    assert content["files_read"] == 3


def test_standard_input(tmp_path: Path) -> None:
    outcome = run(tmp_path, "migrate", "-", stdin=CLASSIFIER.encode())
    assert outcome.status == 0
    assert "model_fn  stdin:4  14 lines" in outcome.lines


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.py", b"import tensorflow\ndef (:\n", "broken.py:2:5: "),
        ("zero.py", b"import tensorflow\n\0\n", "zero.py"),
        ("deep.py", b"import tensorflow\nx = " + b"-" * 9_000 + b"1\n", "deep.py"),
        ("broken.ipynb", b"{", "broken.ipynb:1:2: "),
    ],
)
def test_bad_input_does_not_stop_the_run(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    write(tmp_path / name, content)
    write(tmp_path / "model.py", CLASSIFIER)
    outcome = run(tmp_path, "migrate", f"--format={'html' if name[0] == 'z' else 'json'}", ".")
    assert outcome.status == 2
    assert said in outcome.errors
    assert len(outcome.errors.splitlines()) == 1
    assert "tf.train.NanTensorHook" in outcome.output


def test_what_can_not_be_read_or_evaluated_is_told(tmp_path: Path) -> None:
    odd = (
        "def odd_model_fn(features, labels, mode):\n"
        "    class Inner(object, a=1, *features): pass\n"
        "    return tf.estimator.EstimatorSpec(mode)\n"
    )
    write(tmp_path / "model.py", CLASSIFIER + odd)
    outcome = run(tmp_path, "migrate", "model.py", "missing.py")
    assert outcome.status == 2
    told = outcome.errors.splitlines()
    assert told[0].startswith("missing.py: ")
    assert told[1].startswith("model.py:18:1: 'odd_model_fn' could not be evaluated: ")
    assert "model_fn  model.py:4" in outcome.output


def test_a_broken_cell_of_a_notebook(tmp_path: Path) -> None:
    from tests.notebooks.samples import notebook

    write(tmp_path / "a.ipynb", notebook(CLASSIFIER, "def ("))
    outcome = run(tmp_path, "migrate", "a.ipynb")
    assert outcome.status == 2
    assert outcome.errors.startswith("a.ipynb:cell 2:1:")
    assert "tf.metrics.accuracy" in outcome.output


def test_nothing_is_imported(tmp_path: Path) -> None:
    write(tmp_path / "model.py", "import helper\nraise SystemExit\n" + CLASSIFIER)
    write(tmp_path / "helper.py", "open('imported', 'w')\nimport tensorflow\n")
    assert run(tmp_path, "migrate", ".").status == 0
    assert not (tmp_path / "imported").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: PATH"),
        (["--format=xml", "."], "unknown choice 'xml'"),
        (["--estimator-tf-version=0.1", "."], "0.1"),
        (["--skeletton", "."], "unknown option '--skeletton'"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], said: str) -> None:
    outcome = run(tmp_path, "migrate", *arguments)
    assert outcome.status == 2
    assert said in outcome.errors


def test_the_same_each_time(tmp_path: Path) -> None:
    write(tmp_path / "a.py", CLASSIFIER)
    write(tmp_path / "b.py", CLASSIFIER.replace("model_fn", "other_model_fn"))
    first = run(tmp_path, "migrate", "--format=html", "a.py", "b.py").output
    assert run(tmp_path, "migrate", "--format=html", "b.py", "a.py").output == first
