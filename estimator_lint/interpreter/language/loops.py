"""Loops.

A loop over a known sequence is unrolled; of any other loop, two rounds are run (``rounds``). A
``for`` over something of unknown length is assumed to run at least once, since lengths are not zero
in practice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.values.lazy_items import have_changed, sources_of
from estimator_lint.domain.values.values import Value, same_as_none
from estimator_lint.interpreter.calls.builtin_containers import iterations
from estimator_lint.interpreter.classes.implicit_calls import ITERATION, note_implicit_call
from estimator_lint.interpreter.conditions.branching import branches
from estimator_lint.interpreter.conditions.none_uses import none_use
from estimator_lint.interpreter.conditions.tensor_uses import ITERATED, passing
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import statement
from estimator_lint.interpreter.language.assignment import assign
from estimator_lint.interpreter.language.rounds import (
    Loop,
    Origins,
    frozen,
    is_other_test,
    max_unrolled,
    run_further_rounds,
    run_rounds,
    values_of,
)
from estimator_lint.interpreter.lookup.possibly_empty import may_be_empty
from estimator_lint.interpreter.objects import items_of
from estimator_lint.syntax.local_bindings import names_in_target

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import Key, Layer, State
    from estimator_lint.domain.values.lazy_items import Sources
    from estimator_lint.interpreter.language.rounds import Begin


@statement(cst.For)
def _for(ev: Evaluator, node: cst.For, states: list[State]) -> list[State]:
    reached: list[State] = []
    unrolled: dict[tuple[tuple[Value, ...], Sources], list[State]] = {}
    others: list[State] = []
    empty: list[State] = []
    if isinstance(node.iter, cst.GeneratorExp):
        ev.readers[node.iter] = "part"
    with ev.register("first", node) as first, ev.register("further", node) as further:
        for iterable, after in ev.evaluate(node.iter, states):
            iterable = ev.resolve(iterable, after)
            note_implicit_call(ev, iterable, ITERATION, after)
            use = none_use(ev, iterable, node.iter, "is iterated over", after)
            if same_as_none(iterable):
                reached += ev.goes_wrong(after, "TypeError", use)
                continue
            if not passing(ev, iterable, node.iter, ITERATED, after):
                continue
            items = items_of(iterable, after)
            if items is not None and len(items) <= max_unrolled(ev):
                changing = _changing(iterable, node.iter, after)
                unrolled.setdefault((items, changing), []).append(after)
                continue
            if may_be_empty(ev, iterable, after):
                empty.append(_without_round(ev, after))
            for register, item in zip(
                (first, further), iterations(ev, iterable, items, node), strict=True
            ):
                after.set(register, item)
            others.append(after)
        for (items, changing), begun in unrolled.items():
            reached += _run_unrolled(ev, node, items, changing, (first, further), begun)
        if others:
            reached += _run_for_of_unknown_length(ev, node, first, further, others, empty)
    return reached


def _without_round(ev: Evaluator, state: State) -> State:
    """The path on which a loop has nothing to iterate over."""
    after = state.fork()
    after.doubts |= {(ev.new_doubt(), True)}
    return after


def _changing(iterable: Value, node: cst.BaseExpression, state: State) -> Sources:
    """The containers that a loop reads while its body may change them, and what they give."""
    is_display = isinstance(node, cst.List | cst.Set | cst.Dict)  # nothing else refers to it
    return () if is_display else sources_of([iterable], state)


def _run_unrolled(
    ev: Evaluator,
    node: cst.For,
    items: tuple[Value, ...],
    changing: Sources,
    registers: tuple[Key, Key],
    states: list[State],
) -> list[State]:
    """Run a loop over known items; ``changing`` are the containers that they are in."""
    broken: list[State] = []
    done: list[State] = []
    for count, item in enumerate(items, 1):
        base = frozen(states) if changing else None
        entered = [after for before in states for after in assign(ev, node.target, item, before)]
        states, left = _run_iteration(ev, node.body, entered, of=len(items))
        broken += left
        states = ev.partitioner.meeting(states)
        changed = [state for state in states if have_changed(changing, count, state)]
        if changed:
            states = [state for state in states if state not in changed]
            ends, left = _run_for_of_changed_items(ev, node, registers, base, changed)
            done += ends
            broken += left
        if not states:
            break
    return _run_else(ev, node.orelse, states + done) + ev.partitioner.meeting(broken)


def _run_for_of_changed_items(
    ev: Evaluator,
    node: cst.For,
    registers: tuple[Key, Key],
    base: Layer | None,
    states: list[State],
) -> tuple[list[State], list[State]]:
    """Run the further rounds of a loop over a container that its body has changed."""
    for state in states:
        state.set(registers[1], ev.unknown(imprecise=True))
    return run_further_rounds(ev, _loop_over_items(ev, node, *registers), base, states)


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
    ev: Evaluator, node: cst.For, first: Key, further: Key, states: list[State], empty: list[State]
) -> list[State]:
    """Run a loop that ends after some round, but which one is unknown.

    On the paths ``empty``, it has no round.
    """
    done, broken = run_rounds(ev, _loop_over_items(ev, node, first, further), states)
    return _run_else(ev, node.orelse, ev.partitioner.meeting(empty + done)) + broken


def _loop_over_items(ev: Evaluator, node: cst.For, first: Key, further: Key) -> Loop:
    """A loop whose number of rounds is unknown; the items of rounds are in the registers."""

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
    return Loop(
        node,
        node.body,
        # If no round reads the item, one round may represent all, and any item may be the last.
        first=begin(first if reads_item else further),
        further=begin(further),
        run=lambda begun: _run_iteration(ev, node.body, begun),
        part=None,
        reads=lambda changed: reads_item or bool(changed & read),
    )


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
    for number in range(1, max_unrolled(ev) + 1):
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
