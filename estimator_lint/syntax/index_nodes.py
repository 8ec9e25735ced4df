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
