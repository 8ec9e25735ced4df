"""``--add-noqa``: comments that silence what was found, written into the files."""

from __future__ import annotations

import os
import tokenize
from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.checking import Problem
from estimator_lint.command_line.output import tell
from estimator_lint.command_line.rewriting import rewritable
from estimator_lint.fixes.fix import Edit
from estimator_lint.noqa_comments import UNUSED_NOQA, Silencer

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings, Report


def add_noqa(report: Report) -> None:
    """Silence all findings of a report, each at its line; what can't be is a problem of it."""
    files = findings = 0
    changed: set[str] = set()
    for file in report.files:
        file = without_unused(file)
        real = os.path.realpath(file.path)
        if not file.findings or real in changed:  # under another name
            continue
        try:
            _rewrite(file)
        except (OSError, ValueError, SyntaxError, tokenize.TokenError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            report.failed(Problem(file.path, f"no comment added: {reason}", was_checked=True))
        else:
            changed.add(real)
            files += 1
            findings += len(file.findings)
    noun = "finding" if findings == 1 else "findings"
    tell(f"{findings} {noun} silenced in {files} file{'s' * (files != 1)}")


def without_unused(file: FileFindings) -> FileFindings:
    """The findings that a comment may silence: not those about comments without effect."""
    kept = tuple(finding for finding in file.findings if finding.code != UNUSED_NOQA)
    return replace(file, findings=kept)


def _rewrite(file: FileFindings) -> None:
    target = rewritable(file)
    edits = []
    silencer = Silencer(file.lines)
    for line, codes in _codes_by_line(file, silencer).items():
        before = file.lines[line - 1].rstrip("\r\n")
        after = silencer.silenced(line, codes)
        if after is None:
            raise ValueError(f"a string in line {file.line(line)} looks like a # noqa comment")
        edits.append(Edit(line, 0, line, len(before), after))
    edited = target.editable.edited(edits)
    if edited is None:
        raise ValueError("a line of the cell is not Python")
    target.write(edited)


def _codes_by_line(file: FileFindings, silencer: Silencer) -> dict[int, list[str]]:
    """For each line that gets a comment the codes in it."""
    codes: dict[int, list[str]] = {}
    for finding in file.findings:
        line = silencer.line_for(finding.line)
        if finding.code not in codes.setdefault(line, []):
            codes[line].append(finding.code)
    return codes
