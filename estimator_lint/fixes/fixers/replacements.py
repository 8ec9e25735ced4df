"""Fixes for MFN206: a ``_replace`` whose result is unused, or that changes the mode."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.fixes.added_arguments import without_argument
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal


def _assigned(case: Case) -> Iterator[Proposal]:
    """Assign the result to the variable on which ``_replace`` was called."""
    node = case.expression
    parent = None if node is None else next(case.index.around(node), None)
    if node is None or not isinstance(parent, ast.Expr):
        return
    spec = node
    while isinstance(spec, ast.Call) and isinstance(spec.func, ast.Attribute):
        spec = spec.func.value
    if spec is not node and isinstance(spec, ast.Name | ast.Attribute):
        name = case.index.text(spec)
        edit = case.index.insert_before(parent, f"{name} = ")
        yield Proposal(f"Assign the result to '{name}'", FixKind.UNSAFE, (edit,))


def _without_mode(case: Case) -> Iterator[Proposal]:
    """Do not change ``mode``."""
    node = case.expression
    keyword = None if node is None else next(case.index.around(node), None)
    call = None if keyword is None else next(case.index.around(keyword), None)
    if (
        isinstance(keyword, ast.keyword)
        and keyword.arg == "mode"
        and isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
    ):
        if len(call.keywords) > 1:
            edit = without_argument(case.index, call, keyword)
        elif _is_assigned_back(call, call.func.value, next(case.index.around(call), None)):
            return  # only an assignment of a variable to itself would be left
        else:
            edit = Edit(*case.index.end(call.func.value), *case.index.end(call), "")
        yield Proposal("Keep the mode", FixKind.UNSAFE, (edit,))


def _is_assigned_back(call: ast.Call, spec: ast.expr, parent: ast.AST | None) -> bool:
    """Whether the result is assigned to the variable of the spec."""
    return (
        isinstance(parent, ast.Assign)
        and parent.value is call
        and [ast.unparse(target) for target in parent.targets] == [ast.unparse(spec)]
    )


REPLACEMENT_FIXERS = (Fixer("MFN206", _assigned), Fixer("MFN206", _without_mode))
