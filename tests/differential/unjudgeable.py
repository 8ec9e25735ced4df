"""Programs that executing cannot judge."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Unjudgeable(BaseException):
    """The right findings of this program can't be determined by executing it."""


@contextmanager
def skipped_without_columns() -> Iterator[None]:
    """A test of what can be judged is skipped where Python knows of no columns: before 3.11."""
    try:
        yield
    except Unjudgeable as reason:
        if sys.version_info >= (3, 11):
            raise
        pytest.skip(str(reason))
