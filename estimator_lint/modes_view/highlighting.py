"""The lines of a file as runs of text, each with a CSS class for its colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String, _TokenType

from estimator_lint.printable import is_printable

_CSS: Final = {
    Comment: "comment",
    Keyword: "keyword",
    Operator.Word: "keyword",
    String: "string",
    Number: "number-literal",
    Literal: "string",
    Name.Function: "name",
    Name.Class: "name",
    Name.Decorator: "name",
    Name.Builtin: "builtin",
}


@dataclass(frozen=True)
class Run:
    """Text of one colour; ``css`` may be empty."""

    text: str
    css: str


def visible(text: str) -> str:
    """``text`` with invisible characters, which could mislead, written out."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if character in "\t\n" or is_printable(character):
        return character
    return chr(0x2400 + code) if code < 0x20 else f"[U+{code:04X}]"


def highlighted(lines: Sequence[str]) -> list[list[Run]]:
    """The runs of each line; joined, they are the text of the line."""
    result: list[list[Run]] = [[]]
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for _, kind, text in lexer.get_tokens_unprocessed("\n".join(map(visible, lines))):
        first, *others = text.split("\n")
        _append(result[-1], first, kind)
        for other in others:
            result.append([])
            _append(result[-1], other, kind)
    return result


def _append(line: list[Run], text: str, kind: _TokenType) -> None:
    if text:
        line.append(Run(text, _css(kind)))


def _css(kind: _TokenType | None) -> str:
    while kind is not None:
        if kind in _CSS:
            return _CSS[kind]
        kind = kind.parent
    return ""
