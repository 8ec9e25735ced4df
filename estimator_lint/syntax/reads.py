"""A record of what an evaluation reads of a file, to tell whether it would read the same again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from estimator_lint.syntax.pieces import Piece

#: A question to the index of a file, and the name that it is about.
Question: TypeAlias = "tuple[str, str]"


@dataclass
class Reads:
    """The record of what was read of a file.

    Attributes:
        pieces: the pieces read.
        questions: the questions to its index.
        is_complete: everything that was requested could be read.
    """

    pieces: set[Piece] = field(default_factory=set)
    questions: set[Question] = field(default_factory=set)
    is_complete: bool = True

    def add(self, other: Reads) -> None:
        """Add everything that ``other`` has."""
        self.pieces |= other.pieces
        self.questions |= other.questions
        self.is_complete &= other.is_complete
