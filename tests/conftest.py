"""Settings of all tests."""

from __future__ import annotations

import os

#: Tests change the program itself, and would get and leave findings of other programs.
os.environ["ESTIMATOR_LINT_NO_CACHE"] = "1"
