"""Settings of all tests."""

from __future__ import annotations

import gc
import os

#: Tests change the program itself, and would get and leave findings of other programs.
os.environ["ESTIMATOR_LINT_NO_CACHE"] = "1"


def pytest_collection_finish() -> None:
    """What collection made stays to the end: no collection of garbage has to go through it."""
    gc.collect()
    gc.freeze()
