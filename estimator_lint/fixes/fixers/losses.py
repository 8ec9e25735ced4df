"""Fixes for MFN304: losses that are not scalar tensors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.fixes.fix import FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal


def _reduced(case: Case) -> Iterator[Proposal]:
    """Reduce a per-example loss to its mean: for the optimizer, too, if that is easy."""
    node = case.expression
    mean = case.analysis.spelling.tensorflow("reduce_mean")
    if node is None or mean is None or not _are_per_example(case):
        return
    if isinstance(node, ast.Name):
        for assigned in case.analysis.assigned_to(node):
            edits = case.index.surround(assigned, f"{mean}(", ")")
            yield Proposal(f"Take the mean where '{node.id}' is assigned", FixKind.UNSAFE, edits)
    edits = case.index.surround(node, f"{mean}(", ")")
    yield Proposal("Pass the mean of the losses to the spec", FixKind.UNSAFE, edits)


def _are_per_example(case: Case) -> bool:
    """Whether the only fault is that the losses are not reduced."""
    found = [
        mistyped.exception
        for visit, field, _ in case.analysis.visits_with(*case.place)
        for mistyped in visit.mistyped
        if mistyped.field == field
    ]
    return bool(found) and all(exception is None for exception in found)


def _as_tensor(case: Case) -> Iterator[Proposal]:
    """Turn a number into a tensor."""
    node = case.expression
    constant = case.analysis.spelling.tensorflow("constant")
    if constant is not None and isinstance(node, ast.Constant) and isinstance(node.value, float):
        edits = case.index.surround(node, f"{constant}(", ")")
        yield Proposal("Convert the number to a tensor", FixKind.UNSAFE, edits)


LOSS_FIXERS = (Fixer("MFN304", _reduced), Fixer("MFN304", _as_tensor))
