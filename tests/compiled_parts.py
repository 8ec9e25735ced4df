"""Tests that look into the evaluator, which compiled modules do not allow."""

from __future__ import annotations

import pytest

from estimator_lint.version import is_compiled

_REASON = "compiled modules call one another directly: what a test puts in their place is not used"

#: For tests that replace a class, function or bound of the evaluator.
replaces_parts = pytest.mark.skipif(is_compiled(), reason=_REASON)


def skip_if_compiled() -> None:
    """Skip the running test, which is about to replace a part of the evaluator."""
    if is_compiled():
        pytest.skip(_REASON)
