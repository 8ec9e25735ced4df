"""What decides whether a file runs an Estimator in some way: the tests around the run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.discovery.definitions import Definitions, Scope

_TESTING = (ast.If, ast.IfExp, ast.While, ast.BoolOp)
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def guards_of(definitions: Definitions, node: ast.expr, scope: Scope) -> frozenset[str]:
    """The attributes and keys that tests ask for which decide whether ``node`` is evaluated.

    These are the tests around it, and those before it in its function that leave the function.
    """
    return frozenset(
        name
        for test in _tests_before(definitions, node, scope)
        for part in ast.walk(test)
        for name in _asked_for(part)
    )


def _tests_before(definitions: Definitions, node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    for one in definitions.source.nodes:
        if not isinstance(one, _TESTING) or not _is_around(scope.node, one):
            continue
        leaves = isinstance(one, ast.If) and isinstance(one.body[-1], _LEAVING)
        if _is_around(one, node) or (leaves and one.lineno < node.lineno):
            yield one if isinstance(one, ast.BoolOp) else one.test


def _is_around(outer: ast.AST, inner: ast.expr | ast.stmt) -> bool:
    """Whether one node is part of another; everything is part of the module."""
    if isinstance(outer, ast.Module):
        return True
    first, last = getattr(outer, "lineno", 0), getattr(outer, "end_lineno", 0)
    return bool(first <= inner.lineno and (inner.end_lineno or inner.lineno) <= last)


def _asked_for(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str() as name)):
            yield name
