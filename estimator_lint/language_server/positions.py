r"""Places in a text: the linter's lines and code points, and the client's units.

Lines end where they do for Python and LSP: at ``\n``, ``\r\n`` and ``\r``; not at form feeds or
U+2028, where ``str.splitlines`` would end them.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import Final

_LINE_END = re.compile(r"\r\n|\r|\n")
_BOM: Final = "\ufeff"


class PositionEncoding(enum.Enum):
    """The units in which a client counts the characters of a line."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"

    @property
    def units(self) -> Callable[[str], int]:
        """The length of a text in units."""
        return _UNITS[self]


def _utf_8_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _utf_16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


_UNITS: Final = {
    PositionEncoding.UTF8: _utf_8_units,
    PositionEncoding.UTF16: _utf_16_units,
    PositionEncoding.UTF32: len,
}


class LineTable:
    """The lines of a text.

    Offsets are in code points. A position outside of the text or of a line means its end, and one
    within a character means the character's beginning.

    Args:
        text: the text.
        encoding: the client's units.
    """

    def __init__(self, text: str, encoding: PositionEncoding) -> None:
        self._text = text
        self._encoding = encoding

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self._text))]

    @property
    def count(self) -> int:
        """The number of lines; the last one may be empty."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """A 0-based line without its end; empty after the last one."""
        if not 0 <= number < self.count:
            return ""
        last = number + 1 == self.count
        end = len(self._text) if last else self._starts[number + 1]
        line = self._text[self._starts[number] : end]
        return line if last else line.rstrip("\r\n")

    def code(self, number: int) -> str:
        """A 0-based line as the linter sees it, without its end and the byte order mark."""
        line = self.line(number)
        return line.removeprefix(_BOM) if number == 0 else line

    def offset(self, line: int, character: int) -> int:
        """The offset of a position of the client: 0-based line, units in it."""
        if line >= self.count:
            return len(self._text)
        if line < 0:
            return 0
        return self._starts[line] + self.column(line, character)

    def column(self, line: int, character: int) -> int:
        """The 0-based column in code points of a position of the client."""
        text = self.line(line)
        if character <= 0:
            return 0
        if text.isascii() or self._encoding is PositionEncoding.UTF32:
            return min(character, len(text))
        units = self._encoding.units
        column = 0
        for letter in text:
            character -= units(letter)
            if character < 0:
                break
            column += 1
        return column

    def position(self, line: int, column: int) -> tuple[int, int]:
        """The client's position of a 1-based line and a 0-based column, as the linter has them.

        The linter does not see the byte order mark with which a text may begin.
        """
        number = min(max(line - 1, 0), self.count - 1)
        text = self.line(number)
        if line - 1 > number:
            column = len(text)
        elif number == 0 and text.startswith(_BOM):
            column += 1
        return number, self._encoding.units(text[: max(column, 0)])

    def place(self, line: int, character: int) -> tuple[int, int]:
        """The linter's 1-based line and 0-based column of a position of the client."""
        number = min(max(line, 0), self.count - 1)
        column = self.column(number, character)
        if number == 0 and self._text.startswith(_BOM):
            column = max(column - 1, 0)
        return number + 1, column

    def position_at(self, offset: int) -> tuple[int, int]:
        """The client's position of an offset."""
        number = bisect_right(self._starts, min(max(offset, 0), len(self._text))) - 1
        before = self._text[self._starts[number] : offset]
        return number, self._encoding.units(before)

    def end_of_line(self, line: int) -> tuple[int, int]:
        """The client's position of the end of a 1-based line."""
        number = min(max(line - 1, 0), self.count - 1)
        return number, self._encoding.units(self.line(number))
