"""``--add-noqa``: comments that silence what was found, written into the files."""

from __future__ import annotations

import io
import os
import re
import tokenize
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.checking import Problem, lines_of
from estimator_lint.command_line.output import tell
from estimator_lint.command_line.replacing import replace_file
from estimator_lint.noqa_comments import UNUSED_NOQA, line_ends

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings, Report

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LISTED = re.compile(r"# noqa:\s?[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*", re.IGNORECASE)


def add_noqa(report: Report) -> None:
    """Silence all findings of a report, each at its line; what can't be is a problem of it."""
    files = findings = 0
    for file in report.files:
        file = without_unused(file)
        if not file.findings:
            continue
        try:
            _rewrite(file)
        except (OSError, ValueError, SyntaxError, tokenize.TokenError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            report.failed(Problem(file.path, f"no comment added: {reason}", was_read=False))
        else:
            files += 1
            findings += len(file.findings)
    noun = "finding" if findings == 1 else "findings"
    tell(f"{findings} {noun} silenced in {files} file{'s' * (files != 1)}")


def without_unused(file: FileFindings) -> FileFindings:
    """The findings that a comment may silence: not those about comments without effect."""
    kept = tuple(finding for finding in file.findings if finding.code != UNUSED_NOQA)
    return replace(file, findings=kept)


def _rewrite(file: FileFindings) -> None:
    if file.notebook is not None:
        raise ValueError("it is a notebook; use a baseline")
    if not os.path.isfile(file.path):
        raise ValueError("it is no file")
    with open(file.path, "rb") as stream:
        data = stream.read()
    if lines_of(data) != list(file.lines):
        raise ValueError("it changed in the meantime")
    encoding = _encoding_of(data)
    text = data.decode(encoding)
    lines = _LINE.findall(text)
    for line, codes in _codes_by_line(file).items():
        lines[line - 1] = _silenced(lines[line - 1], codes)
    replace_file(file.path, "".join(lines).encode(encoding))


def _encoding_of(data: bytes) -> str:
    """The encoding in which ``lines_of`` reads a file."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        data.decode(encoding)
    except (LookupError, SyntaxError, UnicodeError):
        return "latin-1"
    return encoding


def _codes_by_line(file: FileFindings) -> dict[int, list[str]]:
    """For each line that gets a comment the codes in it."""
    ends = line_ends(file.lines)
    codes: dict[int, list[str]] = {}
    for finding in file.findings:
        line = ends.get(finding.line, finding.line)
        if finding.code not in codes.setdefault(line, []):
            codes[line].append(finding.code)
    return codes


def _silenced(line: str, codes: Sequence[str]) -> str:
    """A line with a comment that silences the codes; one that is there is made longer."""
    body = line.rstrip("\r\n")
    end = line[len(body) :]
    listed = _LISTED.search(body)
    if listed is not None:
        more = ",".join(codes)
        return f"{body[: listed.end()]},{more}{body[listed.end() :]}{end}"
    return f"{body}  # noqa: {','.join(codes)}{end}"
