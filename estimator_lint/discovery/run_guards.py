"""What decides whether a file runs an Estimator in some way: the tests around the run."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass

from estimator_lint.discovery.definitions import Definitions, Scope

_TESTING = (ast.If, ast.IfExp, ast.While, ast.BoolOp)
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True)
class _Test:
    """A test, with what it decides about.

    Attributes:
        first: its first line.
        last: the last line of what it decides about.
        leaves: it leaves its function or loop.
        asked_for: the attributes and keys that it asks for.
    """

    first: int
    last: int
    leaves: bool
    asked_for: frozenset[str]


class RunGuards:
    """Finds what the tests around each run of an Estimator in a file ask for."""

    def __init__(self, definitions: Definitions) -> None:
        self._tests = [
            _Test(
                node.lineno,
                node.end_lineno or node.lineno,
                isinstance(node, ast.If) and isinstance(node.body[-1], _LEAVING),
                _asked_for(node if isinstance(node, ast.BoolOp) else node.test),
            )
            for node in definitions.source.nodes
            if isinstance(node, _TESTING)
        ]

    def of(self, run: ast.expr, scope: Scope) -> frozenset[str]:
        """The attributes and keys that tests ask for which decide whether ``run`` is evaluated.

        These are the tests around it, and those before it in its function that leave the function.
        """
        begin: int = getattr(scope.node, "lineno", 0)  # the module has no lines: it is around all
        end: float = getattr(scope.node, "end_lineno", None) or math.inf
        first, last = run.lineno, run.end_lineno or run.lineno
        return frozenset().union(
            *(
                test.asked_for
                for test in self._tests
                if begin <= test.first <= first
                and test.last <= end
                and (last <= test.last or (test.leaves and test.first < first))
            )
        )


def _asked_for(test: ast.expr) -> frozenset[str]:
    return frozenset(name for part in ast.walk(test) for name in _names_asked_for(part))


def _names_asked_for(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str() as name)):
            yield name
