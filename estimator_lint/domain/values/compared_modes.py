"""What the evaluations of the modes record to be compared."""

from __future__ import annotations

from collections.abc import Hashable
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

    Attributes:
        chosen: the tests whose outcomes follow from the mode, in a way that is unknown.
        tested: for each test the values whose truth it asked for, by what tells them apart.
        given: for an object or class, what tells the values apart that it was given.
    """

    chosen: frozenset[ChosenTest] = frozenset()
    tested: dict[cst.CSTNode, dict[Hashable, Value]] = field(default_factory=dict)
    given: dict[Hashable, set[Hashable]] = field(default_factory=dict)

    def is_chosen(self, node: cst.CSTNode, number: int) -> bool:
        """Whether the outcome of a test, for the value of that number, follows from the mode."""
        return bool(self.chosen) and (
            (node, number) in self.chosen or (node, ANY_VALUE) in self.chosen
        )
