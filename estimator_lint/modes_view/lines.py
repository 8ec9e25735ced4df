"""Which lines a mode never runs.

Evaluation records which statements some path reaches. A line is never run if it belongs to a
statement that no path reaches, and no other code can run it either: the body of a nested function
that evaluation did not follow may be run by any code that the function is passed to.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


def first_line(statement: ast.stmt) -> int:
    """Where a statement begins, decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(node: ast.stmt | ast.expr) -> int:
    """Where a statement or an expression ends."""
    return node.end_lineno or node.lineno


def lines_never_run(function: Function, ran: Collection[int], read: Collection[str]) -> set[int]:
    """The lines of ``function`` that are never run.

    Args:
        function: the function, which itself runs.
        ran: the first lines of the statements that some path reaches.
        read: the names that some path reads.
    """
    reader = _Reader(ran, read)
    reader.block(function.body, _header_end(function) + 1)
    return {line for line, runs in reader.runs.items() if not runs}


class _Reader:
    """Walks statements; inner ones come after outer ones and override them."""

    def __init__(self, ran: Collection[int], read: Collection[str]) -> None:
        self._ran = ran
        self._read = read
        self.runs: dict[int, bool] = {}

    def block(self, statements: Sequence[ast.stmt], start: int) -> None:
        """A block; lines above a statement, from line ``start`` on, belong to it."""
        for statement in statements:
            runs = statement.lineno in self._ran
            self._mark(start, last_line(statement), runs)
            if runs:
                self._inside(statement)
            start = last_line(statement) + 1

    def _mark(self, first: int, last: int, runs: bool) -> None:
        self.runs.update(dict.fromkeys(range(first, last + 1), runs))

    def _inside(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            handed_on = bool(statement.decorator_list) or statement.name in self._read
            self._function(statement, may_be_called=handed_on)
            return
        if isinstance(statement, ast.ClassDef):
            for member in statement.body:
                if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._function(member, may_be_called=True)
            return
        end = _header_end(statement)
        for block in blocks(statement):
            if block[0].lineno > statement.lineno:  # the block begins on a later line
                if self._some_ran(block):
                    self.block(block, end + 1)
                else:
                    self._mark(end + 1, last_line(block[-1]), False)
            end = last_line(block[-1])

    def _function(self, function: Function, *, may_be_called: bool) -> None:
        start = _header_end(function) + 1
        if self._some_ran(function.body):
            self.block(function.body, start)
        elif not may_be_called and start <= last_line(function):
            self._mark(start, last_line(function), False)

    def _some_ran(self, statements: Sequence[ast.stmt]) -> bool:
        return any(statement.lineno in self._ran for statement in statements)


def _header_end(statement: ast.stmt) -> int:
    """The last line of a compound statement's header."""
    parts: list[ast.AST | None] = []
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            parts = [*ast.iter_child_nodes(statement.args), statement.returns]
        case ast.If() | ast.While():
            parts = [statement.test]
        case ast.For() | ast.AsyncFor():
            parts = [statement.iter]
        case ast.With() | ast.AsyncWith():
            parts = [
                part for item in statement.items for part in (item.context_expr, item.optional_vars)
            ]
        case ast.Match():
            parts = [statement.subject]
    ends = [part.end_lineno or 0 for part in parts if isinstance(part, ast.expr | ast.arg)]
    return max([statement.lineno, *ends])


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a statement, in the order of the source."""
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        for child in getattr(statement, name, None) or ():
            if isinstance(child, ast.ExceptHandler | ast.match_case):
                yield child.body
        block = getattr(statement, name, None)
        if block and isinstance(block, list) and isinstance(block[0], ast.stmt):
            yield block
