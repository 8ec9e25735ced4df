"""What formats tell about a code besides a finding's message."""

from __future__ import annotations

import functools
import os

from estimator_lint.rules import RULES, Rule


@functools.cache
def rules_by_code() -> dict[str, Rule]:
    """The rule of each code, in the order of the codes."""
    codes = {code: rule for rule in RULES for code in rule.codes}
    return dict(sorted(codes.items()))


def is_possible(code: str) -> bool:
    """Whether a code says that something holds on some paths only."""
    return code == rules_by_code()[code].possible_code


def slashed(path: str) -> str:
    """A path for programs: with slashes, and without a leading ``./``."""
    return os.path.normpath(path).replace(os.sep, "/")
