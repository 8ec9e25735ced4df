"""Loops and comprehensions.

A loop over a known sequence is unrolled; of any other loop, two rounds are run (``rounds``). A
``for`` over something of unknown length is assumed to run at least once, since lengths are not zero
in practice.
"""

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
from estimator_lint.interpreter.calls.builtin_containers import (
    iterated_item,
    iterations,
    note_items,
)
from estimator_lint.interpreter.conditions.branching import branches
from estimator_lint.interpreter.conditions.none_uses import none_use
from estimator_lint.interpreter.conditions.tensor_uses import ITERATED, passing
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import expression, statement
from estimator_lint.interpreter.language.assignment import assign
from estimator_lint.interpreter.language.rounds import (
    Loop,
    Origins,
    frozen,
    havoc,
    is_other_test,
    run_further_rounds,
    run_rounds,
    values_of,
)
from estimator_lint.interpreter.objects import items_of, new_dict, new_sequence, with_entry
from estimator_lint.syntax.local_bindings import comprehension_targets, names_in_target

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import Key, State
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.interpreter.evaluator import Result
    from estimator_lint.interpreter.language.rounds import Begin


def _max_unrolled(ev: Evaluator) -> int:
    if ev.steps_on_one_path is not None or ev.unrolled >= bounds.MAX_UNROLLED_LOOPS:
        return 1
    return min(bounds.MAX_UNROLLED, max(1, bounds.MAX_UNROLLED_IN_ALL // ev.iterations))


@statement(cst.For)
def _for(ev: Evaluator, node: cst.For, states: list[State]) -> list[State]:
    reached: list[State] = []
    unrolled: dict[tuple[Value, ...], list[State]] = {}
    others: list[State] = []
    with ev.register("first", node) as first, ev.register("further", node) as further:
        for iterable, after in ev.evaluate(node.iter, states):
            iterable = ev.resolve(iterable, after)
            use = none_use(ev, iterable, node.iter, "is iterated over", after)
            if same_as_none(iterable):
                reached += ev.goes_wrong(after, "TypeError", use)
                continue
            if not passing(ev, iterable, node.iter, ITERATED, after):
                continue
            items = items_of(iterable, after)
            if items is not None and len(items) <= _max_unrolled(ev):
                unrolled.setdefault(items, []).append(after)
                continue
            for register, item in zip(
                (first, further), iterations(ev, iterable, items, node), strict=True
            ):
                after.set(register, item)
            others.append(after)
        for items, begun in unrolled.items():
            reached += _run_unrolled(ev, node, items, begun)
        if others:
            reached += _run_for_of_unknown_length(ev, node, first, further, others)
    return reached


def _run_unrolled(
    ev: Evaluator, node: cst.For, items: tuple[Value, ...], states: list[State]
) -> list[State]:
    broken: list[State] = []
    for item in items:
        entered = [after for before in states for after in assign(ev, node.target, item, before)]
        states, left = _run_iteration(ev, node.body, entered, of=len(items))
        broken += left
        states = ev.partitioner.meeting(states)
        if not states:
            break
    return _run_else(ev, node.orelse, states) + ev.partitioner.meeting(broken)


def _run_iteration(
    ev: Evaluator,
    body: cst.BaseSuite,
    states: list[State],
    *,
    of: int | None = None,
    origins: Origins | None = None,
) -> tuple[list[State], list[State]]:
    """Run the body once: the paths that reach its end, and those that broke out.

    ``of`` is the number of iterations if the loop is unrolled; ``origins`` is told which paths
    leave the loop.
    """
    outer = ev.exits
    is_unrolled = of is not None and (of > 1 or origins is not None)
    with ev.repeating(of or 2, one_by_one=is_unrolled), ev.collecting_exits() as exits:
        ends = ev.run_body(body, states)
    if origins is not None:
        origins.note_leaving(exits)
    outer.returns += exits.returns
    outer.raises += exits.raises
    # The paths that left the body last come last: they are merged first.
    return ev.partitioner.meeting(exits.continues + ends), ev.partitioner.meeting(exits.breaks)


def _run_else(ev: Evaluator, orelse: cst.Else | None, states: list[State]) -> list[State]:
    return states if orelse is None else ev.run_body(orelse.body, states)


def _run_for_of_unknown_length(
    ev: Evaluator, node: cst.For, first: Key, further: Key, states: list[State]
) -> list[State]:
    """Run a loop that ends after some round, but which one is unknown."""

    def begin(register: Key) -> Begin:
        def begin_on(state: State) -> list[State]:
            item = state.get(register)
            assert isinstance(item, Value)
            return assign(ev, node.target, item, state)

        return begin_on

    read = ev.frame.code.module.effects(node.body).read
    reads_item = any(name in read for name in names_in_target(node.target)) or not isinstance(
        node.target, cst.Name | cst.Tuple | cst.List
    )
    loop = Loop(
        node,
        node.body,
        first=begin(first),
        further=begin(further),
        run=lambda begun: _run_iteration(ev, node.body, begun),
        part=None,
        reads=lambda changed: reads_item or bool(changed & read),
    )
    done, broken = run_rounds(ev, loop, states)
    return _run_else(ev, node.orelse, ev.partitioner.meeting(done)) + broken


def _is_not_unrolled(ev: Evaluator) -> bool:
    """Whether a ``while`` loop is nested too deeply to be unrolled."""
    return ev.loops >= bounds.MAX_LOOPS or ev.unrolled >= bounds.MAX_UNROLLED_LOOPS


@statement(cst.While)
def _while(ev: Evaluator, node: cst.While, states: list[State]) -> list[State]:
    done: list[State] = []
    broken: list[State] = []
    effects = ev.frame.code.module.effects
    test, body = effects(node.test), effects(node.body)
    read: frozenset[str] = frozenset() if test.bound else test.read
    changing = (*test.mutated, *body.bound, *body.mutated)
    # No round changes the variables of the test, or there are too many rounds to evaluate.
    is_steady = _is_not_unrolled(ev) or (bool(read) and read.isdisjoint(changing))
    # How many rounds that a path may leave are run one by one.
    left_to_run = bounds.MAX_ROUNDS_LEFT if read else 1
    for number in range(1, _max_unrolled(ev) + 1):
        decided: list[State] = []
        undecided: list[State] = []
        for before in states:
            outcomes = branches(ev, node.test, [before])
            entered = [after for holds, after in outcomes if holds]
            left = [after for holds, after in outcomes if not holds]
            done += left
            (undecided if left or is_steady else decided).extend(entered)
        if undecided:
            ends, out = _run_undecided(ev, node, ev.partitioner.meeting(undecided))
            done += ends
            broken += out
        if not decided:
            break
        begun = ev.partitioner.bounded(decided)
        base, before_it = frozen(begun), values_of(ev, read, begun)
        origins = Origins(begun)
        states, out = _run_iteration(ev, node.body, begun, of=number, origins=origins)
        broken += out
        # If a path may leave the loop in any round or go on, the number of rounds is unknown. A
        # test that the path has made, and that the body does not affect, holds forever.
        still: list[State] = []
        states, ends = [], states
        may_leave = [origins.may_have_left(end) for end in ends]
        left_to_run -= any(may_leave)
        for end, leaves in zip(ends, may_leave, strict=True):
            is_changed = not read or is_other_test(ev, node, before_it, base, end)
            goes_on = is_changed and not (leaves and left_to_run <= 0)
            (states if goes_on else still).append(end)
        if still:
            ends, out = run_further_rounds(ev, _undecided(ev, node), base, still)
            done += ends
            broken += out
    else:
        ends, out = _run_undecided(ev, node, states)
        done += ends
        broken += out
    done = ev.partitioner.meeting(done)
    return _run_else(ev, node.orelse, done) + ev.partitioner.meeting(broken)


def _run_undecided(
    ev: Evaluator, node: cst.While, states: list[State]
) -> tuple[list[State], list[State]]:
    """Run the body from ``states`` at least once; returns failures of the test, and breaks."""
    return run_rounds(ev, _undecided(ev, node), states)


def _undecided(ev: Evaluator, node: cst.While) -> Loop:
    """A loop whose number of rounds its test does not decide."""
    effects = ev.frame.code.module.effects
    read = effects(node.body).read | effects(node.test).read
    return Loop(
        node,
        node.body,
        first=lambda state: [state],
        further=lambda state: [state],
        run=lambda begun: _run_iteration(ev, node.body, begun),
        part=lambda ends: _test_again(ev, node, ends),
        reads=lambda changed: bool(changed & read),
    )


def _test_again(
    ev: Evaluator, node: cst.While, states: list[State]
) -> tuple[list[State], list[State]]:
    """The paths on which the test of a loop fails after an iteration, and the others."""
    if ev.frame.code.module.effects(node.test).may_raise:
        # It calls something, or reads an attribute: its outcome may change each time.
        return [state.fork() for state in states], states
    outcomes = branches(ev, node.test, states)
    return (
        [after for holds, after in outcomes if not holds],
        [after for holds, after in outcomes if holds],
    )


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
        use = none_use(ev, iterable, clause.iter, "is iterated over", state)
        if same_as_none(iterable):
            reached += [_not_known(after) for after in ev.goes_wrong(state, "TypeError", use)]
            continue
        if not passing(ev, iterable, clause.iter, ITERATED, state):
            continue
        items = items_of(iterable, state)
        if items is None or len(items) > min(bounds.MAX_UNROLLED, _max_unrolled(ev)):
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
