"""``estimator-lint modes``: its arguments and its messages."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from estimator_lint.command_line.main import main

SOURCE = """\
import tensorflow as tf
def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, features, features, features)
class Other:
    def model_fn(self, features, labels, mode):
        return tf.estimator.EstimatorSpec(mode, features)
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def names(capsysbinary: pytest.CaptureFixture[bytes]) -> list[str]:
    return [each["name"] for each in json.loads(capsysbinary.readouterr().out)["functions"]]


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [
        ("", ["model_fn", "Other.model_fn"]),
        (":model_fn", ["model_fn", "Other.model_fn"]),
        (":Other.model_fn", ["Other.model_fn"]),
    ],
)
def test_functions_by_name(
    model: Path, suffix: str, expected: list[str], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["modes", "--format", "json", f"{model}{suffix}"]) == 0
    assert names(capsysbinary) == expected


@pytest.mark.parametrize("format_", ["text", "html", "json"])
def test_formats(model: Path, format_: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    if format_ == "text":
        pytest.importorskip("rich")
    assert main(["modes", f"--format={format_}", str(model)]) == 0
    output, errors = capsysbinary.readouterr()
    assert b"Other.model_fn" in output
    assert not errors


def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    data = f"# coding: latin-1\n# \u00e4\n{SOURCE}".encode("latin-1")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["modes", "--format=json", "--", "-:Other.model_fn"]) == 0
    assert names(capsysbinary) == ["Other.model_fn"]


def test_a_file_without_model_functions(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "empty.py"
    path.write_bytes(b"")
    assert main(["modes", str(path)]) == 0
    output, errors = capsysbinary.readouterr()
    assert not output
    assert errors.endswith(b"no model function\n")


BAD = {
    "missing": (None, "", "No such file"),
    "syntax": (b"def f(:\n", "", ":1:7: SyntaxError"),
    "null": (b"\0", "", "null bytes"),
    "deep": (b"(" * 5000, "", "SyntaxError"),
    "no_function": (SOURCE.encode(), ":train", "has only model_fn, Other.model_fn"),
    "no_function_at_all": (b"", ":train", "has none"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_can_not_be_shown(
    name: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    data, suffix, said = BAD[name]
    path = tmp_path / "model.py"
    if data is not None:
        path.write_bytes(data)
    assert main(["modes", f"{path}{suffix}"]) == 2
    output, errors = capsysbinary.readouterr()
    assert not output
    assert said in errors.decode()
    assert errors.decode().startswith(f"estimator-lint modes: error: {path}")
    assert errors.count(b"\n") == 1


def test_the_configuration_of_flake8_counts(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(model.parent)
    (model.parent / ".flake8").write_text("[flake8]\nestimator-require-modes = EVAL\n")
    checked = []
    for more in ([], ["--isolated"], ["--estimator-require-modes=PREDICT"]):
        assert main(["modes", "--format=json", "model.py:Other.model_fn", *more]) == 0
        (function,) = json.loads(capsysbinary.readouterr().out)["functions"]
        checked.append([name for name, mode in function["modes"].items() if mode["checked"]])
    assert checked == [["EVAL"], [], ["PREDICT"]]
    assert main(["modes", "model.py", "--estimator-require-modes=NO"]) == 2
    assert b"estimator-lint modes: error: argument --estimator-require-modes: unknown" in (
        capsysbinary.readouterr().err
    )
    assert main(["modes", "model.py", "--config=missing.cfg"]) == 2
    assert b"missing.cfg" in capsysbinary.readouterr().err


def test_a_folder_as_a_page(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["modes", "--format=html", str(tmp_path)]) == 2
    assert capsysbinary.readouterr().err.startswith(b"estimator-lint modes: error: --format html")


def test_a_fault_of_our_own_is_told(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def fail(trace: object) -> None:
        raise KeyError("oh")

    monkeypatch.setattr("estimator_lint.modes_view.building.fields_of", fail)
    assert main(["modes", str(model)]) == 2
    errors = capsysbinary.readouterr().err.decode()
    assert errors.endswith("model.py: internal error (KeyError: 'oh')\n")


def test_a_function_that_can_not_be_analysed(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "model.py"
    more_than_libcst_takes = (
        "def odd_model_fn(features, labels, mode):\n"
        "    class Inner(object, a=1, *features): pass\n"
        "    return tf.estimator.EstimatorSpec(mode)\n"
    )
    path.write_text(SOURCE + more_than_libcst_takes, encoding="utf-8")
    assert main(["modes", "--format=json", str(path)]) == 2
    output, errors = capsysbinary.readouterr()
    assert b"Other.model_fn" in output
    assert b":7:5: MFN000 'odd_model_fn' could not be analysed" in errors
