"""The statements of the file that the skeleton needs: imports, constants, flags, helpers."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from estimator_lint.migration.skeleton.name_paths import NamePaths
from estimator_lint.migration.skeleton.name_rewriting import NameRewriter
from estimator_lint.migration.skeleton.observations import Observations
from estimator_lint.migration.skeleton.remarks import comment_lines
from estimator_lint.syntax.module_bindings import bindings_of, module_statements
from estimator_lint.syntax.pieces import NotAnalysable
from estimator_lint.syntax.source import SourceFile


@dataclass(frozen=True)
class KeptStatement:
    """A statement at the top of the file, with the names of a current TensorFlow.

    Attributes:
        text: the statement, with what is left to do about it above.
        is_import: it is an import, alone or in a ``try``.
        is_definition: it defines a function or class.
        names: what it binds.
        gap: it has an empty line before it in the file.
    """

    text: str
    is_import: bool
    is_definition: bool
    names: frozenset[str]
    gap: bool


def global_names(text: str) -> set[str]:
    """The names of the module that the functions, classes and statements of a text read."""
    try:
        table = symtable.symtable(text, "<skeleton>", "exec")
    except (SyntaxError, RecursionError):  # pragma: no cover - it was parsed before
        return set()
    found: set[str] = set()
    pending = [table]
    while pending:
        each = pending.pop()
        for symbol in each.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or each is table):
                found.add(symbol.get_name())
        pending += each.get_children()
    return found


class KeptCode:
    """Finds the statements that a text needs.

    Args:
        source: the file.
        names: what its names refer to.
    """

    def __init__(self, source: SourceFile, names: NamePaths) -> None:
        self._source = source
        self._names = names
        self._texts: dict[ast.stmt, str] = {}

    def needed_by(self, text: str, left_out: Collection[str]) -> list[KeptStatement]:
        """The statements that bind what ``text`` reads, and so on, in the order of the file.

        ``left_out`` are names that are bound elsewhere.
        """
        wanted = global_names(text) - set(left_out)
        chosen: dict[ast.stmt, frozenset[str]] = {}
        grown = True
        while grown:
            grown = False
            for statement in self._source.tree.body:
                if statement in chosen:
                    continue
                bound = frozenset(_names_bound(statement))
                is_wanted = bound & wanted or self._defines_flags(statement, wanted)
                if is_wanted or _binds_unknown_names(statement):
                    chosen[statement] = bound
                    wanted |= global_names(self._text(statement)) - set(left_out)
                    grown = True
        found = []
        before = 0
        for statement in self._source.tree.body:
            if statement in chosen or _is_future(statement):
                found.append(
                    KeptStatement(
                        self._text(statement),
                        _is_import(statement),
                        isinstance(
                            statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
                        ),
                        chosen.get(statement, frozenset()),
                        statement.lineno - before > 1,
                    )
                )
            before = statement.end_lineno or statement.lineno
        return found

    def _defines_flags(self, statement: ast.stmt, wanted: Collection[str]) -> bool:
        """Whether a statement defines a flag of a library whose flags are read."""
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=value, attr=attribute))):
                path = self._names.definitions.path(value)
                if path is None or not attribute.startswith(("DEFINE", "mark_")):
                    return False
                return any(
                    (self._names.definitions.path(ast.Name(name)) or "").startswith(path)
                    for name in wanted
                )
        return False

    def _text(self, statement: ast.stmt) -> str:
        if statement not in self._texts:
            self._texts[statement] = self._rewritten(statement)
        return self._texts[statement]

    def _rewritten(self, statement: ast.stmt) -> str:
        try:
            piece = self._source.piece_at(statement.lineno)
        except NotAnalysable:
            return ast.unparse(statement)
        rewriter = NameRewriter(self._names, Observations())
        if _is_import(statement):
            rewriter.todos += self._gone_imports(statement)
            text = piece.module.code.strip("\n")
        else:
            text = piece.module.visit(rewriter).code.strip("\n")
        todos = [
            line.comment.value
            for todo in dict.fromkeys(rewriter.todos)
            for line in comment_lines(todo)
            if line.comment is not None
        ]
        return "\n".join([*todos, text])

    def _gone_imports(self, statement: ast.stmt) -> Iterator[str]:
        for inner in module_statements([statement]):
            if isinstance(inner, ast.Import | ast.ImportFrom):
                for _, binding in bindings_of(inner, top_level=False):
                    gone = self._names.in_current_version(binding.path, "").gone
                    if gone is not None:
                        yield f"'{gone}' is gone"


def _names_bound(statement: ast.stmt) -> Iterator[str]:
    for inner in module_statements([statement]):
        for name, _ in bindings_of(inner, top_level=inner is statement):
            yield name


def _binds_unknown_names(statement: ast.stmt) -> bool:
    """Whether a statement imports all names of a module, any of which may be needed."""
    return any(
        isinstance(inner, ast.ImportFrom) and inner.names[0].name == "*"
        for inner in module_statements([statement])
    )


def _is_import(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Try):
        return any(_is_import(inner) for inner in statement.body)
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
