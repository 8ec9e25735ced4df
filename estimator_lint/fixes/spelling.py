"""How new code in a file spells TensorFlow's names, the mode and its keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from estimator_lint.tensorflow_api.exports import exports
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from estimator_lint.discovery.definitions import Definitions
    from estimator_lint.fixes.source_index import SourceIndex
    from estimator_lint.syntax.source import SourceFile

_ROOT: Final = "tensorflow"
_V1: Final = "tensorflow.compat.v1"


class Spelling:
    """The names of a file, for new code in it.

    Args:
        source: the file.
        index: finds its nodes.
        definitions: the meanings of its names.
        version: the configured TensorFlow version, if any.
    """

    def __init__(
        self,
        source: SourceFile,
        index: SourceIndex,
        definitions: Definitions,
        version: str | None,
    ) -> None:
        self._source = source
        self._index = index
        self._definitions = definitions
        self._version = version

    def tensorflow(self, name: str) -> str | None:
        """A name of TensorFlow's v1 API, such as ``train.Saver``, as the file writes it.

        None if no import of the file gives access to it.
        """
        for alias, path in self._roots:
            if path == _V1:
                return f"{alias}.{name}"
        for alias, path in self._roots:
            if path == _ROOT:
                if self._is_everywhere(name):
                    return f"{alias}.{name}"
                v1 = f"{alias}.compat.v1"
                return f"{v1}.{name}" if self._names_v1(v1) else f"{alias}.{name}"
        return None

    def _is_everywhere(self, name: str) -> bool:
        """Whether each possible version has a name under ``tensorflow`` itself."""
        versions = exports().versions if self._version is None else (self._version,)
        return all(exports().missing(f"{_ROOT}.{name}", each) is None for each in versions)

    def _names_v1(self, prefix: str) -> bool:
        return (self._version is not None and self._version.startswith("2.")) or any(
            isinstance(node, ast.Attribute) and ast.unparse(node) == prefix
            for node in self._source.nodes
        )

    @cached_property
    def _roots(self) -> list[tuple[str, str]]:
        """The names that one import of the module binds and nothing else, with their meanings."""
        source = self._source
        return [
            (name, bindings[0].path)
            for name, bindings in source.own_bindings.items()
            if self._is_seen_everywhere(name)
            and source.imports.get(name, []) == [bindings[0].path]
            and is_tensorflow(bindings[0].path)
        ]

    def _is_seen_everywhere(self, name: str) -> bool:
        """Whether imports of the module bind a name, and nothing else does."""
        return name in self._source.own_bindings and name not in self._bound_otherwise

    @cached_property
    def _bound_otherwise(self) -> frozenset[str]:
        return _names_bound_otherwise(self._source.tree)

    def mode_at(self, node: ast.AST) -> str | None:
        """The name of the mode at a node: a parameter that is never rebound."""
        for function in self._index.functions_around(node):
            scope = self._definitions.scopes[function]
            parameters = (
                *function.args.posonlyargs,
                *function.args.args,
                *function.args.kwonlyargs,
            )
            if any(parameter.arg == "mode" for parameter in parameters):
                return "mode" if scope.times_bound["mode"] == 1 else None
            if scope.times_bound["mode"]:
                return None
        return None

    def key(self, mode: Mode) -> str:
        """The key of a mode as the file writes it: by ``ModeKeys``, or as a string."""
        for node in self._source.nodes:
            if isinstance(node, ast.Attribute) and node.attr in Mode.__members__:
                path = self._definitions.path(node) or ""
                keys = ast.unparse(node.value)
                if path.endswith(f".estimator.ModeKeys.{node.attr}") and (
                    self._is_seen_everywhere(keys.partition(".")[0])
                ):
                    return f"{keys}.{mode.name}"
        return self.tensorflow(f"estimator.ModeKeys.{mode.name}") or f'"{mode.value}"'

    def spec_class(self) -> str | None:
        """``EstimatorSpec`` as the file writes it."""
        for call, scope in self._definitions.calls:
            path = self._definitions.path(call.func, scope) or ""
            if path.endswith(".EstimatorSpec") and is_tensorflow(path):
                return ast.unparse(call.func)
        return self.tensorflow("estimator.EstimatorSpec")


def _names_bound_otherwise(tree: ast.Module) -> frozenset[str]:
    """The names that something other than an import binds, anywhere in a file."""
    return frozenset(_bound(tree))


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield name
            case ast.Global(names=names):
                yield from names
