"""Fixes for MFN305 and MFN501: ``train_op`` as one op, and counting its steps."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.domain.values.values import SymbolicValue, Value
from estimator_lint.fixes.added_arguments import add_argument, given
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.rules.train_ops import items_of
from estimator_lint.tensorflow_api.train_op_functions import global_step_argument
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

#: Grouping these would not run a training step.
_NO_STEPS = frozenset({Kind.GRADIENTS, Kind.TENSORS})


def _grouped(case: Case) -> Iterator[Proposal]:
    """Group several ops into one."""
    node = case.expression
    group = case.analysis.spelling.tensorflow("group")
    values = list(_values(case))
    if node is None or group is None or not values or not all(map(_are_ops, values)):
        return
    index = case.index
    title = f"Combine them with '{group}'"
    if isinstance(node, ast.List | ast.Tuple):
        start, end = index.start(node), index.end(node)
        edits = (
            Edit(*start, start[0], start[1] + 1, f"{group}("),
            Edit(end[0], end[1] - 1, *end, ")"),
        )
        yield Proposal(title, FixKind.SAFE, edits)
    elif isinstance(node, ast.Name | ast.Attribute):
        yield Proposal(title, FixKind.SAFE, index.surround(node, f"{group}(*", ")"))


def _values(case: Case) -> Iterator[Value]:
    """The values at the place of the finding."""
    for visit, field, _ in case.analysis.visits_with(*case.place):
        yield visit.fields[field]


def _are_ops(value: Value) -> bool:
    """Whether the items of a list may be ops, and are certainly not gradients."""
    items = items_of(value)
    return bool(items) and all(
        isinstance(item, SymbolicValue)
        and item.symbol is None
        and kind_of_result(item.result_of or "") not in _NO_STEPS
        for item in items or ()
    )


def _first_update(case: Case) -> Iterator[Proposal]:
    """A Keras optimizer returns its step in a list: take the first item."""
    node = case.expression
    values = list(_values(case))
    if node is not None and values and all(map(_is_updates, values)):
        edit = case.index.insert_after(node, "[0]")
        yield Proposal("Remove the step from the list of updates", FixKind.SAFE, (edit,))


def _is_updates(value: Value) -> bool:
    return isinstance(value, SymbolicValue) and (value.result_of or "").endswith("().get_updates")


def _counted(case: Case) -> Iterator[Proposal]:
    """Pass the global step to an optimizer's step, which then increments it."""
    step = case.analysis.spelling.tensorflow("train.get_global_step")
    if step is None:
        return
    for call in case.index.nodes_at(*case.place):
        position = _global_step_position(call)
        if isinstance(call, ast.Call) and position is not None:
            title = f"Increment the global step: 'global_step={step}()'"
            present = given(call, "global_step", position)
            if present is not None:
                if not isinstance(present, ast.Constant):
                    continue  # other code may pass a global step
                edit = case.index.replace(present, f"{step}()")
            else:
                edit = add_argument(case.index, call, f"global_step={step}()")
            yield Proposal(title, FixKind.UNSAFE, (edit,))


def _global_step_position(node: ast.AST) -> int | None:
    """The position at which a call that makes a step takes the global step."""
    match node:
        case ast.Call(func=ast.Attribute(attr=method)):
            return global_step_argument(f"tensorflow.train.GradientDescentOptimizer().{method}")
    return None


TRAIN_STEP_FIXERS = (
    Fixer("MFN305", _grouped),
    Fixer("MFN305", _first_update),
    Fixer("MFN501", _counted),
)
