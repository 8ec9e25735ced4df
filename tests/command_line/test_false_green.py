"""Former false successes: no findings, status 0, and nothing checked.

Each test first shows a run that finds the fault, and then one that used to miss it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from estimator_lint.command_line.status import Status
from tests.command_line.program import CLEAN, FAULTY, FINDING, check, run, write
from tests.flake8_program import flake8

TF1 = "import tensorflow as tf\n\nstep = tf.train.get_global_step()\n"


POSSIBLE = """\
import tensorflow as tf


def model_fn(features, labels, mode, params):
    train_op = None
    if params["train"]:
        train_op = features
    if mode == tf.estimator.ModeKeys.TRAIN:
        return tf.estimator.EstimatorSpec(mode, loss=features, train_op=train_op)
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)
"""


def codes(lines: list[str]) -> list[str]:
    return [line.split()[1] for line in lines]


# Codes


@pytest.mark.parametrize("option", ["select", "extend-select", "ignore", "extend-ignore"])
@pytest.mark.parametrize("code", ["MFN999", "MFN1O3", "mfn99", "missing-loss", "no-such-rule"])
def test_unknown_codes_are_errors(tmp_path: Path, option: str, code: str) -> None:
    write(tmp_path / "model.py")
    assert check(tmp_path, f"--{option}=MFN").status in (Status.FINDINGS, Status.CLEAN)
    outcome = check(tmp_path, f"--{option}={code}")
    assert (outcome.status, outcome.output) == (Status.COULD_NOT_RUN, "")
    assert f"argument --{option}: unknown code" in outcome.errors
    write(tmp_path / "pyproject.toml", f"[tool.estimator_lint]\n{option} = ['{code}']\n")
    outcome = check(tmp_path)
    assert (outcome.status, outcome.output) == (Status.COULD_NOT_RUN, "")
    assert f"'{option}': unknown code" in outcome.errors


@pytest.mark.parametrize("line", ["select = MFN999", "per-file-ignores = model.py:MFN999"])
def test_unknown_codes_in_flake8_s_files_are_errors(tmp_path: Path, line: str) -> None:
    write(tmp_path / "model.py")
    write(tmp_path / "setup.cfg", f"[flake8]\n{line}\n")
    assert flake8(tmp_path, "model.py", select="MFN").lines
    outcome = check(tmp_path)
    assert (outcome.status, outcome.output) == (Status.COULD_NOT_RUN, "")
    assert f"setup.cfg: [flake8]: {line.split()[0]!r}: " in outcome.errors
    assert "unknown code 'MFN999'" in outcome.errors


def test_unknown_codes_for_some_files_are_errors(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    outcome = check(tmp_path, "--per-file-ignores=model.py:MFN999")
    assert (outcome.status, outcome.output) == (Status.COULD_NOT_RUN, "")
    section = "[tool.estimator_lint.per-file-ignores]\n'model.py' = ['MFN999']\n"
    write(tmp_path / "pyproject.toml", section)
    assert check(tmp_path).status == Status.COULD_NOT_RUN


@pytest.mark.parametrize("word", ["MFN103", "mfn103", "mfn1", "missing-loss-in-eval", "M"])
def test_codes_in_small_letters_and_names_of_rules_are_codes(tmp_path: Path, word: str) -> None:
    write(tmp_path / "model.py")
    assert check(tmp_path, f"--select={word}", "model.py").lines == [f"model.py:{FINDING}"]
    assert check(tmp_path, f"--ignore={word}").lines == []
    write(tmp_path / "pyproject.toml", f"[tool.estimator_lint]\nignore = ['{word}']\n")
    assert check(tmp_path).lines == []


def test_a_name_stands_for_all_codes_of_its_rule(tmp_path: Path) -> None:
    write(tmp_path / "model.py", POSSIBLE)
    assert codes(check(tmp_path, "--select=MFN112").lines) == ["MFN112"]
    assert codes(check(tmp_path, "--select=MFN102").lines) == []
    assert codes(check(tmp_path, "--select=missing-train-op").lines) == ["MFN112"]


@pytest.mark.parametrize("select", ["E", "E501,W5", "X"])
def test_a_selection_of_nothing_of_ours_is_an_error(tmp_path: Path, select: str) -> None:
    write(tmp_path / "model.py")
    outcome = check(tmp_path, f"--select={select}")
    assert (outcome.status, outcome.output) == (Status.COULD_NOT_RUN, "")
    assert "'select' contains no MFN code" in outcome.errors
    assert len(check(tmp_path, f"--select={select}", "--extend-select=MFN1").lines) == 1
    # flake8's file is about its other checks, too.
    write(tmp_path / "setup.cfg", f"[flake8]\nselect = {select}\n")
    assert len(check(tmp_path).lines) == 1


def test_definite_findings_only(tmp_path: Path) -> None:
    write(tmp_path / "model.py", POSSIBLE)
    assert codes(check(tmp_path).lines) == ["MFN112", "MFN103"]
    assert codes(check(tmp_path, "--certain").lines) == ["MFN103"]
    assert codes(flake8(tmp_path, "--estimator-certain", "model.py").lines) == ["MFN103"]
    write(tmp_path / "setup.cfg", "[flake8]\nestimator-certain = true\n")
    assert codes(check(tmp_path).lines) == ["MFN103"]
    write(tmp_path / "setup.cfg", "")
    write(tmp_path / "pyproject.toml", "[tool.estimator_lint]\ncertain = true\n")
    assert codes(check(tmp_path).lines) == ["MFN103"]


# Python 2

PYTHON_2 = {
    "print statement": "print 'hello'",
    "exec statement": "exec 'x = 1'",
    "except clause": "try:\n    pass\nexcept (IOError, OSError), error:\n    pass",
    "raise statement": "raise ValueError, 'no'",
    "octal number": "os.chmod(name, 0755)",
    "long integer": "size = 10L",
    "string prefix": "name = ur'x'",
    "operator '<>'": "x = a <> b",
    "backquotes": "x = `a`",
}


@pytest.mark.parametrize("name", PYTHON_2)
def test_python_2_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path / "model.py", f"{FAULTY}{PYTHON_2[name]}\n")
    outcome = check(tmp_path, "model.py")
    assert (outcome.status, outcome.output) == (Status.COULD_NOT_RUN, "")
    assert f": not checked: Python 2 {name} (the linter reads Python 3)\n" in outcome.errors
    assert "Python 2" in run(tmp_path, "modes", "model.py").errors


@pytest.mark.parametrize("line", ["x = (", "print('a'", "def f(:", "return = 0", "x = 'a"])
def test_other_errors_are_python_s_own(tmp_path: Path, line: str) -> None:
    write(tmp_path / "model.py", f"{FAULTY}{line}\n")
    assert ": not checked: SyntaxError: " in check(tmp_path, "model.py").errors


def test_flake8_needs_another_code_to_tell_of_python_2(tmp_path: Path) -> None:
    write(tmp_path / "model.py", f"{FAULTY}print 'hello'\n")
    assert flake8(tmp_path, "model.py").lines == []
    (line,) = flake8(tmp_path, "model.py", select="MFN,E9").lines
    assert ": E999 " in line


def test_the_documents_select_it() -> None:
    for name in ("README.md", "docs/getting-started.md"):
        page = (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
        assert "$ flake8 --select=MFN,E9 src/\n" in page
        assert "$ flake8 --select=MFN src/\n" not in page


# Files that are excluded


def test_a_file_that_is_named_is_checked_although_it_is_excluded(tmp_path: Path) -> None:
    write(tmp_path / "build" / "model.py")
    assert len(check(tmp_path, "build/model.py").lines) == 1
    for exclude in ("build", "build/*", "model.py", "*"):
        arguments = [f"--exclude={exclude}", "build/model.py"]
        assert len(check(tmp_path, *arguments).lines) == 1
        assert check(tmp_path, "--force-exclude", *arguments).lines == []
        assert check(tmp_path, f"--exclude={exclude}", ".").lines == []
    write(tmp_path / "pyproject.toml", "[tool.estimator_lint]\nforce-exclude = true\n")
    assert check(tmp_path, "--exclude=build", "build/model.py").lines == []


def test_nothing_to_look_at_is_not_nothing_found(tmp_path: Path) -> None:
    write(tmp_path / "build" / "model.py")
    outcome = run(tmp_path, "check", "--exclude=build", ".")
    assert outcome.output == "Nothing was checked: no files were found.\n"


def test_the_hook_of_pre_commit_respects_exclude() -> None:
    hook = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "entry: estimator-lint check --force-exclude\n" in hook
    assert "types_or: [python, jupyter]\n" in hook


# The version of TensorFlow


def test_files_without_a_model_function_are_held_against_a_version(tmp_path: Path) -> None:
    write(tmp_path / "model.py", TF1 + FAULTY.split("\n", 1)[1])
    write(tmp_path / "data.py", TF1)
    assert "model.py:3" in check(tmp_path, "--estimator-tf-version=2.4").output
    arguments = ["--estimator-tf-version=2.4", "data.py"]
    (line,) = check(tmp_path, *arguments).lines
    assert line.startswith("data.py:3:8: MFN901 'tf.train.get_global_step' ")
    assert flake8(tmp_path, *arguments).lines == [line]
    assert check(tmp_path, "data.py").lines == []


# The summary


def test_what_was_not_checked_is_not_said_to_be_clean(tmp_path: Path) -> None:
    write(tmp_path / "model.py", CLEAN)
    assert run(tmp_path, "check", "model.py").output == "Nothing found in 1 file.\n"
    write(tmp_path / "broken.py", f"{FAULTY}(\n")
    outcome = run(tmp_path, "check", "broken.py")
    assert outcome.output == "Nothing was checked: 1 file not checked.\n"
    outcome = run(tmp_path, "check", "broken.py", "model.py", "nowhere.py")
    assert outcome.output == "Nothing found in 1 file; 2 files not checked.\n"
    write(tmp_path / "model.py")
    outcome = run(tmp_path, "check", "broken.py", "model.py")
    assert outcome.lines[-1] == "1 finding in 1 file (1 file checked, 1 file not checked)."


def test_a_notebook_is_not_nothing(tmp_path: Path) -> None:
    from tests.notebooks.samples import FAULTY as CELL
    from tests.notebooks.samples import IMPORT, notebook

    write(tmp_path / "model.ipynb", notebook(IMPORT, CELL))
    command = [sys.executable, "-m", "estimator_lint", "check", "model.ipynb"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True)
    assert finished.returncode == Status.FINDINGS
    assert b"MFN103" in finished.stdout
