"""The names that a module binds, and the statements that bind them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from estimator_lint.syntax.index_nodes import index_children


@dataclass(frozen=True)
class Binding:
    """One place where the module binds a name.

    Attributes:
        kind: ``import``, ``def``, ``class``, ``assign`` (``name = value`` at the
            top level) or ``other``.
        node: the statement.
        path: for an import, the dotted path of the imported object; a relative one keeps its
            leading dots.
    """

    kind: str
    node: ast.AST
    path: str = ""


def module_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run in the module's own scope, nested ones included."""
    pending = list(reversed(body))
    while pending:
        statement = pending.pop()
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            children = getattr(statement, field, None)
            if isinstance(children, list):
                pending.extend(
                    inner
                    for child in reversed(children)
                    for inner in (
                        reversed(child.body)
                        if isinstance(child, ast.ExceptHandler | ast.match_case)
                        else [child]
                    )
                )


def catches_import_error(handler: ast.ExceptHandler) -> bool:
    """Whether a handler runs when an import fails."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None
        or getattr(kind, "id", "")
        in ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
        for kind in kinds
    )


def module_path(node: ast.ImportFrom) -> str:
    """The module that names are imported from; a relative one keeps its leading dots."""
    return "." * node.level + (node.module or "")


def import_path(module: str, name: str) -> str:
    """The dotted path of ``name`` in ``module``."""
    return module + name if module.endswith(".") else f"{module}.{name}"


def bindings_of(statement: ast.stmt, top_level: bool) -> Iterator[tuple[str, Binding]]:
    """The names that a statement itself binds; ``top_level``: it is in no block."""
    match statement:
        case ast.Import():
            for alias in statement.names:
                name = alias.asname or alias.name.split(".")[0]
                yield name, Binding("import", statement, alias.name if alias.asname else name)
        case ast.ImportFrom():
            module = module_path(statement)
            for alias in statement.names:
                path = import_path(module, alias.name)
                yield alias.asname or alias.name, Binding("import", statement, path)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement.name, Binding("def", statement)
        case ast.ClassDef():
            yield statement.name, Binding("class", statement)
        case ast.Assign(targets=targets) if top_level:
            for name in _names_stored(statement):
                yield name, Binding("assign" if len(targets) == 1 else "other", statement)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()) if top_level:
            yield name, Binding("assign", statement)
        case _:
            for name in _names_stored(statement):
                yield name, Binding("other", statement)


def _names_stored(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement itself binds; those of nested statements are not its own."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        pending.extend(
            child for child in index_children(node) if not isinstance(child, ast.stmt | ast.Lambda)
        )
