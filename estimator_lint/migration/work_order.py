"""The best order in which to migrate a project's model functions."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator

from estimator_lint.migration.migration_model import (
    FileReport,
    FunctionReport,
    Helper,
    WorkItem,
)


def in_order(files: Iterable[FileReport]) -> Iterator[WorkItem]:
    """The model functions, always the one with the fewest lines left to move.

    A helper that an earlier step moved is not counted for a later one.
    """
    left = [(file.path, function) for file in files for function in file.functions]
    users = Counter(
        key for _, function in left for key in {_key(helper) for helper in function.helpers}
    )
    ready: set[tuple[str, int]] = set()
    while left:
        path, function = min(left, key=lambda one: (_lines(one[1], ready), one[0], one[1].line))
        left.remove((path, function))
        shared = [helper for helper in function.helpers if users[_key(helper)] > 1]
        yield WorkItem(
            path,
            function,
            _lines(function, ready),
            tuple(helper for helper in shared if _key(helper) not in ready),
            tuple(helper for helper in shared if _key(helper) in ready),
        )
        ready |= {_key(helper) for helper in function.helpers}


def _key(helper: Helper) -> tuple[str, int]:
    return os.path.abspath(helper.path), helper.line


def _lines(function: FunctionReport, ready: set[tuple[str, int]]) -> int:
    """How many lines a function has with the helpers that are not ready."""
    return function.lines + sum(
        helper.lines for helper in function.helpers if _key(helper) not in ready
    )
