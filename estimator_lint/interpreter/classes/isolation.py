"""Evaluation in isolation from all paths: of code outside of the running functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.paths.state import Layer, State
from estimator_lint.domain.values.scopes import Scope
from estimator_lint.domain.values.values import (
    NONE,
    DictContents,
    Overrides,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.facts.trace import Trace
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.project.code import FunctionCode, ModuleCode
from estimator_lint.syntax.local_bindings import names_in_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from estimator_lint.domain.paths.state import Entry, Key
    from estimator_lint.interpreter.evaluator import Result
    from estimator_lint.syntax.pieces import Piece


def assigned_target(node: cst.CSTNode) -> cst.BaseExpression | None:
    """The target of an assignment that has a value and only one target."""
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        return node.targets[0].target
    if isinstance(node, cst.AnnAssign) and node.value is not None:
        return node.target
    return None


def assigned_value(
    ev: Evaluator,
    frame: Frame,
    name: str,
    target: cst.BaseExpression,
    node: cst.BaseExpression,
    *,
    lasting: bool = False,
) -> Value | None:
    """The value that ``name`` gets when the value of ``node`` is assigned to ``target``."""
    value = evaluate_in_isolation(ev, frame, node, lasting=lasting)
    while value is not None and isinstance(target, cst.Tuple | cst.List):
        elements = [element.value for element in target.elements]
        if not isinstance(value, TupleValue) or len(value.items) != len(elements):
            return None
        for element, item in zip(elements, value.items, strict=True):
            if name in names_in_target(element):
                target, value = element, item
                break
        else:
            return None
    return value


def module_level_code(module: ModuleCode, piece: Piece) -> FunctionCode:
    """Represents code outside of all functions."""
    nothing = cst.Lambda(cst.Parameters(), cst.Name("None"))
    return FunctionCode(nothing, piece, module)


def evaluate_in_isolation(
    ev: Evaluator, frame: Frame, node: cst.BaseExpression, *, lasting: bool = False
) -> Value | None:
    """The value of an expression outside of the running code; None if it has no single one.

    Objects that it creates belong to all paths, so their contents go to the bottom layer.
    ``lasting`` means that nothing replaces the value: a None stays None.
    """
    return in_isolation(ev, frame, lambda state: ev.evaluate(node, [state]), lasting=lasting)


def in_isolation(
    ev: Evaluator, frame: Frame, run: Callable[[State], list[Result]], *, lasting: bool = False
) -> Value | None:
    """The value that ``run`` makes outside of the running code; None if it makes no single one."""
    trace, ev.trace = ev.trace, Trace(ev.mode)
    was_outside, ev.compared_modes.is_outside = ev.compared_modes.is_outside, True
    try:
        with ev.entering(frame), ev.collecting_exits() as exits:
            results = run(State(Layer(ev.bottom, {})))
    finally:
        ev.trace = trace
        ev.compared_modes.is_outside = was_outside
    if len(results) != 1 or exits.raises:
        return None
    value, state = results[0]
    settle(ev, state)
    return value if lasting else _lasting(ev, value)


def settle(ev: Evaluator, state: State, *, but: SymbolicValue | None = None) -> None:
    """Make objects created in isolation known to all paths, as far as their contents last.

    ``but`` is an object that was not created there.
    """
    layer: Layer | None = state.layer
    while layer is not None and layer is not ev.bottom:
        for key, entry in layer.entries.items():
            if key[0] == "variable":
                ev.bottom.entries.setdefault(key, _lasting_variable(ev, key, entry))
            elif key[0] == "contents" and not (but is not None and key[1] == but.number):
                _settle_contents(ev, key, entry)
        layer = layer.parent


def _settle_contents(ev: Evaluator, key: Key, entry: Entry) -> None:
    if key in ev.bottom.entries:
        return
    match entry:
        case DictContents():
            entries = {k: _lasting(ev, v) for k, v in entry.entries.items()}
            ev.bottom.entries[key] = DictContents(entries, open=True)
        case SequenceContents():
            # An empty list is probably filled later.
            is_open = entry.open or not entry.items
            ev.bottom.entries[key] = replace(entry, open=is_open)
        case Overrides() if key[1] in ev.instances:
            made = ev.instances[key[1]]
            made.is_new, made.is_of_module = False, True
            made.initial[made.classes[0]] = entry.attributes
            ev.bottom.entries[key] = Overrides({}, {}, entry.open)
        case Overrides() if key[1] in ev.module_names:
            pass  # other code of the file stores in it, too, and in another order
        case Overrides():
            attributes = {name: _lasting(ev, value) for name, value in entry.attributes.items()}
            items = {k: _lasting(ev, v) for k, v in entry.items.items()}
            ev.bottom.entries[key] = Overrides(attributes, items, open=True)


def _lasting_variable(ev: Evaluator, key: Key, entry: Entry) -> Entry:
    """A variable of a call that is over: functions made there may have changed it since."""
    scope, name = key[1:]
    assert isinstance(scope, Scope)
    changed = name in scope.code.names_rebound_outside or name in scope.code.names_changed
    return ev.unknown(imprecise=True) if changed else entry


def _lasting(ev: Evaluator, value: Value) -> Value:
    """``value`` as it is known later on: a None may have been replaced."""
    return ev.unknown() if value == NONE else value
