"""Assignments to attributes, found in a file's index: which code may change an object."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from estimator_lint.syntax.index_nodes import index_children, index_nodes

#: Methods that Python makes static methods or class methods.
_OF_CLASSES: Final = frozenset({"__class_getitem__", "__init_subclass__", "__new__"})

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Store:
    """One place that assigns to an attribute.

    Attributes:
        owner: the class of the method, if that assigns to its own ``self``; None: another object.
        method: that method.
        is_none: it assigns a literal None.
        on_class: the object has the name of a class.
    """

    owner: str | None
    method: str
    is_none: bool
    on_class: bool = False


class AttributeStores:
    """All assignments to attributes of one file.

    Attributes:
        by_name: by the attribute's name; under None those to attributes of classes whose names are
            computed.
        sharing: the classes whose methods pass ``self`` to other code, or set attributes with
            computed names.
        called: the names that the file calls, among them those of classes that it instantiates.
    """

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.by_name: dict[str | None, list[Store]] = {}
        self.sharing: set[str] = set()
        own: set[ast.AST] = set()
        classes = {"cls"}
        for node in nodes:
            if isinstance(node, ast.ClassDef):
                classes.add(node.name)
                for method in _methods(node):
                    own |= self._enter(node.name, method)
        for node in nodes:
            if _is_store(node) and node not in own:
                assert isinstance(node, ast.Attribute)
                store = Store(None, "", False, _is_class(node.value, classes))
                self.by_name.setdefault(node.attr, []).append(store)
            elif isinstance(node, ast.Call) and _is_name(node.func, "setattr"):
                self._enter_setattr(node, classes)
        self.called = frozenset(
            node.func.id
            for node in nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        )

    def of(self, name: str) -> list[Store]:
        """The assignments to the attribute of that name."""
        return self.by_name.get(name, []) + self.by_name.get(None, [])

    def _enter_setattr(self, call: ast.Call, classes: set[str]) -> None:
        if len(call.args) != 3:
            return
        of, name, _ = call.args
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            store = Store(None, "", False, _is_class(of, classes))
            self.by_name.setdefault(name.value, []).append(store)
        elif _is_class(of, classes):
            self.by_name.setdefault(None, []).append(Store(None, "", False, True))

    def _enter(self, owner: str, method: _Function) -> set[ast.AST]:
        """Record what a method stores in its ``self``; returns the recorded nodes."""
        receiver = _receiver(method)
        noted: set[ast.AST] = set()
        if receiver is None:
            return noted
        nodes = index_nodes([method])
        nones = {
            target
            for node in nodes
            if isinstance(node, ast.Assign) and _is_none(node.value)
            for target in node.targets
        }
        harmless: set[ast.AST] = set()
        for node in nodes:
            if isinstance(node, ast.Attribute):
                harmless.add(node.value)
                if _is_store(node) and _is_name(node.value, receiver):
                    store = Store(owner, method.name, node in nones)
                    self.by_name.setdefault(node.attr, []).append(store)
                    noted.add(node)
            elif isinstance(node, ast.Call):
                harmless.update(_harmless_arguments(node))
            elif isinstance(node, ast.Return) and node.value is not None:
                harmless.add(node.value)  # the caller has it already
        if any(_is_name(node, receiver) and node not in harmless for node in nodes):
            self.sharing.add(owner)
        return noted


def _is_class(node: ast.AST, classes: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in classes


def _harmless_arguments(call: ast.Call) -> Iterator[ast.AST]:
    """The arguments that a call does not modify, or that it passes to a base's method."""
    called = call.func
    if isinstance(called, ast.Name) and called.id in ("super", "isinstance", "hasattr", "type"):
        yield from call.args
    elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        yield from call.args[:1] if called.attr == "__init__" else ()


def _methods(node: ast.ClassDef) -> Iterator[_Function]:
    pending: list[ast.AST] = list(node.body)
    while pending:
        inner = pending.pop()
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            yield inner
        elif not isinstance(inner, ast.ClassDef | ast.expr):
            pending.extend(index_children(inner))


def _receiver(method: _Function) -> str | None:
    """The name of ``self``; None for static methods and class methods."""
    parameters = [*method.args.posonlyargs, *method.args.args]
    decorators = {getattr(decorator, "id", "") for decorator in method.decorator_list}
    is_of_class = method.name in _OF_CLASSES or decorators & {"staticmethod", "classmethod"}
    if not parameters or is_of_class:
        return None
    return parameters[0].arg


def _is_store(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
