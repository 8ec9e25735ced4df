"""Parsing long blocks in portions: libcst's parser takes ten times the memory of its tree.

The statements of a long block are parsed some hundreds of lines at a time, and put into the tree of
the rest, where a name stands for them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import libcst as cst

#: Lines of a block that are parsed at once: for a thousand, the parser takes about 10 MB.
LINES_PARSED_AT_ONCE: Final = 1_000
#: The statement that stands for the block of a number.
_STAND_IN: Final = "__block_{}__"


@dataclass(frozen=True)
class _Block:
    """Statements of a block that has lines of its own.

    Attributes:
        statements: the statements.
        rows: their lines, with the comments before each; counted from 0 in the text.
    """

    statements: Sequence[ast.stmt]
    rows: range


def parse_module(text: str, first_line: int, statements: Sequence[ast.stmt]) -> cst.Module:
    """A text parsed by libcst; ``statements`` is its syntax, with the lines of the file.

    Raises:
        Exception: libcst can't parse it; of any class.
    """
    lines = text.split("\n")
    if len(lines) > 2 * LINES_PARSED_AT_ONCE and _STAND_IN.format(0) not in text:
        try:
            module = _parsed(lines, first_line, statements)
        except Exception:
            module = None
        if module is not None and module.code == text:
            return module
    return cst.parse_module(text)


def _parsed(lines: list[str], first_line: int, statements: Sequence[ast.stmt]) -> cst.Module:
    """A module in whose tree the long blocks were parsed on their own."""
    rest: list[str] = []
    begins = 0
    blocks = list(_long_blocks(lines, first_line, statements))
    for number, block in enumerate(blocks):
        rest += lines[begins : block.rows.start]
        indentation = _indentation(lines, first_line, block.statements[0])
        rest.append(indentation + _STAND_IN.format(number))
        begins = block.rows.stop
    rest += lines[begins:]
    module = cst.parse_module("\n".join(rest))
    if not blocks:
        return module
    indented = module.default_indent
    bodies = {
        _STAND_IN.format(number): _parsed_block(lines, first_line, block, indented)
        for number, block in enumerate(blocks)
    }
    whole = module.visit(_PutIn(bodies))
    assert isinstance(whole, cst.Module)
    return whole


class _PutIn(cst.CSTTransformer):
    """Replaces each stand-in by the statements of its block."""

    def __init__(self, bodies: dict[str, list[cst.BaseStatement]]) -> None:
        super().__init__()
        self._bodies = bodies

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Any:
        """Replace the body of a block that is a stand-in."""
        match original_node:
            case cst.IndentedBlock(
                body=[cst.SimpleStatementLine(body=[cst.Expr(cst.Name(name))])]
            ) if name in self._bodies:
                return updated_node.with_changes(body=self._bodies.pop(name))
        return updated_node


def _parsed_block(
    lines: list[str], first_line: int, block: _Block, default_indent: str
) -> list[cst.BaseStatement]:
    found: list[cst.BaseStatement] = []
    # libcst takes the first indentation of a text for the usual one.
    header = ["if 1:", f"{default_indent}pass", "if 1:"]
    for portion in _portions(lines, first_line, block):
        text = [*header, *lines[portion.rows.start : portion.rows.stop], ""]
        line = first_line + portion.rows.start - len(header)
        module = _parsed(text, line, portion.statements)
        _, holder = module.body
        assert isinstance(holder, cst.If) and isinstance(holder.body, cst.IndentedBlock)
        found += holder.body.body
    return found


def _portions(lines: list[str], first_line: int, block: _Block) -> Iterator[_Block]:
    """The statements of a block in portions; a statement that is long itself is one."""
    begins, pending = block.rows.start, list[ast.stmt]()
    for statement, following in zip(block.statements, [*block.statements[1:], None], strict=True):
        pending.append(statement)
        ends = _last_line(statement) - first_line + 1
        if following is not None and (
            _first_line(following) - first_line < ends  # they share a line
            or ends - begins < LINES_PARSED_AT_ONCE
            and not _is_long(following)
        ):
            continue
        yield _Block(pending, range(begins, ends))
        begins, pending = ends, []


def _long_blocks(
    lines: list[str], first_line: int, statements: Sequence[ast.stmt]
) -> Iterator[_Block]:
    """The outermost long blocks of more than one statement, in their order."""
    for statement in statements:
        if not _is_long(statement):
            continue
        for body in _bodies(statement):
            rows = _rows(lines, first_line, body) if len(body) > 1 else None
            if rows is None:
                yield from _long_blocks(lines, first_line, body)
            elif len(rows) > LINES_PARSED_AT_ONCE:
                yield _Block(body, rows)


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a statement, in their order."""
    for part in ("body", "cases", "handlers", "orelse", "finalbody"):
        held = getattr(statement, part, ())
        if part in ("cases", "handlers"):
            for each in held:
                yield each.body
        elif held:
            yield held


def _rows(lines: list[str], first_line: int, body: Sequence[ast.stmt]) -> range | None:
    """The lines of a block, with the comments before it; None if it begins on another line."""
    begins = _first_line(body[0]) - first_line
    if len(_indentation(lines, first_line, body[0])) != body[0].col_offset:
        return None
    while not lines[begins - 1].strip() or lines[begins - 1].lstrip().startswith("#"):
        begins -= 1
    return range(begins, _last_line(body[-1]) - first_line + 1)


def _indentation(lines: list[str], first_line: int, statement: ast.stmt) -> str:
    line = lines[_first_line(statement) - first_line]
    return line[: len(line) - len(line.lstrip())]


def _is_long(statement: ast.stmt) -> bool:
    return _last_line(statement) - _first_line(statement) >= LINES_PARSED_AT_ONCE


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno
