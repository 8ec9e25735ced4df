"""What the evaluations of the modes record to be compared."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.values.values import Value

#: A test, and the number of the symbolic value whose truth it asks for, or ``ANY_VALUE``.
ChosenTest: TypeAlias = "tuple[cst.CSTNode, int]"
ANY_VALUE: Final = 0


@dataclass
class ComparedModes:
    """The record of one mode, and what the comparison of an earlier one has shown.

    A moment is how many values had been given then.

    Attributes:
        chosen: the tests whose outcomes follow from the mode, in a way that is unknown.
        tested: for each test the values whose truth it asked for, by what tells them apart.
        given: for an object or class, what tells the values apart that it was given, with the
            moment from which on it had each.
        moment: the present one.
        is_outside: code outside of the model function is evaluated, which is the same in all modes
            whenever one asks for it.
    """

    chosen: frozenset[ChosenTest] = frozenset()
    tested: dict[cst.CSTNode, dict[Hashable, Value]] = field(default_factory=dict)
    given: dict[Hashable, dict[Hashable, int]] = field(default_factory=dict)
    moment: int = 0
    is_outside: bool = False
    _last_tests: dict[cst.CSTNode, int] = field(default_factory=dict)

    def is_chosen(self, node: cst.CSTNode, number: int) -> bool:
        """Whether the outcome of a test, for the value of that number, follows from the mode."""
        return bool(self.chosen) and (
            (node, number) in self.chosen or (node, ANY_VALUE) in self.chosen
        )

    def note_test(self, node: cst.CSTNode, identity: Hashable, value: Value) -> None:
        """Record that a test asks for the truth of a value."""
        self.tested.setdefault(node, {})[identity] = value
        self._last_tests[node] = self.moment

    def note_given(self, to: Hashable, identities: Iterable[Hashable], *, repeats: bool) -> None:
        """Record what an object or class is given; ``repeats``: by code that may run again."""
        if self.is_outside:
            return
        given = self.given.setdefault(to, {})
        for identity in identities:
            if identity not in given:
                given[identity] = -1 if repeats else self.moment
        self.moment += 1

    def last_test(self, node: cst.CSTNode) -> int:
        """The moment of the last run of a test; that of the next test, if it was never run."""
        return self._last_tests.get(node, self.moment)
