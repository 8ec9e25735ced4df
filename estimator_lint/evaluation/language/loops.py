"""Loops and comprehensions.

A loop over a known sequence is unrolled.  Of any other loop two iterations are
run: the first as it is, and one that stands for all further ones, before which
all that the loop changes is unknown.  Whether there is a second is in doubt.  A
``for`` over something of unknown length is taken to run at least once, for the
lengths that are met in practice are not zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import libcst as cst

from estimator_lint.evaluation.calls.builtin_containers import iterations
from estimator_lint.evaluation.code.local_bindings import comprehension_targets
from estimator_lint.evaluation.conditions.conditions import branches
from estimator_lint.evaluation.conditions.none_uses import labels_use
from estimator_lint.evaluation.evaluator import Evaluator
from estimator_lint.evaluation.handlers import expression, statement
from estimator_lint.evaluation.language.assignment import assign
from estimator_lint.evaluation.lookup.names import scope_of
from estimator_lint.evaluation.paths.frames import Frame
from estimator_lint.evaluation.values.objects import (
    escape,
    items_of,
    new_dict,
    new_sequence,
    with_entry,
)
from estimator_lint.evaluation.values.values import (
    DictContents,
    SequenceContents,
    TupleValue,
    Value,
    same_as_none,
)

if TYPE_CHECKING:
    from estimator_lint.evaluation.handlers import Result
    from estimator_lint.evaluation.paths.state import State

#: Iterations that are run one by one; a longer loop counts as of unknown length.
_MAX_UNROLLED: Final = 16
#: Iterations of a loop in loops that are run one by one, in all iterations of those around it.
_MAX_UNROLLED_IN_ALL: Final = 64
#: Paths through a comprehension past which nothing is known of what it makes.
_MAX_COMPREHENDED: Final = 8


def _max_unrolled(ev: Evaluator) -> int:
    if ev.steps_on_one_path is not None:
        return 1
    return min(_MAX_UNROLLED, max(1, _MAX_UNROLLED_IN_ALL // ev.iterations))


@statement(cst.For)
def _for(ev: Evaluator, node: cst.For, state: State) -> list[State]:
    states: list[State] = []
    for iterable, after in ev.evaluate(node.iter, state):
        iterable = ev.resolve(iterable, after)
        use = labels_use(ev, iterable, node.iter, "is iterated over", after)
        if same_as_none(iterable):
            states += ev.goes_wrong(after, "TypeError", use)
            continue
        items = items_of(iterable, after)
        if items is not None and len(items) <= _max_unrolled(ev):
            states += _run_unrolled(ev, node, items, after)
        else:
            first, further = iterations(ev, iterable, items, node)
            states += _run_for_of_unknown_length(ev, node, first, further, after)
    return states


def _run_unrolled(
    ev: Evaluator, node: cst.For, items: tuple[Value, ...], state: State
) -> list[State]:
    broken: list[State] = []
    states = [state]
    for item in items:
        entered = [after for before in states for after in assign(ev, node.target, item, before)]
        states, left = _run_iteration(ev, node.body, entered, of=len(items))
        broken += left
        states = ev.merger.few(states)
        if not states:
            break
    return _run_else(ev, node.orelse, states) + ev.merger.few(broken)


def _run_iteration(
    ev: Evaluator, body: cst.BaseSuite, states: list[State], *, of: int = 2
) -> tuple[list[State], list[State]]:
    """Run the body once: the paths that come to its end, and those that broke out.

    ``of`` says how many iterations there are.
    """
    outer, around = ev.exits, ev.iterations
    ev.iterations *= of
    with ev.collecting_exits() as exits:
        ends = ev.run_body(body, states)
    ev.iterations = around
    outer.returns += exits.returns
    outer.raises += exits.raises
    return ends + exits.continues, ev.merger.few(exits.breaks)


def _run_else(ev: Evaluator, orelse: cst.Else | None, states: list[State]) -> list[State]:
    return states if orelse is None else ev.run_body(orelse.body, states)


def _run_for_of_unknown_length(
    ev: Evaluator, node: cst.For, first: Value, further: Value, state: State
) -> list[State]:
    """The loop ends behind an iteration of which nothing tells which one it is."""
    states, broken = _run_iteration(ev, node.body, assign(ev, node.target, first, state))
    doubt = (ev.new_doubt(), True)
    entered = [
        after
        for before in _further(ev, node.body, states, doubt)
        for after in assign(ev, node.target, further, before)
    ]
    ends, out = _run_iteration(ev, node.body, entered)
    for end in ends:
        end.doubts -= {doubt}  # the loop does end
    return _run_else(ev, node.orelse, ends) + broken + out


def _further(
    ev: Evaluator, body: cst.CSTNode, states: list[State], doubt: tuple[int, bool]
) -> list[State]:
    """The states before any iteration but the first; whether there is one is in doubt."""
    for state in states:
        state.doubts |= {doubt}
        forget_changes(ev, body, state)
    return ev.merger.few(states)


def forget_changes(ev: Evaluator, body: cst.CSTNode, state: State) -> None:
    """Make unknown what running ``body`` any number of times may have changed."""
    effects = ev.frame.code.module.effects(body)
    for name in effects.mutated:
        scope = scope_of(ev, name)
        value = None if scope is None else state.variable(scope, name)
        if value is not None:
            escape(ev, value, state)
    for name in effects.bound:
        scope = scope_of(ev, name)
        if scope is not None:
            state.bind(scope, name, ev.unknown(tainted=True))


@statement(cst.While)
def _while(ev: Evaluator, node: cst.While, state: State) -> list[State]:
    done: list[State] = []
    broken: list[State] = []
    states = [state]
    for number in range(1, _max_unrolled(ev) + 1):
        decided: list[State] = []
        undecided: list[State] = []
        for before in states:
            outcomes = branches(ev, node.test, before)
            entered = [after for holds, after in outcomes if holds]
            left = [after for holds, after in outcomes if not holds]
            done += left
            (undecided if left else decided).extend(entered)
        if undecided:
            ends, out = _run_undecided(ev, node, undecided)
            done += ends
            broken += out
        if not decided:
            break
        states, out = _run_iteration(ev, node.body, decided, of=number)
        broken += out
        states = ev.merger.few(states)
    else:
        ends, out = _run_undecided(ev, node, states)
        done += ends
        broken += out
    return _run_else(ev, node.orelse, ev.merger.few(done)) + ev.merger.few(broken)


def _run_undecided(
    ev: Evaluator, node: cst.While, states: list[State]
) -> tuple[list[State], list[State]]:
    """Run the body from ``states`` at least once: where the test fails then, and the breaks."""
    ends, broken = _run_iteration(ev, node.body, states)
    done, further = _test_again(ev, node, ends)
    entered = _further(ev, node.body, further, (ev.new_doubt(), True))
    ends, out = _run_iteration(ev, node.body, entered)
    return done + _test_again(ev, node, ends)[0], broken + out


def _test_again(
    ev: Evaluator, node: cst.While, states: list[State]
) -> tuple[list[State], list[State]]:
    """The paths on which the test of a loop fails behind an iteration, and the others."""
    if ev.frame.code.module.effects(node.test).may_raise:
        # It calls something, or reads an attribute: it may come out otherwise each time.
        return [state.fork() for state in states], states
    outcomes = [outcome for state in states for outcome in branches(ev, node.test, state)]
    return (
        [after for holds, after in outcomes if not holds],
        [after for holds, after in outcomes if holds],
    )


Comprehension: TypeAlias = cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp


#: One way through a comprehension: whether every item is known, the items, and the path.
_Collected: TypeAlias = "tuple[bool, tuple[tuple[Value, ...], ...], State]"


@expression(cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)
def _comprehension(ev: Evaluator, node: Comprehension, state: State) -> list[Result]:
    names = comprehension_targets(node)
    frame = ev.frame
    scope = ev.new_scope(names, frame.code, frame.scope, node, state)
    parts = [node.key, node.value] if isinstance(node, cst.DictComp) else [node.elt]
    # The first iterable belongs to the scope around the comprehension.
    results: list[Result] = []
    for iterable, before in ev.evaluate(node.for_in.iter, state):
        start = before.fork()
        with ev.entering(Frame(scope, frame.code, frame.handling, frame.position)):
            outcomes = _run_clause(ev, node.for_in, iterable, parts, before)
        if len(outcomes) > 1 and not all(known for known, _, _ in outcomes):
            outcomes = [(False, (), start)]  # to tell the paths apart would tell nothing
        for known, collected, after in outcomes:
            if not known:
                forget_changes(ev, node, after)
            results.append((_comprehended(ev, node, known, collected, after), after))
    return results


def _run_clause(
    ev: Evaluator,
    clause: cst.CompFor,
    iterable: Value,
    parts: list[cst.BaseExpression],
    state: State,
) -> list[_Collected]:
    """Run a ``for`` clause and what is inside it."""
    iterable = ev.resolve(iterable, state)
    use = labels_use(ev, iterable, clause.iter, "is iterated over", state)
    if same_as_none(iterable):
        return [(False, (), after) for after in ev.goes_wrong(state, "TypeError", use)]
    items = items_of(iterable, state)
    known = items is not None and len(items) <= _MAX_UNROLLED
    if items is None or not known:
        items = (ev.derived("iterated", id(clause), of=[iterable]),)
    outcomes: list[_Collected] = [(known, (), state)]
    for item in items:
        outcomes = [
            (all_known and more_known, (*collected, *more), after)
            for all_known, collected, before in outcomes
            for entered in assign(ev, clause.target, item, before)
            for more_known, more, after in _run_inside(ev, clause, parts, entered)
        ]
        if len(outcomes) > _MAX_COMPREHENDED:
            # More than one of which nothing is known: the path goes on as before all of it.
            return [(False, (), after) for _, _, after in outcomes]
    return outcomes


def _run_inside(
    ev: Evaluator, clause: cst.CompFor, parts: list[cst.BaseExpression], state: State
) -> list[_Collected]:
    """One iteration of a clause."""
    outcomes: list[_Collected] = []
    entered = [state]
    for condition in clause.ifs:
        decided = [o for before in entered for o in branches(ev, condition.test, before)]
        outcomes += [(True, (), after) for holds, after in decided if not holds]
        entered = [after for holds, after in decided if holds]
    for before in entered:
        if clause.inner_for_in is None:
            for values, after in ev.evaluate_all(parts, before):
                outcomes.append((True, (tuple(values),), after))
        else:
            for iterable, after in ev.evaluate(clause.inner_for_in.iter, before):
                outcomes += _run_clause(ev, clause.inner_for_in, iterable, parts, after)
    return outcomes


def _comprehended(
    ev: Evaluator,
    node: cst.CSTNode,
    known: bool,
    collected: tuple[tuple[Value, ...], ...],
    state: State,
) -> Value:
    if isinstance(node, cst.DictComp):
        contents = DictContents({}, open=not known)
        if known:
            for key, value in collected:
                contents = with_entry(contents, key, value)
        return new_dict(ev, node, contents, state)
    items = tuple(values[0] for values in collected)
    if isinstance(node, cst.GeneratorExp):
        return TupleValue(items) if known else ev.unknown(not_none=True)
    sequence = SequenceContents(items if known else (), open=not known)
    return new_sequence(ev, node, sequence, state, of_set=isinstance(node, cst.SetComp))
