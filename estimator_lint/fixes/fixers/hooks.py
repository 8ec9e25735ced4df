"""Fixes for MFN308: hooks outside of a list, or classes of hooks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.domain.values.values import ClassValue, SymbolicValue, Value
from estimator_lint.fixes.fix import FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.rules.train_ops import items_of
from estimator_lint.syntax.nodes import final_name
from estimator_lint.tensorflow_api.value_types import HOOKS_WITHOUT_ARGUMENTS, Kind, kind_of_result


def _listed(case: Case) -> Iterator[Proposal]:
    hook = case.expression
    if hook is not None:
        edits = case.index.surround(hook, "[", "]")
        yield Proposal("Put the hook in a list", FixKind.SAFE, edits)


def _made(case: Case) -> Iterator[Proposal]:
    hooks = case.expression
    for node in case.index.inside(hooks) if hooks is not None else ():
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            classes = [
                item
                for number, item in enumerate(node.elts)
                if isinstance(item, ast.Name | ast.Attribute) and _is_class(case, number)
            ]
            if classes:
                words = dict.fromkeys(repr(case.index.text(item)) for item in classes)
                title = f"Create an instance of {' and '.join(words)}"
                edits = tuple(case.index.insert_after(item, "()") for item in classes)
                yield Proposal(title, FixKind.UNSAFE, edits)


def _is_class(case: Case, number: int) -> bool:
    """Whether an item of the hooks is always a class, whose instances need no arguments."""
    found = False
    for visit, field, _ in case.analysis.visits_with(*case.place):
        items = items_of(visit.fields[field])
        if items is None or number >= len(items):
            continue
        found = _needs_no_arguments(items[number])
        if not found:
            return False
    return found


def _needs_no_arguments(value: Value) -> bool:
    """Whether a value is a class of hooks that may be called without arguments.

    A constructor of the file's own may: if it needs some, the call is a finding.
    """
    if isinstance(value, ClassValue):
        return "__init__" in value.code.methods or all(
            final_name(base.value) in HOOKS_WITHOUT_ARGUMENTS for base in value.code.node.bases
        )
    symbol = value.symbol if isinstance(value, SymbolicValue) else None
    return (
        symbol is not None
        and kind_of_result(symbol) is Kind.HOOK
        and symbol.rpartition(".")[2] in HOOKS_WITHOUT_ARGUMENTS
    )


HOOK_FIXERS = (Fixer("MFN308", _listed), Fixer("MFN308", _made))
