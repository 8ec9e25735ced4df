"""Fixes for MFN002, and comments that silence any finding."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator, Sequence

from estimator_lint.findings import Finding
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.text_edits import line_edit
from estimator_lint.noqa_comments import (
    UNUSED_NOQA,
    NoqaComment,
    Silencer,
    noqa_comments,
    unused_codes,
)

_COMMENT_BEFORE = re.compile(r"# noqa:\s?\Z", re.IGNORECASE)


def silencing(lines: Sequence[str], findings: Sequence[Finding]) -> list[Edit | None]:
    """For each finding, a comment that silences it, or more of the one that is on its line.

    None if there is no room for one, or the finding is about a comment.

    Args:
        lines: the lines of the file, with their ends.
        findings: findings in it.
    """
    if not findings:
        return []
    try:
        silencer = Silencer(lines)
    except (SyntaxError, tokenize.TokenError):
        return [None] * len(findings)
    return [_silencing(lines, silencer, finding) for finding in findings]


def _silencing(lines: Sequence[str], silencer: Silencer, finding: Finding) -> Edit | None:
    after = silencer.silenced(finding.line, [finding.code])
    if finding.code == UNUSED_NOQA or after is None:
        return None
    number = silencer.line_for(finding.line)
    return line_edit(number, lines[number - 1].rstrip("\r\n"), after)


def _removed(case: Case) -> Iterator[Proposal]:
    """Remove the unused codes from a comment."""
    lines = [f"{line}\n" for line in case.index.source.lines]
    for comment in noqa_comments(lines):
        if comment.line == case.finding.line and any(
            column == case.finding.column for _, column in comment.codes
        ):
            found = [each for each in case.analysis.findings if each.code != UNUSED_NOQA]
            unused = unused_codes(comment, found, case.analysis.settings)
            left = [code for code, column in comment.codes if (code, column) not in unused]
            edit = _shorter(case, comment, left) if left else _without(case, comment)
            if edit is not None:
                yield Proposal("Remove the unused codes", FixKind.SAFE, (edit,))


def _shorter(case: Case, comment: NoqaComment, left: list[str]) -> Edit:
    """The comment with fewer codes."""
    start, end = _codes(comment)
    (first, at), (_, second), *_ = comment.codes
    separator = case.index.source.lines[comment.line - 1][at + len(first) : second]
    return Edit(comment.line, start, comment.line, end, separator.join(left))


def _without(case: Case, comment: NoqaComment) -> Edit | None:
    """The line without the comment; other text of the comment is kept."""
    text = case.index.source.lines[comment.line - 1]
    start, end = _codes(comment)
    found = _COMMENT_BEFORE.search(text, 0, start)
    if found is None:
        return None
    before, rest = text[: found.start()], text[end:]
    if not rest.strip() and not before.strip():
        if comment.line < len(case.index.source.lines):
            return Edit(comment.line, 0, comment.line + 1, 0, "")
        return Edit(comment.line, 0, comment.line, len(text), "")
    if not rest.strip():
        return Edit(comment.line, len(before.rstrip()), comment.line, len(text), "")
    kept = rest.lstrip()
    if not kept.startswith("#"):
        return Edit(comment.line, found.start(), comment.line, end, "#")
    return Edit(comment.line, found.start(), comment.line, len(text) - len(kept), "")


def _codes(comment: NoqaComment) -> tuple[int, int]:
    """Where the codes of a comment start and end."""
    last, column = comment.codes[-1]
    return comment.codes[0][1], column + len(last)


SILENCING_FIXERS = (Fixer(UNUSED_NOQA, _removed),)
