"""``python -m estimator_lint`` is ``estimator-lint``."""

from __future__ import annotations

import sys


def _leave_the_current_folder() -> None:
    """Import nothing from the folder that is linted, which Python puts first for ``-m``.

    A ``libcst.py`` there would be run in place of the library.
    """
    import os

    if not getattr(sys.flags, "safe_path", False) and sys.path[:1] in ([""], [os.getcwd()]):
        del sys.path[0]


if __name__ == "__main__":
    _leave_the_current_folder()

    from estimator_lint.program import main

    sys.exit(main())
