"""Comments ``# noqa: MFN103`` of a file, and the lines for which each counts.

A comment counts for its line, as flake8 has it: lines that a string or a backslash joins
are one.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from estimator_lint.findings import Finding
from estimator_lint.settings import Settings

PREFIX = "MFN"
UNUSED_NOQA = "MFN002"

_NOQA = re.compile(
    r"# noqa:\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)(?![A-Z0-9])", re.IGNORECASE
)
_LISTED = re.compile(r"# noqa:\s?[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)
_LAYOUT = frozenset({tokenize.ENDMARKER, tokenize.DEDENT})


@dataclass(frozen=True)
class NoqaComment:
    """A comment that silences codes.

    Attributes:
        line: 1-based.
        codes: those it lists, each with its 0-based column.
        covers: the lines for which it counts.
    """

    line: int
    codes: tuple[tuple[str, int], ...]
    covers: range


def may_have_noqa(text: str) -> bool:
    """Whether a text may have a comment that silences one of our codes."""
    return "noqa:" in text.lower() and PREFIX in text.upper()


def noqa_comments(lines: Sequence[str]) -> Iterator[NoqaComment]:
    """The comments that list codes; none of a file that can't be taken apart."""
    try:
        tokens = list(tokenize.generate_tokens(iter([*lines, ""]).__next__))
    except (tokenize.TokenError, SyntaxError):
        return
    for comments, covered in _joined_lines(tokens):
        for comment in comments:
            noqa = _NOQA.search(comment.string)
            if noqa is not None:
                start = comment.start[1] + noqa.start("codes")
                codes = tuple(
                    (code[0], start + code.start()) for code in _CODE.finditer(noqa["codes"])
                )
                yield NoqaComment(comment.start[0], codes, covered)


class Silencer:
    """Adds comments to lines; of lines that are one, to the last.

    Args:
        lines: those of the file, with their ends.

    Raises:
        SyntaxError, tokenize.TokenError: the lines are no Python.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._covered: dict[int, range] = {}
        self._columns: dict[int, int] = {}
        tokens = tokenize.generate_tokens(iter([*lines, ""]).__next__)
        for comments, covered in _joined_lines(tokens):
            self._covered.update(dict.fromkeys(covered, covered))
            self._columns.update(comment.start for comment in comments)

    def line_for(self, line: int) -> int:
        """The line with the comment that counts for a line."""
        return self._covered[line][-1] if line in self._covered else line

    def silenced(self, line: int, codes: Sequence[str]) -> str | None:
        """That line, without its end, with a comment that silences the codes.

        A comment that is there is made longer.  None if there is no way: flake8 takes the first
        text that looks like such a comment, even if it is in a string.
        """
        for number in self._covered.get(line, (line,)):
            body = self._lines[number - 1].rstrip("\r\n")
            listed = _LISTED.search(body)
            if listed is not None:
                if listed.start() < self._columns.get(number, len(body)):
                    return None
                rest = body[listed.end() :]
                apart = " " * rest[:1].isalnum()
                return f"{body[: listed.end()]},{','.join(codes)}{apart}{rest}"
        return f"{body}  # noqa: {','.join(codes)}"


def _joined_lines(
    tokens: Iterable[tokenize.TokenInfo],
) -> Iterator[tuple[list[tokenize.TokenInfo], range]]:
    """The comments of each line, and the numbers of the lines that are one with it."""
    comments: list[tokenize.TokenInfo] = []
    first, last = 0, 0
    for token in tokens:
        if token.type in _LAYOUT:
            continue
        first = first or token.start[0]
        last = max(last, token.end[0])
        if token.type == tokenize.COMMENT:
            comments.append(token)
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            yield comments, range(first, last + 1)
            comments, first, last = [], 0, 0


def unused_noqa(
    lines: Sequence[str], findings: Sequence[Finding], settings: Settings
) -> Iterator[Finding]:
    """A finding for each comment that lists codes of ours which its line does not have."""
    for comment in noqa_comments(lines):
        unused = unused_codes(comment, findings, settings)
        if unused:
            codes = ", ".join(code for code, _ in unused)
            last_code, last_column = unused[-1]
            yield Finding(
                comment.line,
                unused[0][1],
                UNUSED_NOQA,
                f"unused noqa: {codes}",
                end_line=comment.line,
                end_column=last_column + len(last_code),
            )


def unused_codes(
    comment: NoqaComment, findings: Iterable[Finding], settings: Settings
) -> list[tuple[str, int]]:
    """The codes of ours that a comment lists for nothing, each with its column."""
    found = [finding.code for finding in findings if finding.line in comment.covers]
    return [
        (code, column)
        for code, column in comment.codes
        if _is_ours(code, settings) and not any(each.startswith(code.upper()) for each in found)
    ]


def _is_ours(code: str, settings: Settings) -> bool:
    """Whether a code in a comment can be judged: some are only found with an option."""
    if not code.upper().startswith(PREFIX) or UNUSED_NOQA.startswith(code.upper()):
        return False
    return settings.tensorflow_version is not None or not "MFN901".startswith(code.upper())
