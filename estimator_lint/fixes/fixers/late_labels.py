"""Fixes for MFN601: run the code that needs labels only where there are labels."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.indenting import put_under
from estimator_lint.fixes.source_index import SourceIndex, insertion


def _moved(case: Case) -> Iterator[Proposal]:
    """Move the code that needs labels behind a block that returns before."""
    statement = _statement(case)
    if statement is None:
        return
    later = _following(case.index, statement)
    for number, block in enumerate(later):
        if isinstance(block, ast.If) and _leaves(block.body) and not block.orelse:
            edits = _moving(case.index, [statement, *later[:number]], block)
            if edits is not None:
                title = f"Move the statements that need it after line {block.end_lineno}"
                yield Proposal(title, FixKind.SHOWN, edits)


def _statement(case: Case) -> ast.stmt | None:
    node = case.expression
    return None if node is None else case.index.statement_of(node)


def _following(index: SourceIndex, statement: ast.stmt) -> list[ast.stmt]:
    """The statements after one in its block."""
    around = next(index.around(statement))
    for block in ("body", "orelse", "finalbody"):
        statements = getattr(around, block, None)
        if isinstance(statements, list) and statement in statements:
            return statements[statements.index(statement) + 1 :]
    return []


def _leaves(body: list[ast.stmt]) -> bool:
    return isinstance(body[-1], ast.Return | ast.Raise)


def _moving(
    index: SourceIndex, statements: list[ast.stmt], block: ast.stmt
) -> tuple[Edit, ...] | None:
    """Edits that move the first statement behind a block, with those that depend on it."""
    moved = [statements[0]]
    bound = _bound(statements[0])
    for statement in statements[1:]:
        if bound & _read(statement):
            moved.append(statement)
            bound |= _bound(statement)
    edits: list[Edit] = []
    text = ""
    for statement in moved:
        last = statement.end_lineno or statement.lineno
        lines = index.source.lines
        rest = lines[last - 1][index.end(statement)[1] :].strip()
        if index.before(statement).strip() or (rest and not rest.startswith("#")):
            return None
        text += "".join(f"\n{line}" for line in lines[statement.lineno - 1 : last])
        edits.append(Edit(statement.lineno, 0, last + 1, 0, ""))
    end = block.end_lineno or block.lineno
    return (*edits, insertion((end, len(index.source.lines[end - 1])), text))


def _bound(statement: ast.stmt) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }


def _read(statement: ast.stmt) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _under_a_test(case: Case) -> Iterator[Proposal]:
    """Run the code that needs labels only if there are labels."""
    statement = _statement(case)
    names = {
        function.traces[mode].labels_name
        for function in case.analysis.functions
        for mode in case.finding.modes
    }
    for name in sorted(names if statement is not None else ()):
        assert statement is not None
        if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(statement)):
            edits = put_under(case.index, statement, f"if {name} is not None:")
            if edits is not None:
                yield Proposal(f"Run it only if '{name}' is not None", FixKind.SHOWN, edits)


LATE_LABEL_FIXERS = (Fixer("MFN601", _moved), Fixer("MFN601", _under_a_test))
