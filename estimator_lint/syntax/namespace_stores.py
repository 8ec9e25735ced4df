"""Names of a module that its file gives values without naming them as targets.

That is: through ``globals()``, as attributes of a module from ``sys.modules``, or by running text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from estimator_lint.syntax.parsed_text import module_tree

#: A file that stores anything in a namespace has one of these.
NAMESPACE_WORDS: Final = ("globals", "exec(", "modules[")
#: Methods of dicts that only read.
_READING: Final = frozenset({"copy", "get", "items", "keys", "values"})


class NamespaceStores:
    """What a file may store in the namespace of its module.

    Attributes:
        names: the names.
        any_name: it may store any name.
    """

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.names: set[str] = set()
        self.any_name = False
        reading: set[ast.AST] = set()
        for node in nodes:  # an inner node comes after the one that contains it
            if isinstance(node, ast.Subscript):
                if _is_namespace(node.value):
                    reading.add(node.value)
                    if not isinstance(node.ctx, ast.Load):
                        self._store(node.slice)
            elif isinstance(node, ast.Attribute):
                if _is_namespace(node.value) and node.attr in _READING:
                    reading.add(node.value)
                elif _is_module(node.value) and not isinstance(node.ctx, ast.Load):
                    self.names.add(node.attr)
            elif isinstance(node, ast.Compare):
                reading.update(filter(_is_namespace, node.comparators))
            elif isinstance(node, ast.Call):
                self._enter_call(node)
            if isinstance(node, ast.Call | ast.Attribute) and _is_namespace(node):
                self.any_name |= node not in reading

    def __contains__(self, name: str) -> bool:
        return self.any_name or name in self.names

    def _enter_call(self, call: ast.Call) -> None:
        match call:
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[of, name, *_]):
                if _is_module(of):
                    self._store(name)
            case ast.Call(func=ast.Name(id="exec"), args=[text]):
                # With a namespace of its own, it stores nothing here.
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    self.names.update(names_in_text(text.value))
                else:
                    self.any_name = True

    def _store(self, key: ast.AST) -> None:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            self.names.add(key.value)
        else:
            self.any_name = True


def names_in_text(text: str) -> Iterator[str]:
    """The names in a text that the program runs as code."""
    try:
        tree = module_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id


def _is_namespace(node: ast.AST) -> bool:
    """Whether an expression is the namespace of the module: ``globals()``, mostly."""
    match node:
        case ast.Call(func=ast.Name(id="globals"), args=[]):
            return True
        case ast.Call(func=ast.Name(id="vars"), args=[of]):
            return _is_module(of)
        case ast.Attribute(value=of, attr="__dict__"):
            return _is_module(of)
    return False


def _is_module(node: ast.AST) -> bool:
    """Whether an expression may be the module itself: ``sys.modules[...]``."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="modules") | ast.Name(id="modules")):
            return True
    return False
