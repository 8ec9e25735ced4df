"""The tests that a path passed, for people to read: evaluation never asks for them.

The tests form a linked list: a path refers to the last test that it passed, and each test to the
one before. So forking a path costs nothing, and a fact keeps the tests of its path alive.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from estimator_lint.domain.values.places import Place


class BranchHistory:
    """A test that a path passed.

    Attributes:
        before: the test that the path passed before it.
        place: the expression; the case of a ``match``; an ``except`` that was entered.
        outcome: whether it held.
        decided: the mode and the earlier tests left no other outcome.
        count: how many tests the path has passed.
        depth: the number of enclosing calls.
        aside: the function in which it was passed has returned since.
    """

    __slots__ = ("aside", "before", "count", "decided", "depth", "outcome", "place")

    def __init__(
        self,
        before: BranchHistory | None,
        place: Place,
        outcome: bool,
        decided: bool,
        depth: int = 0,
    ) -> None:
        self.before = before
        self.place = place
        self.outcome = outcome
        self.decided = decided
        self.depth = depth
        self.aside = False
        self.count: int = 1 if before is None else before.count + 1

    @property
    def identity(self) -> tuple[cst.CSTNode, bool]:
        """A key that is equal for the same test on another path."""
        return self.place.node, self.outcome

    def behind(self, before: BranchHistory | None, *, decided: bool | None = None) -> BranchHistory:
        """The same test with ``before`` as its predecessor."""
        settled = self.decided if decided is None else decided
        same = BranchHistory(before, self.place, self.outcome, settled, self.depth)
        same.aside = self.aside
        return same


def in_order(
    passed: BranchHistory | None,
    since: BranchHistory | None = None,
    *,
    most: float = math.inf,
) -> Iterator[BranchHistory]:
    """The tests that a path passed, the first one first.

    Those after ``since`` only, and if there are more than ``most``, the last ones.
    """
    tests: list[BranchHistory] = []
    while passed is not since and passed is not None and len(tests) < most:
        tests.append(passed)
        passed = passed.before
    return reversed(tests)


def set_aside(passed: BranchHistory | None, depth: int) -> BranchHistory | None:
    """The history of a path, with the last tests deeper than ``depth`` calls marked as aside."""
    since = passed
    while since is not None and since.depth > depth and not since.aside:
        since = since.before
    result = since
    for test in in_order(passed, since):
        result = test.behind(result)
        result.aside = True
    return result


def common(one: BranchHistory | None, other: BranchHistory | None) -> BranchHistory | None:
    """The common history of two paths: all up to where they part, and what both passed later.

    Of the tests after that place, the last ones are compared.
    """
    if one is other:
        return one
    start = _parting(one, other)
    ahead: dict[tuple[cst.CSTNode, bool], list[tuple[int, BranchHistory]]] = {}
    for position, test in enumerate(in_order(other, start, most=bounds.MAX_TESTS_COMPARED)):
        ahead.setdefault(test.identity, []).append((position, test))
    if not ahead:
        return start
    result, reached = start, -1
    for test in in_order(one, start, most=bounds.MAX_TESTS_COMPARED):
        for position, same in ahead.get(test.identity, ()):
            if position > reached:
                result = test.behind(result, decided=test.decided and same.decided)
                reached = position
                break
    return result


def _parting(one: BranchHistory | None, other: BranchHistory | None) -> BranchHistory | None:
    """The last test before two paths part."""
    while one is not other:
        if other is None or (one is not None and one.count >= other.count):
            assert one is not None
            one = one.before
        else:
            other = other.before
    return one
