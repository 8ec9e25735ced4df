"""Running the program in this process."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from estimator_lint.command_line.main import main

#: EVAL builds a spec without loss, on line 6, column 16.
FAULTY = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
FINDING = "6:16: MFN103 EstimatorSpec has no loss in EVAL"

CLEAN = FAULTY.replace("Spec(mode)", "Spec(mode, loss=features)")


@dataclass(frozen=True)
class Outcome:
    """The result of a run."""

    status: int
    output: str
    errors: str

    @property
    def lines(self) -> list[str]:
        """The lines of the output."""
        return self.output.splitlines()


def write(path: Path, text: str | bytes = FAULTY) -> Path:
    """Make the file ``path``, byte for byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def run(folder: Path, *arguments: str, stdin: bytes = b"") -> Outcome:
    """Run ``estimator-lint`` in ``folder``."""
    output, errors = _stream(), _stream()
    with (
        inside(folder),
        mock.patch.object(sys, "stdin", _stream(stdin)),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        try:
            status = main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
    return Outcome(status, _written(output), _written(errors))


def check(folder: Path, *arguments: str, stdin: bytes = b"") -> Outcome:
    """Run ``estimator-lint check``, for one line a finding."""
    return run(folder, "check", "--format=concise", *arguments, stdin=stdin)


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Within, ``folder`` is the current folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _stream(content: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", write_through=True)


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    written = bytes(stream.buffer.read())
    return written.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
