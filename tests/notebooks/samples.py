"""Notebooks for tests, in the format that Jupyter writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

IMPORT = "import tensorflow as tf\n"
FAULTY = """\
def model_fn(features, labels, mode):
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
"""
#: In the cell of ``FAULTY``.
PLACE = "3:16"
MESSAGE = "MFN103 EstimatorSpec has no loss in EVAL"


def code(source: str) -> dict[str, Any]:
    """A code cell."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def markdown(text: str) -> dict[str, Any]:
    """A cell of text."""
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def notebook(*cells: dict[str, Any] | str, **changes: Any) -> str:
    """The file's text; cells given as text are code."""
    content: dict[str, Any] = {
        "cells": [code(cell) if isinstance(cell, str) else cell for cell in cells],
        "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps({**content, **changes}, indent=1, ensure_ascii=False) + "\n"


def write(path: Path, text: str) -> Path:
    """Make a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def line_of(text: str, needle: str) -> int:
    """The line of a file's text that contains something exactly once."""
    (number,) = [number for number, line in enumerate(text.split("\n"), start=1) if needle in line]
    return number
