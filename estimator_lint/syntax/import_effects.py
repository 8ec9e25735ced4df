"""What importing a file changes: the code that runs then, with the functions that it calls.

A decorator that enters functions into a dict, say, or a class whose method is called at module
level. That code is found by the names of the functions, without knowing objects.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final, TypeAlias

from estimator_lint.syntax.container_methods import CHANGING_METHODS_OF_CONTAINERS
from estimator_lint.syntax.index_nodes import index_children

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
#: Methods that run when an object or a subclass is made, or when an object is called.
_IMPLICIT: Final = frozenset({"__call__", "__init__", "__init_subclass__", "__new__"})


class ImportEffects:
    """The names and attributes that importing a file may change.

    Args:
        tree: the file.
        nodes: all its nodes.

    Attributes:
        names: the names of the objects in which something is stored, and of ``global`` variables;
            of an object that gets an attribute, only ``object.attribute``.
        attributes: the names of the attributes that are assigned to, or in whose objects something
            is stored.
    """

    def __init__(self, tree: ast.Module, nodes: list[ast.AST]) -> None:
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self._defined: dict[str, list[_Function | ast.ClassDef]] = {}
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self._defined.setdefault(node.name, []).append(node)
        self._run: set[ast.AST] = set()
        self._pending: list[ast.AST] = list(tree.body)
        while self._pending:
            self._enter(self._pending.pop())

    def _enter(self, node: ast.AST) -> None:
        match node:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                self._pending += node.orelse
                return
            case ast.Call():
                self._enter_call(node)
            case ast.Attribute(ctx=ast.Store() | ast.Del()):
                self._set(node.value, node.attr)
            case ast.Subscript(value=base, ctx=ast.Store() | ast.Del()):
                self._change(base)
            case ast.AugAssign(target=target):
                self._change(target)
            case ast.Global(names=names):
                self.names.update(names)
            case ast.ClassDef():
                self._call_decorators(node.decorator_list)
                if node.bases:
                    self._call("__init_subclass__")
                for metaclass in node.keywords:
                    self._call(_final_name(metaclass.value))
                self._call("__set_name__")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._call_decorators(node.decorator_list)
            self._pending += [*node.decorator_list, *node.args.defaults]
        elif not isinstance(node, ast.Lambda):
            self._pending += index_children(node)

    def _enter_call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(func=ast.Name(id="setattr"), args=[base, ast.Constant(value=name), *_]):
                self._set(base, str(name))
            case ast.Call(func=ast.Attribute(value=base, attr=name)):
                if name in CHANGING_METHODS_OF_CONTAINERS:
                    self._change(base)
        self._call(_final_name(node.func))

    def _call_decorators(self, decorators: Iterable[ast.expr]) -> None:
        for decorator in decorators:
            if isinstance(decorator, ast.Call):  # what it returns is called, too
                self._call(_final_name(decorator.func), with_inner=True)
            else:
                self._call(_final_name(decorator))

    def _call(self, name: str, *, with_inner: bool = False) -> None:
        """Run the functions of that name; ``with_inner``, and those that are defined in them."""
        for node in self._defined.get(name, ()):
            if isinstance(node, ast.ClassDef):
                called = [one for one in _functions_in(node.body) if one.name in _IMPLICIT]
            else:
                called = [node, *_functions_in(node.body if with_inner else [])]
            self._pending += [part for one in called if one not in self._run for part in one.body]
            self._run.update(called)

    def _set(self, base: ast.AST, name: str) -> None:
        self.attributes.add(name)
        if isinstance(base, ast.Name):
            self.names.add(f"{base.id}.{name}")

    def _change(self, node: ast.AST) -> None:
        while isinstance(node, ast.Attribute | ast.Subscript):
            if isinstance(node, ast.Attribute):
                self.attributes.add(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            self.names.add(node.id)


def _functions_in(body: Iterable[ast.stmt]) -> list[_Function]:
    return [one for one in body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]


def _final_name(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return _final_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
