"""Applying edits to a text: what they do not name stays as it is, character by character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from estimator_lint.fixes.fix import Edit

#: Python's line ends; ``str.splitlines`` knows more of them than Python does.
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARK: Final = "\ufeff"


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits applied, which don't overlap."""
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    rest = text[len(mark) :]
    starts = [0, *(end.end() for end in _LINE_END.finditer(rest))]
    parts: list[str] = [mark]
    done = 0
    for edit in sorted(edits):
        start = starts[edit.start_line - 1] + edit.start_column
        parts += (rest[done:start], edit.text)
        done = starts[edit.end_line - 1] + edit.end_column
    parts.append(rest[done:])
    return "".join(parts)


def overlap(one: Iterable[Edit], others: Iterable[Edit]) -> bool:
    """Whether edits change or touch what other edits change."""
    return any(a.start <= b.end and b.start <= a.end for a in one for b in others)


def line_end_of(text: str) -> str:
    """How the first line of a text ends; a newline where it has only one line."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def with_line_ends(edit: Edit, line_end: str) -> Edit:
    """An edit whose new text has the line ends of its file."""
    text = edit.text.replace("\n", line_end)
    return Edit(edit.start_line, edit.start_column, edit.end_line, edit.end_column, text)


class MovedLines:
    """Where the lines of a text come from after edits were applied to it.

    Args:
        edits: those that were applied; their new text may have any line ends.
    """

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._edits = sorted(edits)

    def origins(self, count: int) -> Mapping[int, int]:
        """For each of the first ``count`` lines of the new text, the line that it was before.

        Lines that only the edits brought are left out.
        """
        found: dict[int, int] = {}
        old = new = 1
        for edit in self._edits:
            while old < edit.start_line:
                found[new] = old
                old, new = old + 1, new + 1
            replaced = edit.end_line - edit.start_line
            brought = len(_LINE_END.findall(edit.text))
            if not (edit.start_column == 0 and brought > replaced):
                found[new] = old
            if brought == replaced:
                for offset in range(1, replaced):
                    found[new + offset] = old + offset
            old, new = old + replaced, new + brought
            found[new] = old
        while new < count:
            found[new] = old
            old, new = old + 1, new + 1
        found[new] = old
        return found
