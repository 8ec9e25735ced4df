"""nbQA, which passes the cells of a notebook to flake8."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tests.tools import samples
from tests.tools.programs import program, run

IMPORTS, FUNCTION = samples.FAULTY.split("\n\n\n")
MAGIC = "%matplotlib inline\n!nvidia-smi"


def notebook(path: Path, cells: Sequence[str]) -> Path:
    """A notebook with these code cells, and one cell of text before them."""
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["# Digits"]}
    code: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": cell.splitlines(keepends=True),
        }
        for cell in cells
    ]
    content = {"cells": [prose, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return samples.write(path, json.dumps(content))


def linted(folder: Path, *options: str, status: int) -> list[str]:
    """What the documented command prints for ``analysis.ipynb``."""
    _, command, *arguments = samples.recipe("editors.md", "console", "nbqa").split()
    return run([program(command), *arguments, *options], folder, status=status).splitlines()


def test_a_model_function_in_a_notebook(tmp_path: Path) -> None:
    """The import is in another cell, and there is IPython syntax as well."""
    notebook(tmp_path / "analysis.ipynb", [IMPORTS, MAGIC, FUNCTION])
    expected = samples.recipe("editors.md", "text", "analysis.ipynb").splitlines()
    assert linted(tmp_path, status=1) == expected


def test_a_repaired_notebook(tmp_path: Path) -> None:
    notebook(tmp_path / "analysis.ipynb", [MAGIC, samples.REPAIRED])
    assert linted(tmp_path, status=0) == []


def test_noqa_in_a_cell(tmp_path: Path) -> None:
    notebook(tmp_path / "analysis.ipynb", [samples.SILENCED])
    assert linted(tmp_path, status=0) == []


def test_an_option(tmp_path: Path) -> None:
    notebook(tmp_path / "analysis.ipynb", [samples.ONLY_TRAINED])
    (finding,) = linted(tmp_path, "--estimator-require-modes=PREDICT", status=1)
    assert "MFN104" in finding
