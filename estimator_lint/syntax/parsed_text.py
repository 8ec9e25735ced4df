"""Texts as trees of ``ast``, as ``process_settings.parsed`` has them made."""

from __future__ import annotations

import ast

from estimator_lint.process_settings import parsed


def module_tree(text: str) -> ast.Module:
    """The tree of a module; a warning is none, which would be a SyntaxError as an error.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as ``ast.parse``.
    """
    return parsed(lambda: ast.parse(text))


def expression_tree(text: str) -> ast.expr:
    """The tree of an expression.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as ``ast.parse``.
    """
    return parsed(lambda: ast.parse(text, mode="eval")).body
