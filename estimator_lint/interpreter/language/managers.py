"""``with``: what context managers do on entering and leaving a block.

``contextlib.suppress`` and managers of the file may swallow an exception; any other is assumed to
let it pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.frames import Exits
from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.domain.values.values import (
    NONE,
    Argument,
    BoundMethod,
    FunctionValue,
    Picture,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.arg_scopes import (
    arg_scope,
    capture_arg_scope,
    enter_arg_scope,
    set_arg_scope,
)
from estimator_lint.interpreter.changed_objects import note_left
from estimator_lint.interpreter.classes.decorators import opaque_decorators
from estimator_lint.interpreter.classes.exception_classes import caught_by
from estimator_lint.interpreter.classes.method_resolution import Elsewhere, look_up_member
from estimator_lint.interpreter.conditions.branching import split
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.graph_scopes import (
    enter_graph_scope,
    graph_scopes,
    set_graph_scopes,
)
from estimator_lint.interpreter.handlers import statement
from estimator_lint.interpreter.language.assignment import assign
from estimator_lint.interpreter.language.exceptions import (
    after_surprise,
    may_surprise,
    note_swallowed,
    split_off,
)
from estimator_lint.interpreter.lookup.instances import instance
from estimator_lint.interpreter.lookup.names import module_definition, scope_of
from estimator_lint.interpreter.objects import escape
from estimator_lint.interpreter.provenance_records import control_inputs, set_control_inputs
from estimator_lint.syntax.generators import yields_under_handler
from estimator_lint.tensorflow_api.train_op_functions import is_control_dependencies

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import Entry, Key, State
    from estimator_lint.interpreter.evaluator import Result

_SUPPRESS = "contextlib.suppress"


@statement(cst.With)
def _with(ev: Evaluator, node: cst.With, states: list[State]) -> list[State]:
    return _run_items(ev, node.items, node.body, states)


def _run_items(
    ev: Evaluator, items: Sequence[cst.WithItem], body: cst.BaseSuite, states: list[State]
) -> list[State]:
    """Run the block under these managers, the outermost first."""
    if not items:
        return ev.run_body(body, states)
    item, *inner = items
    reached: list[State] = []
    may_swallow = _may_swallow(ev, item.item)
    with ev.register("around", item) as around, ev.register("manager", item) as register:
        for state in states:
            state.set(around, _surroundings(state))
        # Paths with managers of the same kind run together, since they leave the block alike.
        entered: dict[object, list[State]] = {}
        managers: dict[object, Value] = {}
        before: list[State] = []
        for manager, after in ev.evaluate(item.item, states):
            kind = _kind_of(manager)
            managers.setdefault(kind, manager)
            after.set(register, manager)
            begun = _enter(ev, manager, item, after)
            entered.setdefault(kind, []).extend(begun)
            before += [one.fork() for one in begun] if _is_suppress(manager) else []
        for kind, begun in entered.items():
            manager = managers[kind]
            is_transparent = kind is None and not may_swallow
            catching = nullcontext() if is_transparent else ev.which_catches()
            with ev.collecting_exits() as exits, catching:
                going_on = _run_items(ev, inner, body, begun)
            for left in (*going_on, *exits.states()):
                _restore_surroundings(left.get(around), left)
                note_left(ev, manager, left)
            if _is_suppress(manager):
                _catch_surprise(ev, body, before, exits)
                reached += _suppress(ev, manager, going_on, exits)
            elif kind is None and may_swallow:
                reached += _suppress(ev, manager, going_on, exits)
            elif isinstance(manager, SymbolicValue) and manager.instance_of is not None:
                reached += _exit(ev, register, item.item, going_on, exits)
            else:
                ev.exits.add(exits)
                reached += going_on
    return reached


def _surroundings(state: State) -> TupleValue:
    """The settings of the enclosing blocks for what TensorFlow creates."""
    control = TupleValue(control_inputs(state))
    return TupleValue((control, arg_scope(state), graph_scopes(state)))


def _restore_surroundings(before: Entry, state: State) -> None:
    """Leave a block."""
    if not isinstance(before, TupleValue):
        return
    control, defaults, scopes = before.items
    set_control_inputs(control.items if isinstance(control, TupleValue) else (), state)
    set_arg_scope(defaults, state)
    set_graph_scopes(scopes, state)


def _kind_of(manager: Value) -> object:
    """The kind of a manager; managers of the same kind leave a block alike."""
    if isinstance(manager, SymbolicValue) and manager.instance_of is not None:
        return manager.instance_of
    return manager if _is_suppress(manager) else None


def _enter(ev: Evaluator, manager: Value, item: cst.WithItem, state: State) -> list[State]:
    """The paths on which the block begins."""
    _enter_control_dependencies(ev, manager, state)
    enter_arg_scope(ev, manager, state)
    enter_graph_scope(ev, manager, state)
    enter = _method(ev, manager, "__enter__")
    if enter is None and isinstance(manager, SymbolicValue) and manager.instance_of is not None:
        escape(ev, manager, state)
    entered = (
        [(ev.derived("entered", of=[manager]), state)]
        if enter is None
        else ev.call(enter, [], item.item, state)
    )
    if item.asname is None:
        return [after for _, after in entered]
    target = item.asname.name
    for value, after in entered:
        capture_arg_scope(ev, manager, value, after)
    return [bound for value, after in entered for bound in assign(ev, target, value, after)]


def _method(ev: Evaluator, manager: Value, name: str) -> BoundMethod | None:
    """A method of a manager whose class is in the file."""
    if not isinstance(manager, SymbolicValue) or manager.instance_of is None:
        return None
    found = {look_up_member(ev, code, name) for code in instance(ev, manager).classes}
    where = found.pop() if len(found) == 1 else Elsewhere.BEYOND
    method = None if isinstance(where, Elsewhere) else where.methods.get(name)
    if method is None or method.is_nested or opaque_decorators(method):
        return None
    return BoundMethod(FunctionValue(method, None), manager)


def _enter_control_dependencies(ev: Evaluator, manager: Value, state: State) -> None:
    """Enter ``tf.control_dependencies``: ops in the block run after its inputs."""
    origin = ev.origins.get(manager.number) if isinstance(manager, SymbolicValue) else None
    if not isinstance(origin, CallOf) or not is_control_dependencies(origin.path):
        return
    inputs = origin.argument(0, "control_inputs")
    match inputs:
        case Picture(contents=SequenceContents(items=items, open=False)) | TupleValue(items=items):
            pass
        case _:
            items = (ev.unknown(),) if inputs is None else (inputs,)
    set_control_inputs((*control_inputs(state), *items), state)


def _may_swallow(ev: Evaluator, node: cst.BaseExpression) -> bool:
    """Whether a manager is made by a decorated generator of the file that handles exceptions."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Name):
        return False
    name, module = node.func.value, ev.frame.code.module
    scope = scope_of(ev, name)
    if scope is not None:
        definitions = [binding.node for binding in scope.code.bindings.get(name, [])]
    else:
        value = module_definition(module, name)
        definitions = [] if value is None else [value.node]
    return any(
        isinstance(one, cst.FunctionDef) and one.decorators and yields_under_handler(one.body)
        for one in definitions
    )


def _is_suppress(manager: Value) -> bool:
    return isinstance(manager, SymbolicValue) and manager.result_of == _SUPPRESS


def _catch_surprise(ev: Evaluator, body: cst.BaseSuite, before: list[State], exits: Exits) -> None:
    """Handle exceptions without a visible ``raise``, which may be suppressed, too."""
    if may_surprise(ev, body):
        exits.raises += after_surprise(ev, body, before)


def _suppress(ev: Evaluator, manager: Value, going_on: list[State], exits: Exits) -> list[State]:
    """Leave a block under ``contextlib.suppress``, or under a manager that may do the same."""
    ev.exits.add(Exits(exits.returns, [], exits.breaks, exits.continues))
    origin = ev.origins.get(manager.number) if isinstance(manager, SymbolicValue) else None
    known = _is_suppress(manager) and isinstance(origin, CallOf) and origin.complete
    for raised in exits.raises:
        catches = caught_by(ev, raised.exception, origin.arguments) if known else None  # type: ignore[union-attr]
        caught, passed_on = split_off(ev, raised, catches)
        for one in caught:
            note_swallowed(one.faults)
            going_on.append(one.state)
        ev.exits.raises += passed_on
    return ev.partitioner.meeting(going_on)


def _exit(
    ev: Evaluator,
    register: Key,
    node: cst.BaseExpression,
    going_on: list[State],
    exits: Exits,
) -> list[State]:
    """Leave a block by the ``__exit__`` of a class of the file."""

    def called(state: State, error: Value) -> list[Result]:
        manager = state.get(register)
        method = _method(ev, manager, "__exit__") if isinstance(manager, Value) else None
        if method is None:
            if isinstance(manager, Value):
                escape(ev, manager, state)
            return [(ev.unknown(imprecise=True), state)]
        return ev.call(method, [Argument(error)] * 3, node, state)

    ends = [after for before in going_on for _, after in called(before, NONE)]
    for value, before, place in exits.returns:
        left = called(before.push(value), NONE)
        ev.exits.returns += [(after.pop(), after, place) for _, after in left]
    for before in exits.breaks:
        ev.exits.breaks += [after for _, after in called(before, NONE)]
    for before in exits.continues:
        ev.exits.continues += [after for _, after in called(before, NONE)]
    for raised in exits.raises:
        error = ev.symbolic_value("exception", id(node), not_none=True)
        results = called(raised.state, error)
        for swallows, after in (
            one for value, then in results for one in split(ev, node, value, then)
        ):
            if swallows:
                note_swallowed(raised.faults)
                ends.append(after)
            else:
                ev.raise_(after, raised.exception, raised.faults, by=raised.by)
    return ev.partitioner.meeting(ends)
