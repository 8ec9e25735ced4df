"""Running flake8 on generated files, as a program or in this process."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flake8.main.application import Application

from estimator_lint.flake8_plugin import EstimatorChecker

#: EVAL builds a spec without loss, on line 6, column 16.
FAULTY = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
FINDING = "6:16: MFN103 EstimatorSpec has no loss in EVAL"

SITE = "tf.estimator.EstimatorSpec(mode)"
MESSAGE = "MFN103 EstimatorSpec has no loss in EVAL"
INDENTED_RETURN = "        return"

#: The same with a decorator, and without the name and arguments of a model function.
FAULTY_UNDER_OTHER_NAME = FAULTY.replace("model_fn", "build_graph").replace("labels, ", "")
FAULTY_DECORATED = FAULTY_UNDER_OTHER_NAME.replace("def ", "@graph\ndef ")

#: Does not mention PREDICT, in which it has no predictions.
ONLY_TRAINED = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, loss=features, train_op=features)
"""


@dataclass(frozen=True)
class Outcome:
    """The result of a run of flake8."""

    status: int
    lines: list[str]
    errors: str

    def __post_init__(self) -> None:
        if "source code string cannot contain null bytes" in self.errors:
            pytest.skip("this flake8 itself can't take null bytes on this Python")
        assert "Traceback" not in self.errors, self.errors


def flake8(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    select: str = "MFN",
) -> Outcome:
    """Run flake8 in ``folder``."""
    finished = subprocess.run(
        [sys.executable, "-m", "flake8", f"--select={select}", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
        timeout=300,
    )
    output = finished.stdout.decode("utf-8").replace("\r\n", "\n")
    return Outcome(finished.returncode, output.splitlines(), finished.stderr.decode("utf-8"))


def write(path: Path, text: str | bytes) -> Path:
    """Make the file ``path``, byte for byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def flake8_in_process(folder: Path, *arguments: str) -> list[str]:
    """The output of flake8 in this process, since starting another one takes a second."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    before, settings = Path.cwd(), EstimatorChecker.settings
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(output), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # flake8 parses the file itself
            application = Application()
            application.run(["--jobs=1", *arguments])
    finally:
        os.chdir(before)
        EstimatorChecker.settings = settings
    output.seek(0)
    lines = output.read().splitlines()
    assert application.exit_code() == bool(lines)
    return lines


def findings_in(folder: Path, text: str | bytes, *arguments: str) -> list[str]:
    """The output of flake8 for a file with this text, without the file's name."""
    write(folder / "model.py", text)
    lines = flake8_in_process(folder, "--select=MFN", *arguments, "model.py")
    return [line.removeprefix("model.py:") for line in lines]


def position(text: str, needle: str) -> str:
    """The position of ``needle`` in ``text``, as flake8 prints it."""
    before = text[: text.index(needle)].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return f"{line}:{column}:"
