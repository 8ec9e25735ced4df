"""Fixes for MFN202: return a spec instead of another value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.values import (
    BoundBuiltin,
    Reference,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.fixes.fix import FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.tensorflow_api.modes import Mode


def _returned(case: Case) -> list[Value]:
    """The values that the finding's modes return at its place."""
    values = []
    for function in case.analysis.functions:
        for mode in case.finding.modes:
            for returned in function.traces[mode].returns:
                if returned.place is None:
                    continue
                position = returned.place.position()
                if (position.line, position.column) == case.place:
                    values.append(returned.value)
    return values


def _called(case: Case) -> Iterator[Proposal]:
    """Call a method that creates a spec."""
    node, values = case.expression, _returned(case)
    if node is not None and values and all(map(_makes_spec, values)):
        edit = case.index.insert_after(node, "()")
        yield Proposal("Call the method", FixKind.SAFE, (edit,))


def _makes_spec(value: Value) -> bool:
    return isinstance(value, BoundBuiltin) and isinstance(value.receiver, SpecValue)


def _unpacked(case: Case) -> Iterator[Proposal]:
    """Return a spec itself that is the only item of a tuple or list."""
    node, values = case.expression, _returned(case)
    if node is None or not values or not all(map(_is_sequence, values)):
        return
    title = "Return the spec itself"
    if isinstance(node, ast.List | ast.Tuple):
        if len(node.elts) == 1 and not isinstance(node.elts[0], ast.Starred):
            item = case.index.text(node.elts[0])
            yield Proposal(title, FixKind.SAFE, (case.index.replace(node, item),))
    elif all(map(_has_one_item, values)) or _is_list_of_one(case, node):
        yield Proposal(title, FixKind.SAFE, (case.index.insert_after(node, "[0]"),))


def _is_sequence(value: Value) -> bool:
    return isinstance(value, TupleValue) or (isinstance(value, Reference) and value.kind == "list")


def _has_one_item(value: Value) -> bool:
    return isinstance(value, TupleValue) and len(value.items) == 1


def _is_list_of_one(case: Case, node: ast.expr) -> bool:
    """Whether a variable is a list that is made with one item, and only read at a node."""
    if not isinstance(node, ast.Name):
        return False
    made = case.analysis.assigned_to(node)
    reads = [
        each
        for each in ast.walk(case.index.scope_of(node))
        if isinstance(each, ast.Name) and each.id == node.id and isinstance(each.ctx, ast.Load)
    ]
    lists = [each for each in made if isinstance(each, ast.List) and len(each.elts) == 1]
    return (
        reads == [node]
        and bool(lists)
        and lists == made
        and not isinstance(lists[0].elts[0], ast.Starred)
    )


def _wrapped(case: Case) -> Iterator[Proposal]:
    """Build a spec from the returned fields or predictions."""
    node, values = case.expression, _returned(case)
    spec = case.analysis.spelling.spec_class()
    if node is None or spec is None or not values:
        return
    mode = case.analysis.spelling.mode_at(node)
    are_dicts = all(isinstance(value, Reference) and value.kind == "dict" for value in values)
    if are_dicts:  # the proof decides which form fits the keys
        edits = case.index.surround(node, f"{spec}(**", ")")
        yield Proposal("Build a spec from the fields", FixKind.UNSAFE, edits)
    if mode is None:
        return
    if case.finding.modes == (Mode.PREDICT,) and (are_dicts or all(map(_is_tensor, values))):
        edits = case.index.surround(node, f"{spec}({mode}, predictions=", ")")
        yield Proposal("Build a spec from the predictions", FixKind.UNSAFE, edits)
    if are_dicts:
        edits = case.index.surround(node, f"{spec}({mode}, **", ")")
        yield Proposal("Build a spec from the fields", FixKind.UNSAFE, edits)


def _is_tensor(value: Value) -> bool:
    return isinstance(value, SymbolicValue) and value.tensor


def _converted(case: Case) -> Iterator[Proposal]:
    """Convert a spec for a TPUEstimator to one for an Estimator."""
    node = case.expression
    if isinstance(node, ast.Call) and any(
        visit.spec_class.for_tpu
        and (visit.place.position().line, visit.place.position().column) == case.place
        for visit in case.analysis.visits()
    ):
        edit = case.index.insert_after(node, ".as_estimator_spec()")
        yield Proposal("Convert it with 'as_estimator_spec'", FixKind.UNSAFE, (edit,))


RETURNED_SPEC_FIXERS = (
    Fixer("MFN202", _called),
    Fixer("MFN202", _unpacked),
    Fixer("MFN202", _wrapped),
    Fixer("MFN202", _converted),
)
