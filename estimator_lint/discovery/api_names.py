"""Which of TensorFlow's names a file reads, from its index."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from estimator_lint.syntax.index_nodes import index_children, index_nodes
from estimator_lint.syntax.module_bindings import import_path
from estimator_lint.syntax.source import SourceFile

_ROOT: Final = "tensorflow"
#: Attributes with the version of a library.
_VERSIONS: Final = frozenset({"__version__", "VERSION", "GIT_VERSION", "__git_version__"})
#: The exception for a missing name, and the classes that catch it.
_MISSING_NAME: Final = frozenset(
    {"AttributeError", "BaseException", "Exception", "ImportError", "ModuleNotFoundError"}
)


@dataclass(frozen=True)
class ApiName:
    """A name of TensorFlow that a file imports or reads as an attribute.

    Attributes:
        paths: the dotted import paths that it may mean; several where the file imports
            one of several modules under the same name.
        node: where it is.
        imported: of an attribute, the import paths of the name that it begins with.
    """

    paths: tuple[str, ...]
    node: ast.expr | ast.alias
    imported: tuple[str, ...] = ()


def api_names(source: SourceFile) -> list[ApiName]:
    """The names of TensorFlow that a file reads in every version.

    Names that are guarded by a test of the version, or by a ``try`` that handles their absence, do
    not count.
    """
    bound = _bound(source)
    imported = {
        name: tuple(paths)
        for name, paths in source.imports.items()
        if name not in bound and all(map(_is_tensorflow, paths))
    }
    imported.update(_aliases(source, imported, bound))
    return list(_names_in(source.tree, imported, _telling_version(source)))


def _is_tensorflow(path: str) -> bool:
    return path.split(".", 1)[0] == _ROOT


def _aliases(
    source: SourceFile, imported: dict[str, tuple[str, ...]], bound: Counter[str]
) -> dict[str, tuple[str, ...]]:
    """The variables that are bound once in the file, to a module: ``train = tf.train``."""
    aliases: dict[str, tuple[str, ...]] = {}
    for statement in source.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                root, attributes = _chain(value)
                known = {**imported, **aliases}
                is_bound_once = bound[name] == 1 and name not in source.imports
                if is_bound_once and isinstance(root, ast.Name) and root.id in known:
                    paths = known[root.id]
                    aliases[name] = tuple(".".join([path, *attributes]) for path in paths)
    return aliases


def _bound(source: SourceFile) -> Counter[str]:
    """How often something else than an import binds each name, anywhere in the file."""
    bound: Counter[str] = Counter()
    for node in source.nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                bound[name] += 1
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound[name] += 1
            case ast.ClassDef(name=name):
                bound[name] += 1
    return bound


def _telling_version(source: SourceFile) -> frozenset[str]:
    """The names of variables that are computed from a library's version."""
    assigned: list[tuple[ast.expr, list[ast.expr]]] = [
        (node.value, node.targets) for node in source.nodes if isinstance(node, ast.Assign)
    ]
    telling: set[str] = set()
    grown = True
    while grown:
        before = len(telling)
        for value, targets in assigned:
            if _asks_for_version(value, frozenset(telling)):
                telling.update(target.id for target in targets if isinstance(target, ast.Name))
        grown = len(telling) > before
    return frozenset(telling)


def _asks_for_version(test: ast.AST, telling: frozenset[str]) -> bool:
    """Whether a test asks for the version of a library, or whether something has a name."""
    for node in index_nodes([test]):
        match node:
            case ast.Attribute(attr=name) if name in _VERSIONS:
                return True
            case ast.Name(id="hasattr"):
                return True
            case ast.Name(id=name) if name in telling:
                return True
    return False


def _names_in(
    tree: ast.Module, imported: dict[str, tuple[str, ...]], telling: frozenset[str]
) -> Iterator[ApiName]:
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        match node:
            case ast.If(test=test) | ast.IfExp(test=test) if _asks_for_version(test, telling):
                continue
            case ast.BoolOp(values=[test, *_]) if _asks_for_version(test, telling):
                continue
            case ast.Try() if any(map(_handles_missing_name, node.handlers)):
                continue
            case ast.Import(names=names):
                for alias in names:
                    if _is_tensorflow(alias.name):
                        yield ApiName((alias.name,), alias)
            case ast.ImportFrom(module=str(module), level=0, names=names):
                for alias in names:
                    if _is_tensorflow(module):
                        yield ApiName((import_path(module, alias.name),), alias)
            case ast.Attribute():
                root, attributes = _chain(node)
                if isinstance(root, ast.Name) and root.id in imported:
                    paths = tuple(".".join([path, *attributes]) for path in imported[root.id])
                    yield ApiName(paths, node, imported[root.id])
                else:
                    pending.append(root)
                continue
        pending.extend(index_children(node))


def _chain(node: ast.expr) -> tuple[ast.expr, list[str]]:
    """``root.a.b`` taken apart."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    return node, attributes


def _handles_missing_name(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = {node.id for node in index_nodes([handler.type]) if isinstance(node, ast.Name)}
    return bool(named & _MISSING_NAME)
