"""Removing functions that can't be analysed from a statement, so that the others can be."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from estimator_lint.syntax.index_nodes import index_nodes
from estimator_lint.syntax.parsed_text import module_tree

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"

#: The replacement for a removed function: an unknown value.
_UNKNOWN = "__not_analysed__"


@dataclass(frozen=True)
class Narrowed:
    """A statement without the refused functions.

    Attributes:
        text: the same lines, with the functions' names bound to something unknown.
        statements: its syntax, with the lines of the file.
        left_out: every node of the removed functions.
    """

    text: str
    statements: list[ast.stmt]
    left_out: frozenset[ast.AST]


def without_refused(
    text: str,
    first_line: int,
    statements: Sequence[ast.stmt],
    is_refused: Callable[[str, int, list[ast.stmt]], bool],
) -> Narrowed | None:
    """``text`` without the innermost refused functions; None if removing them does not help.

    Args:
        text: the statements.
        first_line: the line of the file on which it begins.
        statements: its syntax.
        is_refused: whether a text, given with its first line and its syntax, can't be analysed.
    """
    lines = text.split("\n")
    nodes = index_nodes(statements)
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    refused: list[Function] = []
    for function in sorted(functions, key=lambda node: len(_lines_of(node))):
        rows = _lines_of(function)
        if any(inner.lineno in rows for inner in refused):
            continue
        alone = "\n".join(["if 1:", *lines[rows.start - first_line : rows.stop - first_line], ""])
        if function in statements:
            alone = alone.replace("if 1:", "", 1)
        if is_refused(alone, rows.start - 1, [function]):
            if function in statements:
                return None
            if not _may_rebind(
                function, functions
            ):  # otherwise the enclosing function is the one to remove
                refused.append(function)
    if not refused:
        return None
    for function in refused:
        rows = _lines_of(function)
        line = lines[rows.start - first_line]
        indentation = line[: len(line) - len(line.lstrip())]
        for row in rows:
            lines[row - first_line] = ""
        lines[rows.start - first_line] = f"{indentation}{function.name} = {_UNKNOWN}"
    rest = "\n".join(lines)
    tree = ast.increment_lineno(module_tree(rest), first_line - 1)
    return Narrowed(
        rest, tree.body, frozenset(node for function in refused for node in index_nodes([function]))
    )


def _lines_of(function: Function) -> range:
    decorators = [decorator.lineno for decorator in function.decorator_list]
    return range(min([function.lineno, *decorators]), (function.end_lineno or function.lineno) + 1)


def _may_rebind(function: Function, functions: Sequence[Function]) -> bool:
    """Whether a function may rebind variables of an enclosing function."""
    return any(isinstance(node, ast.Nonlocal) for node in index_nodes([function])) and any(
        other is not function and function.lineno in _lines_of(other) for other in functions
    )
