"""Places in the source that evaluation reaches.

A place is a libcst node together with the piece it is in; its line and column are computed only if
a finding needs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.syntax.pieces import Piece, Position


@dataclass(frozen=True)
class Place:
    """Somewhere in the source.

    Attributes:
        piece, node: the code at the place.
        via: for a place in another file, the call in the linted file that leads there.
        within: for a place in another file, the enclosing function.
    """

    piece: Piece
    node: cst.CSTNode
    via: Place | None = None
    within: str = ""

    def position(self) -> Position:
        """Where it starts in the linted file; a tuple, as in ``ast``, at its parenthesis."""
        if self.via is not None:
            return self.via.position()
        parentheses = getattr(self.node, "lpar", ())
        if parentheses and type(self.node).__name__ == "Tuple":
            return self.piece.position(parentheses[-1])
        return self.piece.position(self.node)

    def end(self) -> Position:
        """The position after its last character; for a compound statement, after its header."""
        if self.via is not None:
            return self.via.end()
        parentheses = getattr(self.node, "rpar", ())
        if parentheses and type(self.node).__name__ == "Tuple":
            return self.piece.end(parentheses[0])
        from estimator_lint.syntax.nodes import head

        last = head(self.node)
        if last is None:
            return self.piece.end_of_word(self.node, "except")
        return self.piece.end(last)
