"""The same code in a layout that libcst accepts.

libcst refuses a few forms that Python allows: a form feed or a mixture of tabs and spaces
in the indentation, a line with nothing but a backslash at the beginning of a statement,
and parentheses around a target that has an annotation.  ``docs/how-it-works/limits.md`` lists
what is still refused.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass, field

from estimator_lint.syntax.index_nodes import index_nodes

_INDENTATION = "    "
_OF_LAYOUT = frozenset({tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE, tokenize.NL})
_NOTHING = re.compile(r"[ \t\x0c]*\\?\Z")


@dataclass
class PlainLayout:
    """Lines of code, and how they differ from the original ones.

    Attributes:
        lines: the lines without their ends.
        shifts: for 1-based lines, by how many columns the code was shifted left.
    """

    lines: list[str]
    shifts: dict[int, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The code."""
        return "\n".join(self.lines) + "\n"


def plain_layout(text: str, first_line: int, statements: Iterable[ast.stmt]) -> PlainLayout:
    """``text`` in a plain layout; ``statements`` is its syntax, perhaps with later line numbers.

    Raises:
        tokenize.TokenError, SyntaxError: Python's own tokenizer can't read it.
    """
    layout = PlainLayout(text.split("\n")[:-1])
    for statement in statements:
        for node in index_nodes([statement]):
            if isinstance(node, ast.AnnAssign):
                _without_parentheses(layout.lines, node, first_line)
            if isinstance(node, ast.stmt | ast.excepthandler):
                _without_backslashes(layout.lines, node, first_line)
    _indent(layout)
    return layout


def _without_parentheses(lines: list[str], node: ast.AnnAssign, first_line: int) -> None:
    """Remove the parentheses around the target; the text after it keeps its columns."""
    target = node.target
    start, end = target.col_offset, target.end_col_offset or 0
    if start == node.col_offset or node.lineno != node.annotation.lineno:
        return
    line = lines[node.lineno - first_line].encode()
    before, after = line[: node.col_offset], line[end : node.annotation.col_offset]
    room = b" " * (start - node.col_offset + after.count(b")"))
    kept = line[start:end] + room + after.replace(b")", b"")
    lines[node.lineno - first_line] = (before + kept + line[node.annotation.col_offset :]).decode()


def _without_backslashes(
    lines: list[str], node: ast.stmt | ast.excepthandler, first_line: int
) -> None:
    """Empty the lines before a statement that have a backslash in the first column alone.

    To Python they are no indentation, but to its own ``tokenize``, before 3.12, they are.
    """
    nodes = [node, *getattr(node, "decorator_list", ())]
    for row in (each.lineno - first_line for each in nodes):
        before = row - 1
        if not lines[row].encode()[: node.col_offset].strip(b" \t\x0c"):
            while before >= 0 and lines[before] == "\\":
                lines[before] = ""
                before -= 1


def _indent(layout: PlainLayout) -> None:
    """Give each statement the indentation of its level."""
    tokens = tokenize.generate_tokens(io.StringIO(layout.text).readline)
    level = 0
    begins = True
    last_row = 0
    for token in tokens:
        row, column = token.start
        if token.type in _OF_LAYOUT:
            level += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
            begins |= token.type == tokenize.NEWLINE
            if token.type in (tokenize.INDENT, tokenize.DEDENT):
                continue  # they are at the start of the next line, perhaps a lone backslash
        elif token.type == tokenize.COMMENT and begins:
            layout.lines[row - 1] = token.string
        elif begins and token.type != tokenize.ENDMARKER:
            for between in range(last_row, row - 1):
                if _NOTHING.match(layout.lines[between]):
                    layout.lines[between] = ""
            indentation = _INDENTATION * level
            layout.lines[row - 1] = indentation + layout.lines[row - 1][column:]
            layout.shifts[row] = column - len(indentation)
            begins = False
        last_row = token.end[0]
