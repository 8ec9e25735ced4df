"""The sources of the configuration, and their precedence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line.program import FAULTY, check, run, write

#: Does not mention PREDICT, in which it has no predictions.
ONLY_TRAINED = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=features)
"""


def codes(folder: Path, *arguments: str) -> list[str]:
    """The codes that are reported below ``folder``."""
    outcome = check(folder, *arguments)
    assert outcome.errors == ""
    return [line.split()[1] for line in outcome.lines]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with findings of two codes in two files."""
    write(tmp_path / "model.py")
    write(tmp_path / "tests" / "model.py", FAULTY.replace("EVAL", "PREDICT"))
    assert codes(tmp_path) == ["MFN103", "MFN104"]
    return tmp_path


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_flake8_s_files_are_read(project: Path, name: str) -> None:
    write(project / name, "[flake8]\nextend-ignore = MFN103\n")
    assert codes(project) == ["MFN104"]
    assert codes(project, "--isolated") == ["MFN103", "MFN104"]


def test_flake8_s_files_are_found_further_up(project: Path) -> None:
    write(project / "setup.cfg", "[flake8]\nignore = MFN103\n")
    write(project / "deep" / "model.py")
    assert codes(project / "deep") == []


FLAKE8_SECTIONS = {
    "select = MFN104": ["MFN104"],
    "ignore = MFN10": [],
    "exclude = tests": ["MFN103"],
    "extend-exclude = ./tests/*": ["MFN103"],
    "per-file-ignores =\n    tests/*: MFN104": ["MFN103"],
    "per-file-ignores = model.py:MFN1": [],
    "filename = *.txt": [],
    "estimator-model-fns = build_*": ["MFN103", "MFN104"],  # classes inferred from their signatures
    # This one chooses among flake8's other checks.
    "select = E,W,F": ["MFN103", "MFN104"],
    "select = E,M": ["MFN103", "MFN104"],
}


@pytest.mark.parametrize("line", FLAKE8_SECTIONS)
def test_flake8_s_options(project: Path, line: str) -> None:
    write(project / "setup.cfg", f"[flake8]\n{line}\n")
    assert codes(project) == FLAKE8_SECTIONS[line]


PYPROJECT_SECTIONS = {
    'select = ["MFN104"]': ["MFN104"],
    'select = "MFN104,MFN2"': ["MFN104"],
    'ignore = ["MFN104"]': ["MFN103"],
    'extend-ignore = ["MFN10"]': [],
    'extend_ignore = ["MFN10"]': [],
    'exclude = ["tests"]': ["MFN103"],
    'extend-exclude = ["tests/*"]': ["MFN103"],
    'per-file-ignores = {"tests/*" = ["MFN104"]}': ["MFN103"],
    'filename = ["*.txt"]': [],
    'jobs = 2\nfilename = ["*.py"]': ["MFN103", "MFN104"],
}


@pytest.mark.parametrize("lines", PYPROJECT_SECTIONS)
def test_pyproject_toml(project: Path, lines: str) -> None:
    write(project / "pyproject.toml", f"[tool.estimator_lint]\n{lines}\n")
    assert codes(project) == PYPROJECT_SECTIONS[lines]
    assert codes(project, "--isolated") == ["MFN103", "MFN104"]


def test_patterns_of_pyproject_toml_are_relative_to_it(project: Path) -> None:
    write(project / "pyproject.toml", '[tool.estimator_lint]\nexclude = ["deep/a b/*"]\n')
    write(project / "deep" / "a b" / "model.py")
    write(project / "deep" / "model.py")
    assert codes(project / "deep") == ["MFN103"]


@pytest.mark.parametrize("key", ["require-modes", "estimator-require-modes", "require_modes"])
def test_the_plugin_s_options_in_pyproject_toml(tmp_path: Path, key: str) -> None:
    write(tmp_path / "model.py", ONLY_TRAINED)
    assert codes(tmp_path) == []
    write(tmp_path / "pyproject.toml", f'[tool.estimator_lint]\n{key} = ["TRAIN", "PREDICT"]\n')
    assert codes(tmp_path) == ["MFN104"]


def test_disable_noqa(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY.replace("Spec(mode)", "Spec(mode)  # noqa"))
    assert codes(tmp_path) == []
    assert codes(tmp_path, "--disable-noqa") == ["MFN103"]
    write(tmp_path / "pyproject.toml", "[tool.estimator_lint]\ndisable-noqa = true\n")
    assert codes(tmp_path) == ["MFN103"]


def test_the_nearest_section_counts(project: Path) -> None:
    write(project / "pyproject.toml", '[tool.estimator_lint]\nignore = ["MFN103"]\n')
    write(project / "deep" / "pyproject.toml", "[project]\nname = 'estimator_lint'\n")
    write(project / "deep" / "model.py")
    assert codes(project / "deep") == []
    write(project / "deep" / "pyproject.toml", "[tool.estimator_lint]\n")
    assert codes(project / "deep") == ["MFN103"]


def test_pyproject_toml_counts_before_flake8_s_files(project: Path) -> None:
    write(project / "setup.cfg", "[flake8]\nignore = MFN103\n")
    write(project / "pyproject.toml", '[tool.estimator_lint]\nignore = ["MFN104"]\n')
    assert codes(project) == ["MFN103"]


def test_the_command_line_counts_before_all(project: Path) -> None:
    write(project / "pyproject.toml", '[tool.estimator_lint]\nignore = ["MFN104"]\n')
    assert codes(project, "--ignore=MFN103") == ["MFN104"]
    assert codes(project, "--select=MFN104", "--ignore=X") == ["MFN104"]
    assert codes(project, "--exclude=tests", "--extend-ignore=MFN103") == []


def test_per_file_ignores_of_the_command_line_count_alone(project: Path) -> None:
    section = '[tool.estimator_lint.per-file-ignores]\n"tests/*" = ["MFN104"]\n'
    write(project / "pyproject.toml", section)
    assert codes(project) == ["MFN103"]
    assert codes(project, "--per-file-ignores=*/tests/*:MFN103") == ["MFN103", "MFN104"]
    rules = "tests/* : E501, Missing-Predictions  model.py:missing-loss-in-eval"
    assert codes(project, f"--per-file-ignores={rules}") == []


def test_one_file_can_be_named(project: Path) -> None:
    write(project / "setup.cfg", "[flake8]\nignore = MFN103\n")
    write(project / "pyproject.toml", '[tool.estimator_lint]\nignore = ["MFN103"]\n')
    write(project / "other.cfg", "[flake8]\nignore = MFN104\n")
    assert codes(project, "--config=other.cfg") == ["MFN103"]
    write(project / "pyproject.toml", "")
    assert codes(project, "--append-config=other.cfg") == ["MFN103"]


WRONG = {
    "pyproject.toml": {
        "[tool.estimator_lint": "pyproject.toml: ",
        "[tool]\nestimator_lint = 1": "[tool.estimator_lint] is not a table",
        "[tool.estimator-lint]\nselect = []": "must be [tool.estimator_lint]",
        "[tool.estimator_lint]\nselct = []": "unknown option 'selct'; did you mean 'select'",
        "[tool.estimator_lint]\nselect = [1]": "'select' must be a list of strings",
        "[tool.estimator_lint]\nselect = 1": "'select' must be a list of strings, not 1",
        "[tool.estimator_lint]\nignore = ['MFN1O3']": "'ignore': unknown code 'MFN1O3'",
        "[tool.estimator_lint]\ndisable-noqa = 'yes'": "'disable-noqa' must be true or false",
        "[tool.estimator_lint]\nper-file-ignores = 'a'": "'per-file-ignores' must be a table",
        "[tool.estimator_lint]\nrequire-modes = ['TEST']": "unknown mode 'TEST'",
        "[tool.estimator_lint]\ntf-version = 2.10": "'tf-version' must be a string, not 2.1",
        "[tool.estimator_lint]\ntf-version = 'two'": "'tf-version': unknown version 'two'",
        "[tool.estimator_lint]\njobs = 'many'": "'many' must be 'auto' or an integer",
    },
    "setup.cfg": {
        "[flake8]\nignore = MFN1O3": "MFN1O3",
        "[flake8]\nmax-line-length = long": "long",
        "[flake8]\nper-file-ignores = MFN103": "per-file-ignores",
        "[flake8]\nestimator-require-modes = TEST": "unknown mode 'TEST'",
    },
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts]
)
def test_what_is_wrong_is_told(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path / "model.py")
    write(tmp_path / name, text + "\n")
    outcome = check(tmp_path)
    assert (outcome.status, outcome.output) == (2, "")
    assert WRONG[name][text] in outcome.errors
    assert "Traceback" not in outcome.errors


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    outcome = check(tmp_path, "--config=nowhere.cfg")
    assert outcome.status == 2
    assert "nowhere.cfg" in outcome.errors


def test_help_has_the_plugin_s_options(tmp_path: Path) -> None:
    shown = run(tmp_path, "check", "--help").output
    for option in ("model-fns", "decorators", "require-modes", "source-roots"):
        assert f"--estimator-{option}" in shown


def test_source_roots_of_pyproject_are_relative_to_it(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.estimator_lint]\nsource-roots = ["lib", "./src"]\n')
    folder = write(tmp_path / "deep" / "model.py").parent
    shown = run(folder, "check", "--show-settings").lines
    (roots,) = [line for line in shown if line.startswith("source-roots = ")]
    found = json.loads(roots.partition(" = ")[2])
    assert found == [str(tmp_path / "lib"), str(tmp_path / "src")]
