"""Repairs of findings, and comments that silence them, computed in the evaluating process."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from estimator_lint.findings import Finding
from estimator_lint.fixes import Edit, FileFixes, FixKind
from estimator_lint.fixes.fixers.silencing import silencing
from estimator_lint.language_server.outcomes import Change, Repair
from estimator_lint.notebooks.module import Notebook

_LINE_END = re.compile(r"\r\n|\r|\n")


#: A suffix for the titles of unsafe fixes.
_NOTES: Final = {
    FixKind.SAFE: "",
    FixKind.UNSAFE: " (changes behaviour)",
    FixKind.SHOWN: " (to be completed)",
}


def repairs_of(fixes: FileFixes, finding: Finding) -> Iterator[Repair]:
    """The repairs of a finding in a text."""
    for number, fix in enumerate(fixes.proved(finding)):
        is_safe = fix.kind is FixKind.SAFE
        yield Repair(
            f"{fix.title}{_NOTES[fix.kind]}",
            tuple(map(_change, fix.edits)),
            is_safe=is_safe,
            is_preferred=number == 0 and is_safe,
        )


def comments_for(lines: Sequence[str], findings: Sequence[Finding]) -> Iterator[Change | None]:
    """For each finding, the change that silences it by a comment, if there is room for one.

    Args:
        lines: the lines of the module, with their ends.
        findings: findings in it.
    """
    for comment in silencing(lines, findings):
        yield None if comment is None else _change(comment)


def _change(edit: Edit) -> Change:
    return Change(edit.start_line, edit.start_column, edit.end_line, edit.end_column, edit.text)


def text_edits(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """The changes that turn a text into another, both given as lines with their ends."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        text = "".join(after[new_start:new_end])
        if end < len(before) or (before and before[-1].endswith(("\n", "\r"))):
            yield Change(start + 1, 0, end + 1, 0, text)
        elif end:  # the last line, which has no end
            first = min(start, end - 1)
            column = 0 if start < end else len(before[first])
            yield Change(first + 1, column, end, len(before[end - 1]), text)
        else:
            yield Change(1, 0, 1, 0, text)


def can_be_made(edits: Iterable[Change], notebook: Notebook, texts: Mapping[int, str]) -> bool:
    """Whether edits of a notebook's module can be made in its cells.

    They can't if they cross a cell boundary, or touch text that the module has in place of
    IPython's syntax.

    Args:
        edits: the edits.
        notebook: the module.
        texts: the texts of the cells, by cell number.
    """
    for edit in edits:
        first, last = notebook.place(edit.start_line), notebook.place(edit.end_line)
        if first.cell != last.cell:
            return False
        own = _LINE_END.split(texts[first.cell])[first.line - 1 : last.line]
        of_module = notebook.lines[edit.start_line - 1 : edit.end_line]
        if own != [line.rstrip("\n") for line in of_module]:
            return False
    return True
