"""Putting statements under others, with the indentation style of the source."""

from __future__ import annotations

import ast
import tokenize

from estimator_lint.fixes.fix import Edit
from estimator_lint.fixes.source_index import SourceIndex, insertion


def put_under(index: SourceIndex, statement: ast.stmt, header: str) -> tuple[Edit, ...] | None:
    """Edits that put a statement into the block of ``header``; None if it shares its lines."""
    first = statement.lineno
    last, end = index.end(statement)
    indentation = index.before(statement)
    rest = index.source.lines[last - 1][end:].strip()
    if indentation.strip() or (rest and not rest.startswith("#")):
        return None
    if not index.tokens:
        return None
    inside_strings = lines_inside_strings(index)
    unit = indentation_unit(index, statement)
    moved = (line for line in range(first + 1, last + 1) if index.source.lines[line - 1].strip())
    return (
        insertion((first, 0), f"{indentation}{header}\n{unit}"),
        *(insertion((line, 0), unit) for line in moved if line not in inside_strings),
    )


def indentation_unit(index: SourceIndex, node: ast.AST) -> str:
    """The indentation that a node's block adds to that of its header."""
    statement = index.statement_of(node)
    around = (
        next((each for each in index.around(statement) if isinstance(each, ast.stmt)), None)
        if statement is not None
        else None
    )
    if statement is None or around is None:
        return "    "
    inner, outer = index.before(statement), index.before(around)
    unit = inner.removeprefix(outer)
    return unit if inner.startswith(outer) and unit and not unit.strip() else "    "


def lines_inside_strings(index: SourceIndex) -> set[int]:
    """The lines that begin inside a string, where blanks would become part of it."""
    lines: set[int] = set()
    opened: list[int] = []
    for token in index.tokens:
        if token.type == tokenize.STRING:
            lines.update(range(token.start[0] + 1, token.end[0] + 1))
        elif tokenize.tok_name[token.type] in ("FSTRING_START", "TSTRING_START"):
            opened.append(token.start[0])
        elif tokenize.tok_name[token.type] in ("FSTRING_END", "TSTRING_END"):
            lines.update(range(opened.pop() + 1, token.end[0] + 1))
    return lines
