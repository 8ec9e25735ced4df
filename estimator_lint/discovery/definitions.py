"""The functions, classes and calls of a file, with the names that lead to them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from estimator_lint.syntax.index_nodes import index_children, index_nodes
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.symbols import spec_class

AnyFunction: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_FUNCTIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})
_TELLING = frozenset({ast.Assign, ast.AnnAssign, ast.Return, ast.Call, ast.Yield, ast.YieldFrom})

#: How many names for one another are followed.
_MAX_ALIASES = 4


@dataclass(eq=False)
class Scope:
    """A function, or the module, with what its names are bound to.

    Attributes:
        parent: the scope around it.
        owner: the class whose methods' text it is in.
        function: None of the module.
        node: the function, or the module.
        values: for each name the functions and expressions bound to it.
        returns: the expressions it returns.
        builds_spec: it calls a class of specs.
        yields: it is a generator.
    """

    parent: Scope | None
    owner: ast.ClassDef | None
    function: AnyFunction | None
    node: ast.AST
    values: dict[str, list[tuple[ast.AST, Scope]]] = field(default_factory=dict)
    returns: list[ast.expr] = field(default_factory=list)
    builds_spec: bool = False
    yields: bool = False

    @cached_property
    def times_bound(self) -> Counter[str]:
        """How many places of the scope's own text bind each name."""
        return Counter(_names_bound(self.node))


class Definitions:
    """The definitions of a file, and all its calls.

    Attributes:
        source: the file.
        module: the scope of the module.
        scopes: the scope inside each function.
        names: the names of the functions; of a lambda what it is assigned to.
        owners: for each function the class that it is a method of.
        classes: the classes by name; of several the last one.
        calls: every call, with the scope that it is in.
    """

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.scopes: dict[AnyFunction, Scope] = {}
        self.names: dict[AnyFunction, str] = {}
        self.owners: dict[AnyFunction, ast.ClassDef | None] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.module = Scope(None, None, None, source.tree)
        #: Statements that assign to a name or an attribute.
        self._aliases: set[str] = set()
        self._index(source.tree, self.module)
        for call, scope in self.calls:
            path = self.path(call.func, scope)
            scope.builds_spec |= path is not None and spec_class(path) is not None

    def path(self, node: ast.expr, scope: Scope | None = None) -> str | None:
        """The dotted import path that an expression of a scope names, also by an alias."""
        return self._path(node, scope or self.module, _MAX_ALIASES)

    def _path(self, node: ast.expr, scope: Scope, hops: int) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        imported = self.source.imports.get(node.id)
        start = imported[0] if imported else self._aliased(node.id, scope, hops)
        return None if start is None else ".".join([start, *reversed(parts)])

    def _aliased(self, name: str, scope: Scope, hops: int) -> str | None:
        """The import path that a name is another name for."""
        if name not in self._aliases or hops == 0:
            return None
        values, certain = look_up(scope, name)
        if not certain:
            return None
        value, where = values[0]
        if not isinstance(value, ast.Name | ast.Attribute):
            return None
        return self._path(value, where, hops - 1)

    def method(self, owner: ast.ClassDef | None, name: str, hops: int) -> ast.FunctionDef | None:
        """A method of a class, or of the bases that the file defines."""
        if owner is None or hops == 0:
            return None
        own = [
            statement
            for statement in owner.body
            if isinstance(statement, ast.FunctionDef) and statement.name == name
        ]
        if own:
            return own[-1]
        for base in owner.bases:
            if isinstance(base, ast.Name):
                found = self.method(self.classes.get(base.id), name, hops - 1)
                if found is not None:
                    return found
        return None

    def _index(self, tree: ast.Module, module: Scope) -> None:
        pending: list[tuple[ast.AST, Scope, ast.ClassDef | None]] = [(tree, module, None)]
        while pending:
            node, scope, owner = pending.pop()
            if type(node) in _FUNCTIONS:
                assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                pending += self._enter_function(node, scope, owner)
                continue
            if type(node) in _TELLING:
                self._note(node, scope)
            if isinstance(node, ast.ClassDef):
                self.classes[node.name] = node
                pending += [
                    (child, scope, node if child in node.body else None)
                    for child in index_children(node)
                ]
                continue
            inner_owner = None if isinstance(node, ast.expr) else owner
            pending += [(child, scope, inner_owner) for child in index_children(node)]

    def _note(self, node: ast.AST, scope: Scope) -> None:
        """Record what a node shows about its scope."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._bind(scope, name, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._bind(scope, name, value)
            case ast.Return(value=ast.expr() as value):
                scope.returns.append(value)
            case ast.Call():
                self.calls.append((node, scope))
            case ast.Yield() | ast.YieldFrom():
                scope.yields = True

    def _enter_function(
        self, node: AnyFunction, scope: Scope, owner: ast.ClassDef | None
    ) -> Iterator[tuple[ast.AST, Scope, ast.ClassDef | None]]:
        around = scope.owner if owner is None else owner
        inner = Scope(scope, around, node, node)
        self.scopes[node] = inner
        self.owners[node] = owner
        if isinstance(node, ast.Lambda):
            inner.returns.append(node.body)
            yield node.body, inner, None
        else:
            self.names[node] = node.name
            if owner is None:
                scope.values.setdefault(node.name, []).append((node, scope))
            for decorator in node.decorator_list:
                yield decorator, scope, None
            for statement in node.body:
                yield statement, inner, None
        yield node.args, scope, None

    def _bind(self, scope: Scope, name: str, value: ast.expr) -> None:
        scope.values.setdefault(name, []).append((value, scope))
        if isinstance(value, ast.Lambda):
            self.names[value] = name
        elif isinstance(value, ast.Name | ast.Attribute):
            self._aliases.add(name)


def enclosing_functions(
    definitions: Definitions, scope: Scope
) -> tuple[tuple[AnyFunction, ast.ClassDef | None], ...]:
    """The functions around the one with this scope, the outermost first, each with its class."""
    found = []
    around = scope.parent
    while around is not None and around.function is not None:
        found.append((around.function, definitions.owners[around.function]))
        around = around.parent
    return tuple(reversed(found))


def look_up(scope: Scope | None, name: str) -> tuple[list[tuple[ast.AST, Scope]], bool]:
    """The possible values of a name in a scope, and whether there is one, which it always has."""
    values, is_all = look_up_all(scope, name)
    return values, is_all and len(values) == 1


def look_up_all(scope: Scope | None, name: str) -> tuple[list[tuple[ast.AST, Scope]], bool]:
    """The possible values of a name in a scope, and whether these are all of them."""
    while scope is not None:
        values = scope.values.get(name, [])
        times = scope.times_bound[name]
        if values or times:
            return values, len(values) == times
        scope = scope.parent
    return [], False


def is_builtin(scope: Scope | None, name: str) -> bool:
    """Whether no text around a place binds a name, so that it is Python's own."""
    while scope is not None:
        if scope.times_bound[name]:
            return False
        scope = scope.parent
    return True


def is_static(node: AnyFunction) -> bool:
    """Whether a function has the decorator ``staticmethod``."""
    return any(
        isinstance(decorator, ast.Name) and decorator.id == "staticmethod"
        for decorator in getattr(node, "decorator_list", ())
    )


def does_nothing(node: AnyFunction) -> bool:
    """Whether a body is only a docstring, ``pass`` or ``...``: meant to be overridden."""
    return not isinstance(node, ast.Lambda) and all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in node.body
    )


def _names_bound(root: ast.AST) -> Iterator[str]:
    """The names that a module or function binds, once for each place; not those of inner scopes.

    A name that an inner function declares ``nonlocal`` or ``global`` counts here, too.
    """
    pending = index_children(root)
    while pending:
        node = pending.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.ExceptHandler(name=str() as name):
                yield name
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                yield name
            case ast.MatchMapping(rest=str() as name):
                yield name
            case ast.alias(name=path, asname=alias):
                yield alias or path.split(".")[0]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            for inner in index_nodes([node]):
                if isinstance(inner, ast.Global | ast.Nonlocal):
                    yield from inner.names
        elif isinstance(node, ast.comprehension):
            pending += [node.iter, *node.ifs]  # its target is a variable of the comprehension
        else:
            pending.extend(index_children(node))
