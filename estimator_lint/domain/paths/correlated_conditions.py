"""What the tests of an evaluation are about, and which have been made."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from estimator_lint.domain.values.values import SymbolicValue, Value

#: What a test can be about: a symbolic value, by its number, or what stands under a key in one.
Topic: TypeAlias = "int | tuple[int, Hashable]"

#: The same before evaluation: a value, or one with a key.
Part: TypeAlias = "Value | tuple[Value, Value]"


@dataclass
class CorrelatedConditions:
    """What is known of the tests of one evaluation; symbolic values stand here by their numbers.

    Attributes:
        parts: of the result of a comparison or the like, what it tells something of.
        topics: what tests of a symbolic value are about.
        asked: by their topics, those of which a test has asked.
        constants: with which a symbolic value was compared; None is left out.
        type_tests: of a symbolic value, the tests whether it is of some builtin types.
        typed: of such a test, the symbolic value.
        settled: for each statement, or call, that is under way what the tests asked of that
            it stands under: they come out alike on all paths that come to where we are.
    """

    parts: dict[int, tuple[Part, ...]] = field(default_factory=dict)
    topics: dict[int, frozenset[Topic]] = field(default_factory=dict)
    asked: dict[Topic, dict[int, None]] = field(default_factory=dict)
    constants: dict[int, set[Hashable]] = field(default_factory=dict)
    type_tests: dict[int, dict[int, tuple[type, ...]]] = field(default_factory=dict)
    typed: dict[int, SymbolicValue] = field(default_factory=dict)
    settled: list[set[int]] = field(default_factory=lambda: [set()])

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Within, what is settled is so until the end."""
        depth = len(self.settled)
        self.settled.append(set())
        try:
            yield
        finally:
            del self.settled[depth:]

    def settle_on(self) -> None:
        """What the statement under way has settled stays so behind it."""
        self.settled[-2] |= self.settled[-1]
