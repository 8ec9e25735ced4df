"""The findings that flake8 runs keep on disk: the same output, without a second analysis."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from estimator_lint import flake8_plugin, kept_findings
from estimator_lint.flake8_plugin import findings_in
from tests.flake8_program import FAULTY, FINDING, ONLY_TRAINED, flake8, flake8_in_process, write

CALLER = """\
import tensorflow as tf
from heads import build


def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.EVAL:
        return build(mode, features)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
HEADS = """\
import tensorflow as tf


def build(mode, loss):
    return tf.estimator.EstimatorSpec(mode, loss=None)
"""


@pytest.fixture
def analysed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were analysed since then, with a cache of the test's own."""
    names: list[str] = []

    def watched(tree: object, lines: object, filename: str, settings: object) -> object:
        names.append(os.path.basename(filename))
        return findings_in(tree, lines, filename, settings)  # type: ignore[arg-type]

    monkeypatch.setattr(flake8_plugin, "findings_in", watched)
    monkeypatch.delenv("ESTIMATOR_LINT_NO_CACHE")
    monkeypatch.setenv("ESTIMATOR_LINT_CACHE_DIR", str(tmp_path / "cache"))
    return names


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def linted(folder: Path, *arguments: str) -> list[str]:
    return flake8_in_process(folder, "--select=MFN", *arguments, ".")


def test_what_did_not_change_is_not_analysed_again(tmp_path: Path, analysed: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", FAULTY)
    write(folder / "other.py", "x = 1\n")
    first = linted(folder)
    assert first == [f"{os.path.join('.', 'model.py')}:{FINDING}"]
    assert linted(folder) == first
    assert analysed == ["model.py"]
    assert len(entries(tmp_path / "cache")) == 1
    write(folder / "model.py", f"{FAULTY}\n\nx = 1\n")
    assert linted(folder) == first
    assert analysed == ["model.py", "model.py"]


def test_a_file_without_model_functions_keeps_nothing(tmp_path: Path, analysed: list[str]) -> None:
    write(tmp_path / "project" / "model.py", "x = 1\n")
    assert linted(tmp_path / "project") == []
    assert not (tmp_path / "cache").exists()


def test_a_file_that_was_only_read_is_changed(tmp_path: Path, analysed: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", CALLER)
    write(folder / "heads.py", HEADS)
    for _ in range(2):
        (found,) = linted(folder)
        assert "MFN103" in found
    write(folder / "heads.py", HEADS.replace("loss=None", "loss=loss"))
    assert linted(folder) == []
    assert sorted(analysed) == ["heads.py", "heads.py", "model.py", "model.py"]


def test_another_current_folder_has_other_files(tmp_path: Path, analysed: list[str]) -> None:
    for name, heads in ("one", HEADS), ("other", HEADS.replace("loss=None", "loss=loss")):
        write(tmp_path / name / "model.py", CALLER)
        write(tmp_path / name / "heads.py", heads)
    for _ in range(2):
        assert len(linted(tmp_path / "one")) == 1
        assert linted(tmp_path / "other") == []
    assert sorted(analysed) == ["heads.py", "heads.py", "model.py", "model.py"]


def test_options_count(tmp_path: Path, analysed: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", ONLY_TRAINED)
    for _ in range(2):
        assert len(linted(folder, "--estimator-require-modes=PREDICT")) == 1
        assert linted(folder) == []
    assert analysed == ["model.py", "model.py"]


def test_comments_are_left_to_flake8(tmp_path: Path, analysed: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", FAULTY)
    assert len(linted(folder)) == 1
    silenced = FAULTY.replace("Spec(mode)\n", "Spec(mode)  # noqa: MFN103\n")
    write(folder / "model.py", silenced)
    for _ in range(2):
        assert linted(folder) == []
        assert len(linted(folder, "--disable-noqa")) == 1
    assert analysed == ["model.py", "model.py"]


def test_check_has_entries_of_its_own(tmp_path: Path, analysed: list[str]) -> None:
    """It shows more than flake8 has."""
    from tests.command_line.program import run

    folder = tmp_path / "project"
    write(folder / "model.py", FAULTY)
    linted(folder)
    assert run(folder, "check", "--isolated", "--jobs=1", "model.py").status == 1
    assert len(entries(tmp_path / "cache")) == 2


def test_nothing_is_kept_if_there_is_to_be_no_cache(
    tmp_path: Path, analysed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", FAULTY)
    monkeypatch.setenv("ESTIMATOR_LINT_NO_CACHE", "1")
    assert len(linted(folder)) == len(linted(folder)) == 1
    assert analysed == ["model.py", "model.py"]
    assert not (tmp_path / "cache").exists()


def test_a_damaged_entry_counts_for_nothing(tmp_path: Path, analysed: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", FAULTY)
    first = linted(folder)
    for entry in entries(tmp_path / "cache"):
        entry.write_bytes(b"rubbish")
    assert linted(folder) == first
    assert analysed == ["model.py", "model.py"]


def test_a_cache_that_can_not_be_written(tmp_path: Path) -> None:
    """By the real program, in several processes: no message, and the same findings."""
    for name in ("a", "b", "c"):
        write(tmp_path / "project" / f"{name}.py", FAULTY)
    write(tmp_path / "file", "")
    folders = [str(tmp_path / "file" / "below"), str(tmp_path / "new"), "\x01", ""]
    outcomes = []
    for folder in folders:
        environment = {"ESTIMATOR_LINT_CACHE_DIR": folder, "ESTIMATOR_LINT_NO_CACHE": ""}
        if not folder:
            environment |= {"HOME": str(tmp_path / "file"), "XDG_CACHE_HOME": ""}
        outcomes.append(flake8(tmp_path / "project", "-j2", ".", environment=environment))
    assert len(outcomes[0].lines) == 3
    assert outcomes[0].errors == ""
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert len(entries(tmp_path / "new")) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no folder in use can be removed there")
def test_the_current_folder_is_gone(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY)
    gone = tmp_path / "gone"
    gone.mkdir()
    program = (
        "import os, sys; os.rmdir(os.getcwd());"
        "from estimator_lint.flake8_plugin import EstimatorChecker as Checker;"
        "import ast; text = open(sys.argv[1]).read();"
        "print(len(list(Checker(ast.parse(text), text.splitlines(True), sys.argv[1]).run())))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "model.py")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    environment.pop("ESTIMATOR_LINT_NO_CACHE")
    environment["ESTIMATOR_LINT_CACHE_DIR"] = str(tmp_path / "cache")
    finished = subprocess.run(command, cwd=gone, env=environment, capture_output=True, text=True)
    assert (finished.stdout, finished.stderr) == ("1\n", "")


def test_a_process_shrinks_the_cache(
    tmp_path: Path, analysed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_findings, "MAX_BYTES", 1_000)
    folder = tmp_path / "project"
    for number in range(3):
        write(folder / f"model{number}.py", FAULTY)
    linted(folder)
    kept_findings._shrink_once.cache_clear()
    write(folder / "model9.py", FAULTY)
    linted(folder)
    assert len(entries(tmp_path / "cache")) < 4
