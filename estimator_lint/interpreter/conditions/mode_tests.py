"""Recording which modes a function tests for, and keys that no mode has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import libcst as cst

from estimator_lint.domain.values.values import Constant, SymbolicValue, Value
from estimator_lint.interpreter.objects import known_items
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

Relation: TypeAlias = Literal["==", "!=", "is", "is not", "in", "not in", "<", "<=", ">", ">="]


def note_labels_test(ev: Evaluator, value: Value) -> None:
    """Record a test of ``labels``, if ``value`` is that."""
    if (isinstance(value, SymbolicValue) and value.labels) or (
        isinstance(value, Constant) and value.role == "labels"
    ):
        ev.trace.labels_tested = True


def note_mode_test(
    ev: Evaluator,
    relation: Relation,
    left: Value,
    left_node: cst.BaseExpression,
    right: Value,
    right_node: cst.BaseExpression,
    state: State,
) -> None:
    """Record which modes the comparison ``left relation right`` tests for, if it tests ``mode``."""
    if relation in ("in", "not in"):
        _note_membership_test(ev, left, right, right_node, state)
    elif relation in ("==", "!=", "is", "is not"):
        if is_mode(left):
            note_key(ev, right, right_node, state)
        elif is_mode(right):
            note_key(ev, left, left_node, state)
        else:
            ev.trace.compared_otherwise.update((left_node, right_node))


def _note_membership_test(
    ev: Evaluator, item: Value, container: Value, node: cst.BaseExpression, state: State
) -> None:
    keys, _ = known_items(container, state)
    elements: list[cst.BaseExpression] = [node] * len(keys)
    if isinstance(node, cst.Tuple | cst.List | cst.Set) and len(node.elements) == len(keys):
        elements = [element.value for element in node.elements]
    elif isinstance(node, cst.Dict) and len(node.elements) == len(keys):
        elements = [getattr(element, "key", node) for element in node.elements]
    if not is_mode(item):
        ev.trace.compared_otherwise.update(elements)
        return
    for key, element in zip(keys, elements, strict=True):
        note_key(ev, key, element, state)


def is_mode(value: Value) -> bool:
    """Whether a value is the ``mode`` argument."""
    return isinstance(value, Constant) and value.role == "mode"


def note_key(ev: Evaluator, key: Value, node: cst.BaseExpression, state: State) -> None:
    """Record that ``mode`` was compared with ``key``, which is at ``node``."""
    if not isinstance(key, Constant) or key.value is None or key.role == "mode":
        return
    mode = MODE_OF_KEY.get(key.value) if isinstance(key.value, str) else None
    if mode is not None:
        ev.trace.tested.add(mode)
    elif _is_meant_as_key(ev, node):
        place = ev.place(node)
        ev.trace.note_unknown_key(place, repr(key.value), state.doubts, state.passed)


def _is_meant_as_key(ev: Evaluator, node: cst.BaseExpression) -> bool:
    """Whether a key is written in the comparison, or is a name that is only compared.

    A name with other uses is a mode of the project's own, with which code other than an Estimator
    calls the function; so is one from another file, because others may call a helper in that file
    with it.
    """
    if ev.frame.code.module is not ev.own_module:
        return False
    if isinstance(node, cst.Name) and node.value not in ("True", "False"):
        index = ev.own_module.index
        return not index.is_imported(node.value) and index.only_compares(node.value)
    return not isinstance(node, cst.Attribute | cst.Call)
