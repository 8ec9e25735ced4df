"""Walking the index (``ast`` trees) without the cost of ``ast.walk``.

``ast.walk`` asks every node for every field by name, strings and numbers too, and goes
through ``Load()`` and the operators, which have no place in the source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

#: Fields that hold no node with a place, whatever class has them.
_PLAIN: Final = frozenset(
    {"arg", "attr", "asname", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs", "level"}
    | {"module", "op", "ops", "rest", "simple", "type_comment", "type_ignores"}
)
#: Those of a class besides.
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
    """The children of ``node`` that have a place in the source, as ``ast`` orders them."""
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
    """``roots`` and all below them, what is nearer to a root first."""
    nodes = list(roots)
    for node in nodes:  # grows meanwhile
        nodes += index_children(node)
    return nodes
