"""Comprehensions: over known items, all of them are collected; over any others, one is run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    SequenceContents,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.calls.builtin_containers import iterated_item, note_items
from estimator_lint.interpreter.classes.implicit_calls import ITERATION, note_implicit_call
from estimator_lint.interpreter.conditions.branching import branches
from estimator_lint.interpreter.conditions.none_uses import none_use
from estimator_lint.interpreter.conditions.tensor_uses import ITERATED, passing
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import expression
from estimator_lint.interpreter.language.assignment import assign
from estimator_lint.interpreter.language.rounds import havoc, max_unrolled
from estimator_lint.interpreter.objects import items_of, new_dict, new_sequence, with_entry
from estimator_lint.syntax.local_bindings import comprehension_targets

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.interpreter.evaluator import Result

Comprehension: TypeAlias = cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp


#: On top of a path's operand stack while a comprehension is run: the collected items, or another
#: value if not all of them are known.
_NOT_KNOWN: Final = Constant(None)


@expression(cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)
def _comprehension(ev: Evaluator, node: Comprehension, states: list[State]) -> list[Result]:
    names = comprehension_targets(node)
    frame = ev.frame
    parts = [node.key, node.value] if isinstance(node, cst.DictComp) else [node.elt]
    # The first iterable is evaluated in the enclosing scope.
    by_scope: dict[Scope, list[State]] = {}
    for iterable, after in ev.evaluate(node.for_in.iter, states):
        scope = ev.new_scope(names, frame.code, frame.scope, node, after)
        by_scope.setdefault(scope, []).append(after.push(TupleValue(())).push(iterable))
    results: list[Result] = []
    for scope, begun in by_scope.items():
        before = [state.fork() for state in begun]
        with ev.entering(replace(frame, scope=scope)):
            reached = _run_clause(ev, node.for_in, parts, begun)
        known = [isinstance(_top(state), TupleValue) for state in reached]
        if len(reached) > len(before) and not all(known):
            # Distinguishing the paths would be no use.
            reached = before
            for state in reached:
                state.pop()
                state.pop()
                state.push(_NOT_KNOWN)
        for after in reached:
            collected = after.pop()
            if not isinstance(collected, TupleValue):
                havoc(ev, node, after)
            results.append((_comprehended(ev, node, collected, after), after))
    return results


def _top(state: State) -> Value:
    assert state.operands is not None
    return state.operands.value


def _run_clause(
    ev: Evaluator, clause: cst.CompFor, parts: list[cst.BaseExpression], states: list[State]
) -> list[State]:
    """Run a ``for`` clause and the clauses inside it.

    The operand stack of each path has the collected items and, on top, the iterable; afterwards,
    the collected items.
    """
    reached: list[State] = []
    unrolled: dict[tuple[Value, ...], list[State]] = {}
    for state in states:
        iterable = ev.resolve(state.pop(), state)
        note_implicit_call(ev, iterable, ITERATION, state)
        use = none_use(ev, iterable, clause.iter, "is iterated over", state)
        if same_as_none(iterable):
            reached += [_not_known(after) for after in ev.goes_wrong(state, "TypeError", use)]
            continue
        if not passing(ev, iterable, clause.iter, ITERATED, state):
            continue
        items = items_of(iterable, state)
        if items is None or len(items) > min(bounds.MAX_UNROLLED, max_unrolled(ev)):
            one_of_them = iterated_item(ev, iterable, id(clause))
            note_items(ev, iterable, one_of_them)
            items = (one_of_them,)
            state = _not_known(state)
        unrolled.setdefault(items, []).append(state)
    for items, begun in unrolled.items():
        with ev.repeating(max(1, len(items)), one_by_one=len(items) > 1):
            for item in items:
                entered = [after for one in begun for after in assign(ev, clause.target, item, one)]
                begun = ev.partitioner.meeting(_run_inside(ev, clause, parts, entered))
        reached += begun
    return ev.partitioner.bounded(reached)


def _not_known(state: State) -> State:
    """The path, marked as one on which some items of the comprehension are unknown."""
    state.pop()
    return state.push(_NOT_KNOWN)


def _run_inside(
    ev: Evaluator, clause: cst.CompFor, parts: list[cst.BaseExpression], entered: list[State]
) -> list[State]:
    """One iteration of a clause."""
    reached: list[State] = []
    for condition in clause.ifs:
        decided = branches(ev, condition.test, entered)
        left_out = [after for holds, after in decided if not holds]
        reached = ev.partitioner.few(reached + left_out)
        entered = ev.partitioner.bounded([after for holds, after in decided if holds])
    if clause.inner_for_in is not None:
        inner = ev.push(ev.evaluate(clause.inner_for_in.iter, entered))
        return reached + _run_clause(ev, clause.inner_for_in, parts, inner)
    for values, after in ev.evaluate_all(parts, entered):
        collected = after.pop()
        if isinstance(collected, TupleValue):
            collected = TupleValue((*collected.items, TupleValue(tuple(values))))
        reached.append(after.push(collected))
    return reached


def _comprehended(ev: Evaluator, node: cst.CSTNode, collected: Value, state: State) -> Value:
    """The value of a comprehension that has collected ``collected``, a row for each item."""
    rows = collected.items if isinstance(collected, TupleValue) else ()
    known = isinstance(collected, TupleValue)
    if isinstance(node, cst.DictComp):
        contents = DictContents({}, open=not known)
        for row in rows:
            assert isinstance(row, TupleValue)
            contents = with_entry(contents, *row.items)
        return new_dict(ev, node, contents, state)
    items = tuple(row.items[0] for row in rows if isinstance(row, TupleValue))
    if isinstance(node, cst.GeneratorExp):
        return TupleValue(items) if known else ev.unknown(not_none=True)
    sequence = SequenceContents(items, open=not known)
    return new_sequence(ev, node, sequence, state, of_set=isinstance(node, cst.SetComp))
