"""Whether code that is not analysed may change the object that a name is bound to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from estimator_lint.discovery.callables import last_name
from estimator_lint.discovery.definitions import Definitions, Scope
from estimator_lint.syntax.index_nodes import index_children

#: A read of a name, the node around it, and the scope of both.
_Read: TypeAlias = "tuple[ast.Name, ast.AST, Scope]"

#: Methods of dicts that leave them as they are, and functions that do so with what they are given.
_READING_METHODS = frozenset({"copy", "get", "items", "keys", "values"})
_READING_FUNCTIONS = frozenset(
    """
    bool copy debug deepcopy dict dumps enumerate format info isinstance iter len list max min
    pprint print repr set sorted str tuple type warning zip
    build_parsing_serving_input_receiver_fn build_raw_serving_input_receiver_fn numpy_input_fn
    """.split()
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def is_handed_on(definitions: Definitions, scope: Scope, name: str, hops: int) -> bool:
    """Whether something else than Estimators may get what ``name`` is bound to, in ``scope``.

    Estimators copy the ``params`` that they are given.  ``hops`` bounds the aliases that are
    followed.
    """
    if not hops or name in definitions.source.names_changed:
        return True
    around: Scope | None = scope
    while around is not None and not around.times_bound[name]:
        around = around.parent
    if around is None:
        return True
    for read, parent, where in _reads(definitions, around, name):
        alias = _alias(parent)
        if alias is not None:
            if is_handed_on(definitions, where, alias, hops - 1):
                return True
        elif not _only_reads(parent, read):
            return True
    return False


def _reads(definitions: Definitions, scope: Scope, name: str) -> Iterator[_Read]:
    """The reads of a name in the scope that binds it, and in those inside."""
    pending: list[tuple[ast.AST, Scope]] = [(scope.node, scope)]
    while pending:
        parent, where = pending.pop()
        # A keyword is an argument of its call, as others are.
        for child in _parts(parent):
            inner = where
            if isinstance(child, _FUNCTIONS):
                inner = definitions.scopes.get(child, where)
                if inner is not where and inner.times_bound[name]:
                    continue  # it has one of its own
            if isinstance(child, ast.Name) and child.id == name and isinstance(child.ctx, ast.Load):
                yield child, parent, where
            pending.append((child, inner))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    for child in index_children(node):
        is_argument = isinstance(child, ast.keyword) and child.arg is not None
        yield child.value if isinstance(child, ast.keyword) and is_argument else child


def _alias(parent: ast.AST) -> str | None:
    """The only name that an assignment binds to what it reads."""
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None


def _only_reads(parent: ast.AST, read: ast.Name) -> bool:
    """Whether the node around ``read`` neither changes nor stores its object."""
    match parent:
        case ast.Attribute(attr=attribute):
            return attribute in _READING_METHODS
        case ast.Call() as call:
            called = last_name(call.func)
            return called in _READING_FUNCTIONS or _constructs_estimator(called)
        case ast.keyword():
            return True  # spread by `**`
        case ast.Dict(values=values):
            return all(
                key is None for key, value in zip(parent.keys, values, strict=True) if value is read
            )
        case ast.Subscript(value=base, ctx=ast.Load()):
            return base is read
        case ast.For() | ast.comprehension() | ast.Compare() | ast.FormattedValue() | ast.If():
            return True
    return False


def _constructs_estimator(called: str) -> bool:
    return called.endswith("Estimator") or called == "__init__"
