"""Fixes for people: what each changes, line by line, and which option makes it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from estimator_lint.fixes.fix import Fix, FixKind
from estimator_lint.fixes.text_edits import LINE_END, apply_edits
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings

#: Remarks about a fix besides its title.
_NOTES: Final = {
    FixKind.SAFE: "safe: --fix makes this change",
    FixKind.UNSAFE: "changes behavior: --fix --unsafe-fixes makes this change",
    FixKind.SHOWN: "for you to decide: never made automatically",
}


def heading(fix: Fix) -> str:
    """The title of a fix, and which option applies it."""
    return f"{printable(fix.title)} ({_NOTES[fix.kind]})"


def changed_lines(file: FileFindings, fix: Fix) -> Iterator[tuple[int | None, str, str]]:
    """The lines that a fix changes, in their order.

    Each with its number, 1-based, None for a new one; with ``-`` or ``+``, and its text.
    """
    before = [line.rstrip("\n") for line in file.lines]
    edits = [replace(edit, text="\n".join(LINE_END.split(edit.text))) for edit in fix.edits]
    after = apply_edits("\n".join(before), edits).split("\n")
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            for number in range(start, end):
                yield number + 1, "-", before[number]
            for line in after[new_start:new_end]:
                yield None, "+", line
