"""Fixes for MFN203: make an assignment of some modes run in all modes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.indenting import lines_inside_strings
from estimator_lint.fixes.source_index import SourceIndex, insertion


def _before_the_test(case: Case) -> Iterator[Proposal]:
    """Move an assignment from a branch before the ``if``."""
    read = case.expression
    scope = None if read is None else case.index.scope_of(read)
    if not isinstance(read, ast.Name) or not isinstance(scope, ast.FunctionDef):
        return
    for statement in scope.body:
        if isinstance(statement, ast.If) and statement.lineno < read.lineno:
            for each in case.index.inside(statement):
                match each:
                    case ast.Assign(targets=[ast.Name(id=name)]) if name == read.id:
                        edits = _moved_before(case.index, each, statement)
                        if edits is not None:
                            title = f"Assign '{name}' in every mode, before line {statement.lineno}"
                            yield Proposal(title, FixKind.SHOWN, edits)


def _moved_before(
    index: SourceIndex, statement: ast.stmt, block: ast.stmt
) -> tuple[Edit, ...] | None:
    """Edits that move a statement before the block around it; None if it shares its lines."""
    first, (last, end) = statement.lineno, index.end(statement)
    inner, outer = index.before(statement), index.before(block)
    rest = index.source.lines[last - 1][end:].strip()
    lines = index.source.lines[first - 1 : last]
    if (
        inner.strip()
        or not inner.startswith(outer)
        or (rest and not rest.startswith("#"))
        or not index.tokens
        or not lines_inside_strings(index).isdisjoint(range(first, last + 1))
        or not all(line.startswith(inner) or not line.strip() for line in lines)
    ):
        return None
    moved = "".join(f"{outer}{line.removeprefix(inner)}\n" for line in lines)
    return insertion((block.lineno, 0), moved), _removed(index, statement, last)


def _removed(index: SourceIndex, statement: ast.stmt, last: int) -> Edit:
    """An edit that removes a statement on lines of its own, and leaves its block nonempty."""
    parent = next(index.around(statement))
    blocks = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody"))
    if [statement] in blocks:
        line = index.source.lines[last - 1]
        return Edit(*index.start(statement), last, len(line), "pass")
    return Edit(statement.lineno, 0, last + 1, 0, "")


HOISTED_ASSIGNMENT_FIXERS = (Fixer("MFN203", _before_the_test),)
