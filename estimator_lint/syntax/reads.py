"""What an evaluation reads of a file, so that it is known when it would read the same again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from estimator_lint.syntax.pieces import Piece

#: What is asked of the index of a file, and about which name.
Question: TypeAlias = "tuple[str, str]"


@dataclass
class Reads:
    """What was read of a file.

    Attributes:
        pieces: its pieces.
        questions: what was asked of its index.
        is_complete: everything that was asked for could be read.
    """

    pieces: set[Piece] = field(default_factory=set)
    questions: set[Question] = field(default_factory=set)
    is_complete: bool = True

    def add(self, other: Reads) -> None:
        """Note that all that ``other`` has was read, too."""
        self.pieces |= other.pieces
        self.questions |= other.questions
        self.is_complete &= other.is_complete
