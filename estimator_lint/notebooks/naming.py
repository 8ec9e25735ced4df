"""Recognizing notebooks by file name: most runs have none, and then import nothing else."""

from __future__ import annotations

SUFFIX = ".ipynb"


def is_notebook(path: str) -> bool:
    """Whether a file has the name of a notebook."""
    return path.lower().endswith(SUFFIX)
