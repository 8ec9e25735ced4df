"""Fixes: a fix is a change of one file that removes a finding."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class FixKind(enum.Enum):
    """What a fix may change besides the fault."""

    #: Only the fault goes: what runs, and what each mode's spec holds, are otherwise the same.
    SAFE = "safe"
    #: The program behaves differently afterwards.
    UNSAFE = "unsafe"
    #: The user has to choose or complete it: it is never applied automatically.
    SHOWN = "shown"


@dataclass(frozen=True, order=True)
class Edit:
    """A range of a text with its replacement.

    Attributes:
        start_line, end_line: 1-based.
        start_column, end_column: 0-based, in code points; the end is exclusive.
        text: the new text; its line ends are those of the file.
    """

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    text: str

    @property
    def start(self) -> tuple[int, int]:
        """The line and column of the first replaced character."""
        return self.start_line, self.start_column

    @property
    def end(self) -> tuple[int, int]:
        """The line and column after the last replaced character."""
        return self.end_line, self.end_column


@dataclass(frozen=True)
class Fix:
    """A change that removes a finding.

    Attributes:
        title: what it does, as an imperative without a full stop.
        kind: what it may change besides the fault.
        edits: in one file, in the order of their places, not overlapping.
    """

    title: str
    kind: FixKind
    edits: tuple[Edit, ...]
