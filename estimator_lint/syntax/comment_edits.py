"""Edits that only change comments and empty lines: tokens at most move to another line."""

from __future__ import annotations

import functools
import io
import tokenize
from collections.abc import Iterator
from typing import Final, TypeAlias

_COMMENT: Final = "#"

#: Tokens that an edit of comments may add, change or remove.
_OF_NO_MEANING: Final = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER})

#: Tokens that follow a comment.
_OF_ENDS: Final = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})

#: A token apart from its lines, and these lines.
_Token: TypeAlias = "tuple[tuple[int, str, int, int], tuple[int, ...]]"


def moved_lines(old: str, new: str) -> dict[int, int] | None:
    """For each line with tokens, their line in another text with the same tokens.

    Lines are 1-based. None if the texts differ in more than comments and empty lines.
    """
    if not _may_be_alike(old.split("\n"), new.split("\n")):
        return None
    lines: dict[int, int] = {}
    try:
        pairs = zip(_tokens(old), _tokens(new), strict=True)
        for (token, before), (other, after) in pairs:
            if token != other:
                return None
            for line, moved in zip(before, after, strict=True):
                if lines.setdefault(line, moved) != moved:
                    return None
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    return lines


def _may_be_alike(old: list[str], new: list[str]) -> bool:
    """A quick check of the differing lines: False is certain."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return _code(old[start : len(old) - end]) == _code(new[start : len(new) - end])


def _code(lines: list[str]) -> list[str]:
    code = (line.partition(_COMMENT)[0].rstrip() for line in lines)
    return [line for line in code if line]


@functools.lru_cache(maxsize=2)  # the new text is the old one of the next edit
def _tokens(text: str) -> tuple[_Token, ...]:
    return tuple(_tokens_in_order(text))


def _tokens_in_order(text: str) -> Iterator[_Token]:
    for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
        if token.type in _OF_NO_MEANING:
            continue
        (line, column), (last_line, last_column) = token.start, token.end
        if token.type in _OF_ENDS:
            yield (token.type, "", 0, 0), ()
        else:
            yield (token.type, token.string, column, last_column), (line, last_line)
