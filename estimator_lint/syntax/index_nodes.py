"""Walking the index (``ast`` trees) without the cost of ``ast.walk``.

``ast.walk`` looks up every field of every node by name, strings and numbers too, and visits
``Load()`` and the operators, which have no position in the source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

#: Fields that, in any class, hold no node with a position.
_PLAIN: Final = frozenset(
    {"arg", "attr", "asname", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs", "level"}
    | {"module", "op", "ops", "rest", "simple", "type_comment", "type_ignores"}
)
#: More such fields, by class.
_PLAIN_IN: Final[dict[type[ast.AST], frozenset[str]]] = {
    ast.ClassDef: frozenset({"name"}),
    ast.Constant: frozenset({"value"}),
    ast.ExceptHandler: frozenset({"name"}),
    ast.FunctionDef: frozenset({"name"}),
    ast.AsyncFunctionDef: frozenset({"name"}),
    ast.Global: frozenset({"names"}),
    ast.MatchAs: frozenset({"name"}),
    ast.MatchStar: frozenset({"name"}),
    ast.Nonlocal: frozenset({"names"}),
    ast.alias: frozenset({"name"}),
}

#: Fields that hold a statement's blocks, or the clauses that have some.
_BLOCKS: Final = ("body", "handlers", "cases", "orelse", "finalbody")

_fields_of_type: dict[type[ast.AST], tuple[str, ...]] = {}


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    plain = _PLAIN | _PLAIN_IN.get(kind, frozenset())
    fields = tuple(name for name in kind._fields if name not in plain)
    _fields_of_type[kind] = fields
    return fields


def index_children(node: ast.AST) -> list[ast.AST]:
    """The children of ``node`` that have a position, in the order of ``ast``."""
    found: list[ast.AST] = []
    kind = type(node)
    for name in _fields_of_type[kind] if kind in _fields_of_type else _fields(kind):
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += value if None not in value else [item for item in value if item is not None]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def index_nodes(roots: Iterable[ast.AST]) -> list[ast.AST]:
    """``roots`` and their descendants, in breadth-first order."""
    nodes = list(roots)
    for node in nodes:  # grows during the loop
        nodes += index_children(node)
    return nodes


def nodes_and_depth(roots: Iterable[ast.AST]) -> tuple[list[ast.AST], int]:
    """The same, and how many levels deep they are nested; the roots are one level."""
    nodes = list(roots)
    depth = begin = 0
    while begin < len(nodes):
        depth += 1
        level, begin = nodes[begin:], len(nodes)
        for node in level:
            nodes += index_children(node)
    return nodes, depth


def statements_below(roots: Iterable[ast.AST]) -> list[ast.AST]:
    """``roots`` and all statements in their blocks, in breadth-first order."""
    nodes = list(roots)
    for node in nodes:  # grows during the loop
        for name in _BLOCKS:
            block = getattr(node, name, None)
            if block.__class__ is list:
                nodes += block
    return nodes
