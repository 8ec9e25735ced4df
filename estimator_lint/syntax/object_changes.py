"""Which objects the text of a function changes, rather than only variables of its own."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from estimator_lint.syntax.container_methods import CHANGING_METHODS_OF_CONTAINERS
from estimator_lint.syntax.nodes import descendants


def may_change_objects(body: cst.CSTNode) -> bool:
    """Whether something in ``body`` stores in an object, or calls a method that may."""
    return any(
        _calls_method_of_name(node) or any(True for _ in _changed(node))
        for node in descendants(body)
    )


def names_changed(body: cst.CSTNode) -> frozenset[str]:
    """The names of the objects in which ``body`` itself stores something, or in parts of which."""
    return frozenset(
        name for node in descendants(body) for of in _changed(node) for name in _root(of)
    )


def _calls_method_of_name(node: cst.CSTNode) -> bool:
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and isinstance(node.func.value, cst.Name)
    )


def _changed(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The expressions for the objects that a node stores something in."""
    match node:
        case (
            cst.AssignTarget(target=target)
            | cst.AugAssign(target=target)
            | cst.AnnAssign(target=target)
            | cst.Del(target=target)
            | cst.For(target=target)
        ):
            for part in descendants(target):
                if isinstance(part, cst.Attribute | cst.Subscript):
                    yield part.value
        case cst.Call(func=cst.Name(value="delattr" | "next" | "setattr"), args=[of, *_]):
            yield of.value
        case cst.Call(func=cst.Attribute(value=of, attr=cst.Name(value=name))):
            if name in CHANGING_METHODS_OF_CONTAINERS:
                yield of


def _root(node: cst.CSTNode) -> Iterator[str]:
    """The name that a chain of attributes and items begins with."""
    while isinstance(node, cst.Attribute | cst.Subscript):
        node = node.value
    if isinstance(node, cst.Name):
        yield node.value
