"""Correlated conditions: one outcome may constrain another.

This records the subjects of the tests of an evaluation, and which tests have been made.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from estimator_lint.domain.values.values import SymbolicValue, Value

#: The topic of a test: a symbolic value, by its number, or the item under a key in one.
Topic: TypeAlias = "int | tuple[int, Hashable]"

#: The same before evaluation: a value, or one with a key.
Part: TypeAlias = "Value | tuple[Value, Value]"


@dataclass
class CorrelatedConditions:
    """What is known about the tests of one evaluation; symbolic values are given by their numbers.

    Attributes:
        parts: for the result of a comparison or the like, the values that it constrains.
        topics: the topics of tests of a symbolic value.
        asked: the symbolic values that a test has asked about, by topic.
        constants: the constants that a symbolic value was compared with, without None.
        type_tests: for a symbolic value, the tests for builtin types.
        typed: for such a test, the symbolic value.
        ordered: for a test of order, the symbolic values that it compares.
        least_unless: for a number, the tests that it is less than some integer, or at most that,
            with the least that it is if such a test fails.
        settled: for each statement or call that is being evaluated, the topics of the enclosing
            tests, which have the same outcome on all paths that reach this point.
        exclusions: for each test that ruled out a constant, the values that it is not; with a minus
            sign those of which a test of order or type ruled out some.
        chain_began: how many of these there were at the beginning of the ``if`` statement.
        test_began: the same at the beginning of its present test.
    """

    parts: dict[int, tuple[Part, ...]] = field(default_factory=dict)
    topics: dict[int, frozenset[Topic]] = field(default_factory=dict)
    asked: dict[Topic, dict[int, None]] = field(default_factory=dict)
    constants: dict[int, set[Hashable]] = field(default_factory=dict)
    type_tests: dict[int, dict[int, tuple[type, ...]]] = field(default_factory=dict)
    typed: dict[int, SymbolicValue] = field(default_factory=dict)
    ordered: dict[int, tuple[SymbolicValue, ...]] = field(default_factory=dict)
    least_unless: dict[int, dict[int, int]] = field(default_factory=dict)
    settled: list[set[int]] = field(default_factory=lambda: [set()])
    exclusions: list[tuple[int, ...]] = field(default_factory=list)
    chain_began: int = 0
    test_began: int = 0

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Forget at the end of the block what was settled inside it."""
        depth = len(self.settled)
        self.settled.append(set())
        try:
            yield
        finally:
            del self.settled[depth:]

    def settle_on(self) -> None:
        """Keep settled, after the current statement, what it has settled."""
        self.settled[-2] |= self.settled[-1]
