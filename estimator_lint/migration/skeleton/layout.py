"""Laying out the text of a skeleton: lines of at most 88 columns, as formatters do it."""

from __future__ import annotations


def formatted(text: str) -> str:
    """The text laid out."""
    return text
