"""``python -m estimator_lint`` is ``estimator-lint``."""

from __future__ import annotations

import sys

from estimator_lint.command_line.main import main

if __name__ == "__main__":
    sys.exit(main())
