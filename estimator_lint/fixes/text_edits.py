"""Applying edits to a text: everything outside of them is kept, character by character."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Final

from estimator_lint.fixes.fix import Edit

#: Python's line ends; ``str.splitlines`` splits at more characters than Python does.
LINE_END: Final = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARK: Final = "\ufeff"


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits applied, which don't overlap."""
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    rest = text[len(mark) :]
    starts = [0, *(end.end() for end in LINE_END.finditer(rest))]
    parts: list[str] = [mark]
    done = 0
    for edit in sorted(edits):
        start = starts[edit.start_line - 1] + edit.start_column
        parts += (rest[done:start], edit.text)
        done = starts[edit.end_line - 1] + edit.end_column
    parts.append(rest[done:])
    return "".join(parts)


def line_edit(number: int, before: str, after: str) -> Edit:
    """A minimal edit that turns a line into another one.

    Args:
        number: the number of the line, 1-based.
        before: the line without its end.
        after: the new line.
    """
    shorter = min(len(before), len(after))
    same = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    rest = 0
    while rest < shorter - same and before[-1 - rest] == after[-1 - rest]:
        rest += 1
    text = after[same : len(after) - rest]
    return Edit(number, same, number, len(before) - rest, text)


def before_edits(text: str, first: Iterable[Edit], second: Iterable[Edit]) -> list[Edit] | None:
    """Edits of an already edited text, as edits of the original text.

    Args:
        text: the original text.
        first: the edits already applied to it.
        second: edits of the result.

    Returns:
        The second edits; None if they change text that the first ones inserted.
    """
    places = _Places(text)
    after = _Places(apply_edits(text, first))
    done = [(places.offset(edit.start), places.offset(edit.end), edit.text) for edit in first]
    found: list[Edit] = []
    for edit in second:
        start = _origin(after.offset(edit.start), sorted(done))
        end = _origin(after.offset(edit.end), sorted(done))
        if start is None or end is None:
            return None
        found.append(Edit(*places.place(start), *places.place(end), edit.text))
    return None if overlap(first, found) else found


def _origin(offset: int, done: Iterable[tuple[int, int, str]]) -> int | None:
    """The original place of a place; None if edits inserted it."""
    shift = 0
    for start, end, text in done:
        if offset <= start + shift:
            break
        if offset < start + shift + len(text):
            return None
        shift += len(text) - (end - start)
    return offset - shift


class _Places:
    """Offsets into a text, without its byte order mark, and lines and columns."""

    def __init__(self, text: str) -> None:
        rest = text.removeprefix(_BYTE_ORDER_MARK)
        self._starts = [0, *(end.end() for end in LINE_END.finditer(rest))]

    def offset(self, place: tuple[int, int]) -> int:
        """The offset of a 1-based line and a 0-based column."""
        return self._starts[place[0] - 1] + place[1]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]


def overlap(one: Iterable[Edit], others: Iterable[Edit]) -> bool:
    """Whether edits change or touch what other edits change."""
    return any(a.start <= b.end and b.start <= a.end for a in one for b in others)


def line_end_of(text: str) -> str:
    """The line end of a text's first line; a newline if there is only one line."""
    found = LINE_END.search(text)
    return found[0] if found else "\n"


def with_line_ends(edit: Edit, line_end: str) -> Edit:
    """An edit whose new text has the line ends of its file."""
    text = edit.text.replace("\n", line_end)
    return Edit(edit.start_line, edit.start_column, edit.end_line, edit.end_column, text)


class MovedLines:
    """The origins of a text's lines after edits.

    Args:
        text: the text before.
        edits: the applied edits; their new text may have any line ends.
    """

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        self._lines = LINE_END.split(text.removeprefix(_BYTE_ORDER_MARK))
        self._edits = sorted(edits)

    def origins(self) -> Mapping[int, int]:
        """For each line of the new text, its number in the old one.

        Inserted lines are left out.
        """
        found: dict[int, int] = {}
        old = new = 1
        for edit in self._edits:
            while old < edit.start_line:
                found[new] = old
                old, new = old + 1, new + 1
            replaced = edit.end_line - edit.start_line
            brought = len(LINE_END.findall(edit.text))
            if edit.start_column or brought <= replaced:
                found[new] = old
            if brought == replaced:
                for offset in range(1, replaced):
                    found[new + offset] = old + offset
            old, new = old + replaced, new + brought
            if not self._ends_with(edit):
                found[new] = old
        while old < len(self._lines):
            old, new = old + 1, new + 1
            found[new] = old
        return found

    def _ends_with(self, edit: Edit) -> bool:
        """Whether an edit only adds lines after a line."""
        added = edit.start == edit.end and LINE_END.search(edit.text) is not None
        return added and 0 < edit.end_column == len(self._lines[edit.end_line - 1])
