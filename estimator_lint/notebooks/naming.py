"""Which files are notebooks, by their names alone: most runs meet none, and import no more."""

from __future__ import annotations

SUFFIX = ".ipynb"


def is_notebook(path: str) -> bool:
    """Whether a file is a notebook by its name."""
    return path.lower().endswith(SUFFIX)
