"""Statements other than loops, ``try``, ``with`` and ``match``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.open_sequences import opened
from estimator_lint.domain.values.values import NONE, ClassValue, Reference, SequenceContents, Value
from estimator_lint.facts.trace import DiscardedReplace
from estimator_lint.interpreter.changed_objects import note_change
from estimator_lint.interpreter.classes.decorators import decorated
from estimator_lint.interpreter.conditions.branching import branches
from estimator_lint.interpreter.conditions.exclusions import excluded_twice
from estimator_lint.interpreter.conditions.operand_types import refused_operands
from estimator_lint.interpreter.conditions.told_lengths import note_filled
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import statement, statement_on_path
from estimator_lint.interpreter.language.assignment import assign, delete
from estimator_lint.interpreter.language.expressions import make_function, operate
from estimator_lint.interpreter.language.unused_results import note_unused
from estimator_lint.interpreter.lookup.names import imported, imported_names, scope_of
from estimator_lint.interpreter.lookup.possibly_empty import least_length, note_less
from estimator_lint.interpreter.objects import (
    dict_contents,
    escape,
    kept,
    sequence_contents,
    updated,
)
from estimator_lint.syntax.local_bindings import own_nodes

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State


@statement(cst.SimpleStatementLine, cst.SimpleStatementSuite)
def _simple_statements(
    ev: Evaluator, node: cst.SimpleStatementLine | cst.SimpleStatementSuite, states: list[State]
) -> list[State]:
    if len(node.body) == 1:
        return ev.run(node.body[0], states)
    return ev.run_block(node.body, states)


@statement(cst.Expr)
def _expression_statement(ev: Evaluator, node: cst.Expr, states: list[State]) -> list[State]:
    ev.frame.statement = node.value
    results = ev.evaluate(node.value, states)
    for value, after in results:
        note_unused(ev, node, value, after)
    if _is_replace(node.value):
        for value, after in results:
            if isinstance(value, SpecValue):
                discarded = DiscardedReplace(
                    ev.place(node.value), value.spec_class, after.doubts, passed=after.passed
                )
                ev.trace.discarded_replaces.append(discarded)
    return [after for _, after in results]


def _is_replace(node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "_replace"
    )


@statement(cst.Assign)
def _assign(ev: Evaluator, node: cst.Assign, states: list[State]) -> list[State]:
    reached: list[State] = []
    is_test = not _is_unread_comparison(ev, node)
    tested = ev.trace.tested if is_test else ev.trace.tested.copy()
    if isinstance(node.value, cst.GeneratorExp):
        unpacks = all(isinstance(one.target, cst.Tuple | cst.List) for one in node.targets)
        ev.readers.update({node.value: "whole"} if unpacks else {})
    results = ev.evaluate(node.value, states)
    if not is_test:
        ev.trace.tested &= tested
    for value, after in results:
        note_unused(ev, node, value, after)
        if len(node.targets) > 1 or _names_again(node):
            value = kept(ev, value)
        paths = [after]
        for target in node.targets:
            paths = [
                onward
                for before in paths
                for onward in assign(ev, target.target, value, before, node.value)
            ]
        reached += paths
    return reached


def _names_again(node: cst.Assign) -> bool:
    """Whether an assignment gives what has a name another one."""
    return type(node.value) is cst.Name and type(node.targets[0].target) is cst.Name


def _is_unread_comparison(ev: Evaluator, node: cst.Assign) -> bool:
    """Whether the result of a comparison is stored only in variables that are never read."""
    if not isinstance(node.value, cst.Comparison):
        return False
    code = ev.frame.code
    names = [target.target.value for target in node.targets if isinstance(target.target, cst.Name)]
    return (
        len(names) == len(node.targets)
        and code.local_names.issuperset(names)
        and not any(code.liveness.last_use(name) for name in names)
    )


@statement(cst.AnnAssign)
def _annotated_assign(ev: Evaluator, node: cst.AnnAssign, states: list[State]) -> list[State]:
    if node.value is None:
        return states
    reached: list[State] = []
    for value, after in ev.evaluate(node.value, states):
        note_unused(ev, node, value, after)
        reached += assign(ev, node.target, value, after)
    return reached


@statement(cst.AugAssign)
def _augmented_assign(ev: Evaluator, node: cst.AugAssign, states: list[State]) -> list[State]:
    reached: list[State] = []
    olds = ev.push(ev.evaluate(node.target, states))
    for operand, after in ev.evaluate(node.value, olds):
        old = ev.resolve(after.pop(), after)
        operator = type(node.operator).__name__
        if isinstance(old, Reference):
            refused = refused_operands(ev, operator, old, operand, node, after)
            if refused is not None:
                reached += ev.goes_wrong(after, "TypeError", refused)
                continue
        if _changed_in_place(ev, node, old, operand, after):
            # A slice is another list, which replaces the part.
            reached += assign(ev, node.target, old, after) if _is_slice(node.target) else [after]
            continue
        for value, computed in operate(ev, node.operator, old, operand, node, after):
            reached += assign(ev, node.target, value, computed)
    return reached


def _is_slice(target: cst.BaseExpression) -> bool:
    return isinstance(target, cst.Subscript) and isinstance(target.slice[0].slice, cst.Slice)


def _changed_in_place(
    ev: Evaluator, node: cst.AugAssign, old: Value, operand: Value, state: State
) -> bool:
    """Whether ``old`` is a container that the operator changes; if so, it is changed."""
    if not isinstance(old, Reference):
        return False
    adds = isinstance(node.operator, cst.AddAssign | cst.BitOrAssign)
    has_items = adds and any(least_length(ev, one, state) > 0 for one in (old, operand))
    note_change(ev, old, state)
    if has_items:
        note_filled(ev, old, state)
    entries, contents = dict_contents(old, state), sequence_contents(old, state)
    if entries is not None and isinstance(node.operator, cst.BitOrAssign):
        state.set_contents(old.number, updated(entries, dict_contents(operand, state)))
        return True
    if contents is not None:
        more = sequence_contents(operand, state)
        known = more is not None and isinstance(node.operator, cst.AddAssign)
        if known and more is not None and not contents.open and not more.open:
            state.set_contents(old.number, SequenceContents((*contents.items, *more.items)))
        else:
            added = () if more is None else (*more.items, *more.held)
            state.set_contents(old.number, opened(contents, added))
        if not adds and old.kind == "set":
            note_less(ev, old, state)
        return True
    return False


@statement(cst.Return)
def _return(ev: Evaluator, node: cst.Return, states: list[State]) -> list[State]:
    if node.value is None:
        ev.exits.returns += [(NONE, state, None) for state in states]
        return []
    place = ev.place(node.value)
    ev.frame.returned = node.value
    results = ev.evaluate(node.value, states)
    ev.frame.returned = None
    for value, after in results:
        ev.exits.returns.append((ev.resolve(value, after), after, place))
    return []


@statement_on_path(cst.Del)
def _delete(ev: Evaluator, node: cst.Del, state: State) -> list[State]:
    return delete(ev, node.target, state)


@statement(cst.Assert)
def _assert(ev: Evaluator, node: cst.Assert, states: list[State]) -> list[State]:
    reached: list[State] = []
    doubts = ev.doubts
    for holds, after in branches(ev, node.test, states):
        if holds:
            reached.append(after)
        else:
            ev.raise_(after, "AssertionError", by=(node,))
    ev.dispel(reached, range(doubts + 1, ev.doubts + 1))
    return reached


@statement(cst.Break)
def _break(ev: Evaluator, node: cst.CSTNode, states: list[State]) -> list[State]:
    ev.exits.breaks += states
    return []


@statement(cst.Continue)
def _continue(ev: Evaluator, node: cst.CSTNode, states: list[State]) -> list[State]:
    ev.exits.continues += states
    return []


@statement(cst.If)
def _if(ev: Evaluator, node: cst.If, states: list[State]) -> list[State]:
    reached: list[State] = []
    sides: list[bool] = []  # of of those that exist: whether some path reaches the end
    pending = states
    exclusions = len(ev.correlations.exclusions)
    arisen: list[int] = []  # the doubts that the tests brought
    of_test = range(0)  # those of the last one
    branch: cst.If | cst.Else | None = node
    while isinstance(branch, cst.If) and pending:
        ev.trace.ran.add(branch)
        doubts = ev.doubts
        ev.correlations.chain_began = exclusions
        ev.correlations.test_began = len(ev.correlations.exclusions)
        outcomes = branches(ev, branch.test, pending)
        held = [after for holds, after in outcomes if holds]
        going_on = [after for holds, after in outcomes if not holds]
        of_test = range(doubts + 1, ev.doubts + 1)
        arisen += of_test
        ends, guards = _run_branch(ev, branch.body, held)
        if guards:
            ev.dispel(going_on, of_test)
        reached += ends
        sides += [bool(ends)] if held else []
        pending, branch = ev.partitioner.bounded(going_on), branch.orelse
    if branch is None or _only_tells(branch.body):
        for after in pending:
            if excluded_twice(ev, after, exclusions) and not _is_in_doubt(after, of_test):
                # The chain most likely covers all possible values.
                after.doubts |= {(ev.new_doubt(), True)}
    entered = bool(pending)
    if isinstance(branch, cst.Else):
        pending, guards = _run_branch(ev, branch.body, pending)
        if guards:
            ev.dispel(reached, arisen)
    sides += [bool(pending)] if entered else []
    if len(sides) > 1 and sum(sides) == 1:
        ev.correlations.settle_on()
    return reached + pending


def _is_in_doubt(state: State, numbers: range) -> bool:
    """Whether one of the doubts of these numbers is a condition for the path to exist."""
    return any(abs(number) in numbers for number, _ in state.doubts)


def _only_tells(body: cst.BaseSuite) -> bool:
    """Whether a block consists of calls with unused results: it logs, or warns."""
    smalls = [
        small
        for line in body.body
        for small in (line.body if isinstance(line, cst.SimpleStatementLine) else [line])
    ]
    return all(
        isinstance(small, cst.Expr) and isinstance(small.value, cst.Call) for small in smalls
    )


def _run_branch(
    ev: Evaluator, body: cst.BaseSuite, states: list[State]
) -> tuple[list[State], bool]:
    """The paths that reach the end of a branch; and whether it only raises."""
    outer = ev.exits
    with ev.collecting_exits() as exits:
        ends = ev.run_body(body, states)
    outer.add(exits)
    raises_only = not ends and not (exits.returns or exits.breaks or exits.continues)
    return ends, bool(exits.raises) and raises_only and all(
        bool(raised.by) for raised in exits.raises
    )


@statement(cst.FunctionDef)
def _function_definition(ev: Evaluator, node: cst.FunctionDef, states: list[State]) -> list[State]:
    code = ev.frame.code.module.function_at(node, ev.piece)
    made = make_function(ev, code, states)
    made = decorated(ev, code, made)
    return [one for value, after in made for one in assign(ev, node.name, value, after)]


@statement_on_path(cst.ClassDef)
def _class_definition(ev: Evaluator, node: cst.ClassDef, state: State) -> list[State]:
    ev.capture(ev.frame.scope)
    code = ev.frame.code.module.class_at(node, ev.piece, is_nested=True)
    if ev.frame.scope is not None:
        ev.classes.scopes[code] = ev.frame.scope
    _run_class_body(ev, node, state)
    return assign(ev, node.name, ClassValue(code), state)


def _run_class_body(ev: Evaluator, node: cst.ClassDef, state: State) -> None:
    """Let everything outside of a class become unknown that its body may change."""
    for name in ev.frame.code.module.effects(node.body).mutated:
        scope = scope_of(ev, name)
        value = None if scope is None else state.variable(scope, name)
        if value is not None:
            escape(ev, value, state)
    for part in own_nodes(node.body):
        if type(part) is cst.Nonlocal:
            for item in part.names:
                assign(ev, item.name, ev.unknown(imprecise=True), state)


@statement_on_path(cst.Import, cst.ImportFrom)
def _import(ev: Evaluator, node: cst.CSTNode, state: State) -> list[State]:
    for name, path in imported_names(node):
        scope = scope_of(ev, name)
        if scope is not None:
            state.bind(scope, name, imported(ev, ev.frame.code.module, path))
    return [state]
