"""The possible functions of an expression, as far as a file shows.

Values are followed through names, attributes, conditional expressions, ``functools.partial``,
builders, instances with a ``__call__``, and the decorators that the file defines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from estimator_lint.discovery.definitions import (
    AnyFunction,
    Definitions,
    Scope,
    does_nothing,
    look_up,
)
from estimator_lint.discovery.signatures import Signature, signature_of
from estimator_lint.settings import Settings

#: How far aliases, partials and builders are followed from an Estimator's argument.
MAX_HOPS = 8


@dataclass(frozen=True)
class Given:
    """A callable that an expression may be, made of a function of the file.

    Attributes:
        function: the function that is a model function, if the callable is one.
        signature: the parameters of the callable; None if they are unknown.
        own_signature: what the function itself takes in the same place.
        wrapped_by: the decorator from whose wrapper the signature is.
        certain: the expression is this and nothing else.
    """

    function: AnyFunction
    signature: Signature | None
    own_signature: Signature
    wrapped_by: ast.expr | None = None
    certain: bool = True


class Callables:
    """Finds the functions that expressions of a file may be."""

    def __init__(self, definitions: Definitions, settings: Settings) -> None:
        self._definitions = definitions
        self._settings = settings

    def of(self, node: ast.AST, scope: Scope, hops: int) -> Iterator[Given]:
        """The possible functions of an expression, as far as the file shows."""
        if hops == 0:
            return
        match node:
            case ast.Lambda():
                signature = signature_of(node)
                yield Given(node, signature, signature)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield self.decorated(node, scope, hops, bound=False)
            case ast.Name(id=name):
                values, certain = look_up(scope, name)
                for value, where in values:
                    yield from _doubted(self.of(value, where, hops - 1), not certain)
            case ast.Attribute():
                yield from self._attribute(node, scope, hops)
            case ast.Call(func=called, args=[first, *_]) if (
                self._definitions.path(called, scope) == "functools.partial"
            ):
                for function in self.of(first, scope, hops - 1):
                    yield replace(function, signature=filled(function.signature, node))
            case ast.Call(func=ast.Name(id=name)) if name in self._definitions.classes:
                yield from self._method(self._definitions.classes[name], "__call__", hops, True)
            case ast.Call(func=called):
                for builder in self.of(called, scope, hops - 1):
                    yield from self.returned(builder, hops)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self.of(body, scope, hops - 1)
                yield from self.of(orelse, scope, hops - 1)

    def returned(self, builder: Given, hops: int) -> Iterator[Given]:
        """The returned values of a builder."""
        inner = self._definitions.scopes[builder.function]
        doubtful = not builder.certain or len(inner.returns) != 1
        for returned in inner.returns:
            yield from _doubted(self.of(returned, inner, hops - 1), doubtful)

    def _attribute(self, node: ast.Attribute, scope: Scope, hops: int) -> Iterator[Given]:
        """A method of ``self``, of a class, or of an instance."""
        doubtful = node.attr in self._definitions.source.attributes_stored
        for owner, is_instance, certain in self._owners(node.value, scope, hops - 1):
            methods = self._method(owner, node.attr, hops, is_instance)
            yield from _doubted(methods, doubtful or not certain)

    def _owners(
        self, node: ast.AST, scope: Scope, hops: int
    ) -> Iterator[tuple[ast.ClassDef | None, bool, bool]]:
        """The classes whose attribute ``node.x`` may be; whether of an instance; certainly so."""
        classes = self._definitions.classes
        match node:
            case ast.Name(id="self" | "cls" as name):
                yield scope.owner, name == "self", True
            case ast.Name(id=name) if name in classes:
                yield classes[name], False, True
            case ast.Call(func=ast.Name(id=name)) if name in classes:
                yield classes[name], True, True
            case ast.Name(id=name) if hops:
                values, sure = look_up(scope, name)
                for value, where in values:
                    for owner, is_instance, certain in self._owners(value, where, hops - 1):
                        yield owner, is_instance, certain and sure

    def _method(
        self, owner: ast.ClassDef | None, name: str, hops: int, is_instance: bool
    ) -> Iterator[Given]:
        method = self._definitions.method(owner, name, hops)
        if method is None:
            return
        decorators = {last_name(decorator) for decorator in method.decorator_list}
        if decorators & {"property", "cached_property"}:
            yield from self.returned(Given(method, None, signature_of(method)), hops)
            return
        bound = "staticmethod" not in decorators and (is_instance or "classmethod" in decorators)
        scope = self._definitions.scopes[method]
        given = self.decorated(method, scope, hops, bound)
        # A method that only raises is meant to be overridden.
        yield replace(given, certain=given.certain and not _only_raises(method))

    def is_marked(self, function: AnyFunction) -> bool:
        """Whether a decorator says that it is a model function."""
        return any(self._marks(decorator) for decorator in decorators_of(function))

    def _marks(self, decorator: ast.expr) -> bool:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        return last_name(called) in self._settings.decorators

    def decorated(self, function: AnyFunction, scope: Scope, hops: int, bound: bool) -> Given:
        """The value that a definition binds to its name; ``bound``: the receiver is passed."""
        signature = signature_of(function)
        given = Given(function, signature, signature)
        for decorator in reversed(decorators_of(function)):
            given = self._apply(decorator, given, scope, hops)
        if not bound:
            return given
        own, seen = given.own_signature, given.signature
        return replace(
            given,
            own_signature=own.without_first(1),
            signature=None if seen is None else seen.without_first(1),
        )

    def _apply(self, decorator: ast.expr, given: Given, scope: Scope, hops: int) -> Given:
        """The result of applying a decorator to a callable."""
        if last_name(decorator) in ("staticmethod", "classmethod"):
            return given
        # `functools.wraps` copies the name, not what `fn_args` looks at.
        if isinstance(decorator, ast.Call):
            if self._definitions.path(decorator.func) == "functools.wraps":
                return given
        found = list(self.of(decorator, scope, hops - 1)) if hops else []
        if not found:
            marks = self._marks(decorator)
            return given if marks else replace(given, signature=None)
        made = [self._made_by(each, decorator, given, hops) for each in found]
        return made[0] if len(made) == 1 else replace(given, signature=None)

    def _made_by(self, decorating: Given, decorator: ast.expr, given: Given, hops: int) -> Given:
        """The result of a decorator that the file defines."""
        unknown = replace(given, signature=None)
        inner = self._definitions.scopes[decorating.function]
        parameters = signature_of(decorating.function).seen
        if not decorating.certain or not parameters or len(inner.returns) != 1:
            return unknown
        returned = inner.returns[0]
        if isinstance(returned, ast.Name) and returned.id == parameters[0].name:
            return given if inner.times_bound[returned.id] == 1 else unknown
        wrappers = list(self.of(returned, inner, hops - 1))
        if len(wrappers) != 1 or not wrappers[0].certain or wrappers[0].signature is None:
            return unknown
        if "__signature__" in self._definitions.source.attributes_stored:
            return unknown
        return replace(given, signature=wrappers[0].signature, wrapped_by=decorator)


def filled(signature: Signature | None, partial: ast.Call) -> Signature | None:
    """The rest of a signature after ``functools.partial``."""
    if signature is None or not is_closed(partial):
        return None
    names = frozenset(keyword.arg for keyword in partial.keywords if keyword.arg)
    return signature.without_first(len(partial.args) - 1).without_names(names)


def _doubted(callables: Iterator[Given], doubtful: bool) -> Iterator[Given]:
    for each in callables:
        yield replace(each, certain=False) if doubtful else each


def _only_raises(method: ast.FunctionDef) -> bool:
    return does_nothing(method) or isinstance(method.body[-1], ast.Raise)


def decorators_of(function: AnyFunction) -> list[ast.expr]:
    """The decorators of a function, the outermost first; a lambda has none."""
    return getattr(function, "decorator_list", [])


def last_name(node: ast.expr) -> str:
    """The last part of ``a.b.c``; empty if it is not a name."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def is_closed(call: ast.Call) -> bool:
    """Whether a call has no arguments but those that are written."""
    return not any(isinstance(argument, ast.Starred) for argument in call.args) and all(
        keyword.arg is not None for keyword in call.keywords
    )


def argument_of(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """The argument of a call at a position or with a name."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if position < len(call.args) else None
