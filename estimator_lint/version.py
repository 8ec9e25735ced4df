"""The version of the package: the only place where it is set."""

import importlib.util
from importlib.machinery import EXTENSION_SUFFIXES

VERSION = "0.1.0"


def is_compiled() -> bool:
    """Whether evaluation runs as native modules, which only some wheels have."""
    spec = importlib.util.find_spec("estimator_lint.domain.bounds")
    return str(spec and spec.origin).endswith(tuple(EXTENSION_SUFFIXES))


def shown_version() -> str:
    """The version, and whether it is compiled."""
    return f"{VERSION} (compiled)" if is_compiled() else VERSION
