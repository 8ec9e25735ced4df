"""Statements other than loops, ``try``, ``with`` and ``match``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.evaluation.conditions.conditions import branches, excluded_twice
from estimator_lint.evaluation.evaluator import Evaluator
from estimator_lint.evaluation.handlers import statement
from estimator_lint.evaluation.language.assignment import assign, delete
from estimator_lint.evaluation.language.expressions import make_function, operate
from estimator_lint.evaluation.lookup.names import (
    imported,
    imported_names,
    opaque_decorators,
    scope_of,
)
from estimator_lint.evaluation.trace import DiscardedReplace
from estimator_lint.evaluation.values.objects import dict_contents, sequence_contents, updated
from estimator_lint.evaluation.values.values import (
    NONE,
    ClassValue,
    Reference,
    SequenceContents,
    SpecValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.evaluation.paths.state import State


@statement(cst.SimpleStatementLine, cst.SimpleStatementSuite)
def _simple_statements(
    ev: Evaluator, node: cst.SimpleStatementLine | cst.SimpleStatementSuite, state: State
) -> list[State]:
    if len(node.body) == 1:
        return ev.run(node.body[0], state)
    return ev.run_block(node.body, [state])


@statement(cst.Expr)
def _expression_statement(ev: Evaluator, node: cst.Expr, state: State) -> list[State]:
    states = []
    for value, after in ev.evaluate(node.value, state):
        if isinstance(value, SpecValue) and _is_replace(node.value):
            discarded = DiscardedReplace(
                ev.place(node.value), value.spec_class, after.doubts, passed=after.passed
            )
            ev.trace.discarded_replaces.append(discarded)
        states.append(after)
    return states


def _is_replace(node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "_replace"
    )


@statement(cst.Assign)
def _assign(ev: Evaluator, node: cst.Assign, state: State) -> list[State]:
    states = []
    for value, after in ev.evaluate(node.value, state):
        reached = [after]
        for target in node.targets:
            reached = [
                onward
                for before in reached
                for onward in assign(ev, target.target, value, before, node.value)
            ]
        states += reached
    return states


@statement(cst.AnnAssign)
def _annotated_assign(ev: Evaluator, node: cst.AnnAssign, state: State) -> list[State]:
    if node.value is None:
        return [state]
    return [
        reached
        for value, after in ev.evaluate(node.value, state)
        for reached in assign(ev, node.target, value, after)
    ]


@statement(cst.AugAssign)
def _augmented_assign(ev: Evaluator, node: cst.AugAssign, state: State) -> list[State]:
    states: list[State] = []
    for old, before in ev.evaluate(node.target, state):
        for operand, after in ev.evaluate(node.value, before):
            old = ev.resolve(old, after)
            if _changed_in_place(ev, node, old, operand, after):
                states.append(after)
                continue
            for value, computed in operate(ev, node.operator, old, operand, node, after):
                states += assign(ev, node.target, value, computed)
    return states


def _changed_in_place(
    ev: Evaluator, node: cst.AugAssign, old: Value, operand: Value, state: State
) -> bool:
    """Whether ``old`` is a container that the operator changes; if so, it is changed."""
    if not isinstance(old, Reference):
        return False
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
            state.set_contents(old.number, SequenceContents((), open=True))
        return True
    return False


@statement(cst.Return)
def _return(ev: Evaluator, node: cst.Return, state: State) -> list[State]:
    if node.value is None:
        ev.exits.returns.append((NONE, state, None))
        return []
    place = ev.place(node.value)
    for value, after in ev.evaluate(node.value, state):
        ev.exits.returns.append((ev.resolve(value, after), after, place))
    return []


@statement(cst.Del)
def _delete(ev: Evaluator, node: cst.Del, state: State) -> list[State]:
    return delete(ev, node.target, state)


@statement(cst.Assert)
def _assert(ev: Evaluator, node: cst.Assert, state: State) -> list[State]:
    states = []
    doubts = ev.doubts
    for holds, after in branches(ev, node.test, state):
        if holds:
            states.append(after)
        else:
            ev.raise_(after, "AssertionError", by=node)
    ev.dispel(states, range(doubts + 1, ev.doubts + 1))
    return states


@statement(cst.Break)
def _break(ev: Evaluator, node: cst.CSTNode, state: State) -> list[State]:
    ev.exits.breaks.append(state)
    return []


@statement(cst.Continue)
def _continue(ev: Evaluator, node: cst.CSTNode, state: State) -> list[State]:
    ev.exits.continues.append(state)
    return []


@statement(cst.If)
def _if(ev: Evaluator, node: cst.If, state: State) -> list[State]:
    states: list[State] = []
    sides: list[bool] = []  # of those that exist, whether some path comes to the end
    pending = [state]
    exclusions = ev.exclusions
    arisen: list[int] = []  # the doubts that the tests brought
    branch: cst.If | cst.Else | None = node
    while isinstance(branch, cst.If) and pending:
        ev.trace.ran.add(branch)
        doubts = ev.doubts
        held: list[State] = []
        going_on: list[State] = []
        for entering in pending:
            for holds, after in branches(ev, branch.test, entering):
                (held if holds else going_on).append(after)
        of_test = range(doubts + 1, ev.doubts + 1)
        arisen += of_test
        ends, guards = _run_branch(ev, branch.body, held)
        if guards:
            ev.dispel(going_on, of_test)
        states += ends
        sides += [bool(ends)] if held else []
        pending, branch = going_on, branch.orelse
    if branch is None or _only_tells(branch.body):
        for after in pending:
            if excluded_twice(ev, after, exclusions):
                # The chain goes through all the values that there are, most likely.
                after.doubts |= {(ev.new_doubt(), True)}
    entered = bool(pending)
    if isinstance(branch, cst.Else):
        pending, guards = _run_branch(ev, branch.body, pending)
        if guards:
            ev.dispel(states, arisen)
    sides += [bool(pending)] if entered else []
    if len(sides) > 1 and sum(sides) == 1:
        ev.questions.settle_on()
    return states + pending


def _only_tells(body: cst.BaseSuite) -> bool:
    """Whether a block has nothing but calls whose results are not used: it logs, or warns."""
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
    """The paths that come to the end of a branch; and whether it does nothing but raise."""
    outer = ev.exits
    with ev.collecting_exits() as exits:
        ends = ev.run_body(body, states)
    outer.add(exits)
    raises_only = not ends and not (exits.returns or exits.breaks or exits.continues)
    return ends, bool(exits.raises) and raises_only and all(
        raised.by is not None for raised in exits.raises
    )


@statement(cst.FunctionDef)
def _function_definition(ev: Evaluator, node: cst.FunctionDef, state: State) -> list[State]:
    code = ev.frame.code.module.function_at(node, ev.piece)
    states = []
    for function, after in make_function(ev, code, state):
        value: Value = function
        if opaque_decorators(code):
            value = ev.opaque("decorated", id(code), not_none=True)
        states += assign(ev, node.name, value, after)
    return states


@statement(cst.ClassDef)
def _class_definition(ev: Evaluator, node: cst.ClassDef, state: State) -> list[State]:
    ev.capture(ev.frame.scope)
    code = ev.frame.code.module.class_at(node, ev.piece, is_nested=True)
    return assign(ev, node.name, ClassValue(code), state)


@statement(cst.Import, cst.ImportFrom)
def _import(ev: Evaluator, node: cst.CSTNode, state: State) -> list[State]:
    for name, path in imported_names(node):
        scope = scope_of(ev, name)
        if scope is not None:
            state.bind(scope, name, imported(ev, ev.frame.code.module, path))
    return [state]
