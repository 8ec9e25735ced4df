"""Finding the model functions of a file, on its index.

A model function is named like one, decorated like one, or given to an Estimator;
or it takes just what an Estimator passes, and builds a spec.
"""

from __future__ import annotations

import ast
import fnmatch
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from estimator_lint.settings import Settings
from estimator_lint.source import SourceFile
from estimator_lint.tensorflow_api.symbols import estimator_class, spec_class

AnyFunction: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

#: How far aliases, partials and builders are followed from an Estimator's argument.
_MAX_HOPS = 8

#: A function that takes these and no others but those below, and builds a spec,
#: is a model function whatever its name.
_SIGNATURE = frozenset({"features", "labels", "mode"})
#: What an Estimator passes.
_PASSED = _SIGNATURE | {"params", "config"}

#: For each Estimator whose class is not known to be TensorFlow's.
UNKNOWN_ESTIMATOR = "?"


@dataclass
class ModelFunction:
    """A function that an Estimator calls, or looks made for that.

    Attributes:
        node: its definition.
        name: its name; of a lambda the name it is assigned to, if any.
        owner: the class it is a method of.
        enclosing: the functions around it, the outermost first, each with the
            class that it is a method of.
        decorated: it is marked by a decorator.
        given_to: the classes of the Estimators that the file gives it to.
    """

    node: AnyFunction
    name: str
    owner: ast.ClassDef | None
    enclosing: tuple[tuple[AnyFunction, ast.ClassDef | None], ...]
    decorated: bool = False
    given_to: set[str] = field(default_factory=set)


def may_hold_model_functions(text: str, settings: Settings) -> bool:
    """A test of the bare text that is never wrong when it says no."""
    return any(word in text for word in _telling_words(settings)) or (
        "tensorflow" in text and ("Estimator" in text or "ModelFnOps" in text)
    )


@functools.lru_cache(maxsize=8)
def _telling_words(settings: Settings) -> tuple[str, ...]:
    """Words of which a model function of that name or decorator has one."""
    words = {max(re.split(r"[*?\[\]!]", glob), key=len) for glob in settings.model_fn_globs}
    words |= {*settings.decorators}
    # What contains another of them is not found where that one isn't.
    return tuple(
        sorted(word for word in words if not any(each != word and each in word for each in words))
    )


def find_model_functions(source: SourceFile, settings: Settings) -> list[ModelFunction]:
    """The model functions of ``source`` in the order of their definitions."""
    return _Discovery(source, settings).run()


@dataclass(eq=False)
class _Scope:
    """A function, or the module, with what its names are bound to.

    Attributes:
        values: for each name the functions and expressions bound to it.
        returns: the expressions it returns.
    """

    parent: _Scope | None
    owner: ast.ClassDef | None
    function: AnyFunction | None = None
    values: dict[str, list[tuple[ast.AST, _Scope]]] = field(default_factory=dict)
    returns: list[ast.expr] = field(default_factory=list)
    builds_spec: bool = False
    yields: bool = False


_FUNCTIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})
_TELLING = frozenset({ast.Assign, ast.AnnAssign, ast.Return, ast.Call, ast.Yield, ast.YieldFrom})


class _Discovery:
    def __init__(self, source: SourceFile, settings: Settings) -> None:
        self._source = source
        self._settings = settings
        self._scopes: dict[AnyFunction, _Scope] = {}
        self._names: dict[AnyFunction, str] = {}
        self._owners: dict[AnyFunction, ast.ClassDef | None] = {}
        self._classes: dict[str, ast.ClassDef] = {}
        self._calls: list[tuple[ast.Call, _Scope]] = []
        self._given: dict[AnyFunction, set[str]] = {}

    def run(self) -> list[ModelFunction]:
        module = _Scope(None, None)
        self._index(self._source.tree, module)
        self._follow_calls()
        found = [
            ModelFunction(
                node=node,
                name=self._names.get(node, "<lambda>"),
                owner=self._owners[node],
                enclosing=self._enclosing(scope),
                decorated=self._is_decorated(node),
                given_to=self._given.get(node, set()),
            )
            for node, scope in self._scopes.items()
            if self._is_model_function(node, scope)
        ]
        return sorted(found, key=lambda function: (function.node.lineno, function.node.col_offset))

    # Indexing

    def _index(self, tree: ast.Module, module: _Scope) -> None:
        pending: list[tuple[ast.AST, _Scope, ast.ClassDef | None]] = [(tree, module, None)]
        while pending:
            node, scope, owner = pending.pop()
            if type(node) in _FUNCTIONS:
                assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                pending += self._enter_function(node, scope, owner)
                continue
            if type(node) in _TELLING:
                self._note(node, scope)
            if isinstance(node, ast.ClassDef):
                self._classes[node.name] = node
                pending += [
                    (child, scope, node if child in node.body else None)
                    for child in ast.iter_child_nodes(node)
                ]
                continue
            inner_owner = None if isinstance(node, ast.expr) else owner
            pending += [(child, scope, inner_owner) for child in ast.iter_child_nodes(node)]

    def _note(self, node: ast.AST, scope: _Scope) -> None:
        """Note what a node tells of the scope it stands in."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._bind(scope, name, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._bind(scope, name, value)
            case ast.Return(value=ast.expr() as value):
                scope.returns.append(value)
            case ast.Call():
                self._calls.append((node, scope))
                path = self._path(node.func)
                scope.builds_spec |= path is not None and spec_class(path) is not None
            case ast.Yield() | ast.YieldFrom():
                scope.yields = True

    def _enter_function(
        self, node: AnyFunction, scope: _Scope, owner: ast.ClassDef | None
    ) -> Iterator[tuple[ast.AST, _Scope, ast.ClassDef | None]]:
        around = scope.owner if owner is None else owner
        inner = _Scope(scope, around, node)
        self._scopes[node] = inner
        self._owners[node] = owner
        if isinstance(node, ast.Lambda):
            inner.returns.append(node.body)
            yield node.body, inner, None
        else:
            self._names[node] = node.name
            if owner is None:
                scope.values.setdefault(node.name, []).append((node, scope))
            for decorator in node.decorator_list:
                yield decorator, scope, None
            for statement in node.body:
                yield statement, inner, None
        yield node.args, scope, None

    def _bind(self, scope: _Scope, name: str, value: ast.expr) -> None:
        scope.values.setdefault(name, []).append((value, scope))
        if isinstance(value, ast.Lambda):
            self._names[value] = name

    # Judging

    def _is_model_function(self, node: AnyFunction, scope: _Scope) -> bool:
        if isinstance(node, ast.AsyncFunctionDef) or scope.yields or _does_nothing(node):
            return False
        if node in self._given or self._is_decorated(node):
            return True
        arguments = node.args
        names = [
            argument.arg
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        ]
        if self._owners[node] is not None and not _is_static(node):
            names = names[1:]
        if scope.builds_spec and _SIGNATURE <= set(names) <= _PASSED:
            return True
        name = self._names.get(node)
        if name is None or not any(
            fnmatch.fnmatchcase(name, glob) for glob in self._settings.model_fn_globs
        ):
            return False
        return "mode" in names or (scope.builds_spec and bool(names))

    def _is_decorated(self, node: AnyFunction) -> bool:
        for decorator in getattr(node, "decorator_list", ()):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in self._settings.decorators:
                return True
        return False

    def _enclosing(self, scope: _Scope) -> tuple[tuple[AnyFunction, ast.ClassDef | None], ...]:
        found = []
        around = scope.parent
        while around is not None and around.function is not None:
            found.append((around.function, self._owners[around.function]))
            around = around.parent
        return tuple(reversed(found))

    # Functions given to an Estimator

    def _follow_calls(self) -> None:
        for call, scope in self._calls:
            kind = self._estimator_called(call)
            if kind is None:
                continue
            given = next((k.value for k in call.keywords if k.arg == "model_fn"), None)
            if given is None and kind != UNKNOWN_ESTIMATOR and call.args:
                given = call.args[0]
            if given is not None:
                for function in self._functions(given, scope, _MAX_HOPS):
                    self._given.setdefault(function, set()).add(kind)

    def _estimator_called(self, call: ast.Call) -> str | None:
        path = self._path(call.func)
        kind = None if path is None else estimator_class(path)
        if kind is not None:
            return kind
        called = call.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        takes_it = any(keyword.arg == "model_fn" for keyword in call.keywords)
        if takes_it and (name.endswith("Estimator") or _is_super_init(called)):
            return UNKNOWN_ESTIMATOR
        return None

    def _functions(self, node: ast.AST, scope: _Scope, hops: int) -> Iterator[AnyFunction]:
        """The functions that an expression may be, as far as the file tells."""
        if hops == 0:
            return
        match node:
            case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node
            case ast.Name(id=name):
                for value, where in _look_up(scope, name):
                    yield from self._functions(value, where, hops - 1)
            case ast.Attribute(value=ast.Name(id=base), attr=name):
                owner = scope.owner if base in ("self", "cls") else self._classes.get(base)
                yield from self._method(owner, name, hops)
            case ast.Call(func=called, args=arguments):
                if self._path(called) == "functools.partial" and arguments:
                    yield from self._functions(arguments[0], scope, hops - 1)
                    return
                for builder in self._functions(called, scope, hops - 1):
                    inner = self._scopes[builder]
                    for returned in inner.returns:
                        yield from self._functions(returned, inner, hops - 1)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._functions(body, scope, hops - 1)
                yield from self._functions(orelse, scope, hops - 1)

    def _method(self, owner: ast.ClassDef | None, name: str, hops: int) -> Iterator[AnyFunction]:
        if owner is None or hops == 0:
            return
        own = [
            statement
            for statement in owner.body
            if isinstance(statement, ast.FunctionDef) and statement.name == name
        ]
        if own:
            yield own[-1]
            return
        for base in owner.bases:
            if isinstance(base, ast.Name):
                yield from self._method(self._classes.get(base.id), name, hops - 1)

    def _path(self, node: ast.expr) -> str | None:
        """The dotted import path that an expression names."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        bound = self._source.imports.get(node.id)
        return ".".join([bound[0], *reversed(parts)]) if bound else None


def _is_static(node: AnyFunction) -> bool:
    return any(
        isinstance(decorator, ast.Name) and decorator.id == "staticmethod"
        for decorator in getattr(node, "decorator_list", ())
    )


def _does_nothing(node: AnyFunction) -> bool:
    """Whether a body is a docstring, ``pass`` or ``...``: made to be overridden."""
    return not isinstance(node, ast.Lambda) and all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in node.body
    )


def _look_up(scope: _Scope | None, name: str) -> list[tuple[ast.AST, _Scope]]:
    while scope is not None:
        if name in scope.values:
            return scope.values[name]
        scope = scope.parent
    return []


def _is_super_init(called: ast.expr) -> bool:
    """``super(...).__init__``, by which a subclass hands its function on."""
    return (
        isinstance(called, ast.Attribute)
        and called.attr == "__init__"
        and isinstance(called.value, ast.Call)
        and isinstance(called.value.func, ast.Name)
        and called.value.func.id == "super"
    )
