"""Programs that execution cannot judge."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Unjudgeable(BaseException):
    """The correct findings for this program can't be determined by executing it."""


@contextmanager
def skipped_without_columns() -> Iterator[None]:
    """Skips tests that need columns in tracebacks, which Python has from 3.11 on."""
    try:
        yield
    except Unjudgeable as reason:
        if sys.version_info >= (3, 11):
            raise
        pytest.skip(str(reason))
