"""Walking libcst trees without the cost of libcst's visitors.

A libcst visitor copies every node that it passes, whitespace included. This walk, which only looks
for names and definitions, is about ten times as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import libcst as cst

from estimator_lint.process_settings import parsed

_LAYOUT_FIELDS = frozenset(
    {
        "asynchronous",
        "colon",
        "comma",
        "dot",
        "equal",
        "footer",
        "header",
        "indent",
        "leading_lines",
        "lines_after_decorators",
        "lpar",
        "newline",
        "rpar",
        "semicolon",
        "trailing_whitespace",
    }
)

#: Fields in source order, for classes that list them in another order or have no nodes in them.
_fields_of_type: dict[type[cst.CSTNode], tuple[str, ...]] = {
    cst.Arg: ("keyword", "value"),
    cst.ClassDef: ("decorators", "name", "type_parameters", "bases", "keywords", "body"),
    cst.ExceptHandler: ("type", "name", "body"),
    cst.ExceptStarHandler: ("type", "name", "body"),
    cst.Float: (),
    cst.FunctionDef: ("decorators", "name", "type_parameters", "params", "returns", "body"),
    cst.IfExp: ("body", "test", "orelse"),
    cst.Integer: (),
    cst.MatchCase: ("pattern", "guard", "body"),
    cst.Name: (),
    cst.Parameters: ("posonly_params", "params", "star_arg", "kwonly_params", "star_kwarg"),
    cst.SimpleString: (),
}


#: What gives the values of the fields of a node, by its class.
_values_of: dict[type[cst.CSTNode], Callable[[cst.CSTNode], tuple[Any, ...]]] = {}


def _values(node: cst.CSTNode) -> tuple[Any, ...]:
    kind = type(node)
    fields = _fields_of_type.get(kind)
    if fields is None:
        fields = tuple(
            name
            for name in kind.__dataclass_fields__
            if name not in _LAYOUT_FIELDS and not name.startswith(("whitespace", "_"))
        )
    if len(fields) > 1:
        _values_of[kind] = attrgetter(*fields)
    elif fields:
        only = attrgetter(*fields)
        _values_of[kind] = lambda node: (only(node),)
    else:
        _values_of[kind] = lambda node: ()
    return _values_of[kind](node)


#: libcst's classes are abstract base classes, for which isinstance is slow.
_is_node: dict[type, bool] = {}


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The syntactic children of ``node`` in source order, without whitespace."""
    found: list[cst.CSTNode] = []
    kind = type(node)
    for value in _values_of[kind](node) if kind in _values_of else _values(node):
        if value is None:
            continue
        kind = value.__class__
        if kind is tuple or kind is list:
            found += value
        elif _is_node[kind] if kind in _is_node else _note_kind(kind):
            found.append(value)
    return found


def _note_kind(kind: type) -> bool:
    known = _is_node[kind] = issubclass(kind, cst.CSTNode)
    return known


_BLOCKS = (cst.BaseSuite, cst.MatchCase)


def head(node: cst.CSTNode) -> cst.CSTNode | None:
    """The last part of ``node`` before its block, as the test of an ``if``; None if it has none.

    A node without a block is its own head.
    """
    before: cst.CSTNode | None = None
    for child in children(node):
        if isinstance(child, _BLOCKS):
            return before
        before = child
    return node


def descendants(root: cst.CSTNode, closed: frozenset[type] = frozenset()) -> Iterator[cst.CSTNode]:
    """``root`` and its descendants, in source order.

    A descendant of one of the classes ``closed`` is yielded, but not its own descendants.
    """
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        if type(node) not in closed or node is root:
            pending.extend(reversed(children(node)))


def definitions(root: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The functions and classes below ``root`` in source order, without lambdas."""
    pending = [root]
    while pending:
        node = pending.pop()
        if type(node) is cst.FunctionDef or type(node) is cst.ClassDef:
            yield node
        pending.extend(reversed(_statements_below(node)))


def _statements_below(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The children of ``node`` that are, or contain, statements with blocks."""
    kind = type(node)
    if kind is cst.SimpleStatementLine or kind is cst.SimpleStatementSuite:
        return []
    found: list[cst.CSTNode] = []
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        value = getattr(node, name, None)
        if value is None:
            continue
        if type(value) is tuple or type(value) is list:
            found += value
        else:
            found.append(value)
    return found


def literal_value(node: cst.CSTNode) -> object:
    """The value of a number or string literal; None for anything else, and for f-strings."""
    return parsed(lambda: getattr(node, "evaluated_value", None))


def final_name(node: cst.BaseExpression) -> str:
    """The last name of ``a.b.name``, even if it is called or subscripted."""
    if isinstance(node, cst.Call):
        return final_name(node.func)
    if isinstance(node, cst.Subscript):
        return final_name(node.value)
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else "?"
