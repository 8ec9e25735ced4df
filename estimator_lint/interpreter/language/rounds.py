"""Loops with an unknown number of rounds.

The first round is run as it is, then one that represents all further ones; before it, everything
that a round has changed becomes unknown. The existence of a second round is in doubt. What no round
changes stays known, and what every round leaves unbound stays unbound. A body is run again only if
its last run changed something that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.doubts import resolvent
from estimator_lint.domain.paths.state import shared_layer, written_since
from estimator_lint.domain.paths.values_on_paths import parts_of
from estimator_lint.domain.values.values import Constant, Reference, SymbolicValue, Value
from estimator_lint.interpreter.lookup.names import scope_of
from estimator_lint.interpreter.objects import escape

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.frames import Exits
    from estimator_lint.domain.paths.state import Entry, Key, Layer, State
    from estimator_lint.interpreter.evaluator import Evaluator

#: Runs the body: the paths that reach its end, and those that broke out.
Run: TypeAlias = "Callable[[list[State]], tuple[list[State], list[State]]]"
#: Begins a further round on a path.
Begin: TypeAlias = "Callable[[State], list[State]]"
#: Splits the paths after a round into those on which the loop ends, and those on which it
#: continues.
Part: TypeAlias = "Callable[[list[State]], tuple[list[State], list[State]]]"

_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Loop:
    """A loop of unknown length.

    Attributes:
        node: the loop.
        body: the code of a round.
        first: begins the first round on a path.
        further: begins any other.
        run: runs the body.
        part: decides on which paths the loop may end after a round; None means on all of them,
            after any round but the first.
        reads: whether the outcome of a round may differ if these names have changed.
    """

    node: cst.CSTNode
    body: cst.CSTNode
    first: Begin
    further: Begin
    run: Run
    part: Part | None
    reads: Callable[[frozenset[str]], bool]

    def begun(self, begin: Begin, states: list[State]) -> tuple[list[State], list[State]]:
        """Begin a round and run it."""
        return self.run([after for state in states for after in begin(state)])


def max_unrolled(ev: Evaluator) -> int:
    """How many rounds of a loop are run one by one."""
    if ev.steps_on_one_path is not None or ev.unrolled >= bounds.MAX_UNROLLED_LOOPS:
        return 1
    return min(bounds.MAX_UNROLLED, max(1, bounds.MAX_UNROLLED_IN_ALL // ev.iterations))


def run_rounds(ev: Evaluator, loop: Loop, states: list[State]) -> tuple[list[State], list[State]]:
    """The paths on which a loop ends, and those that break out of it."""
    with ev.register("forgotten", loop.node) as register, ev.looping() as around:
        if around >= bounds.MAX_LOOPS or ev.unrolled >= bounds.MAX_UNROLLED_LOOPS:
            return _run_any_round(ev, loop, states)
        for state in states:
            state.set(register, Constant(_NOTHING))
        base = frozen(states)
        ends, broken = loop.begun(loop.first, states)
        done, further = _run_further_rounds(ev, loop, register, base, ends, broken)
        return done, broken + further


def run_further_rounds(
    ev: Evaluator, loop: Loop, base: Layer | None, ends: list[State]
) -> tuple[list[State], list[State]]:
    """The same behind a first round that began at ``base`` and has these ends."""
    with ev.register("forgotten", loop.node) as register, ev.looping():
        for state in ends:
            state.set(register, Constant(_NOTHING))
        return _run_further_rounds(ev, loop, register, base, ends, [])


def _run_any_round(
    ev: Evaluator, loop: Loop, states: list[State]
) -> tuple[list[State], list[State]]:
    """Run one round that represents all of them."""
    for state in states:
        havoc(ev, loop.body, state)
    ends, broken = loop.begun(loop.further, states)
    if loop.part is None:
        return ends, broken
    done, going_on = loop.part(ends)
    _settle(done + broken, going_on)
    return done, broken


def _run_further_rounds(
    ev: Evaluator,
    loop: Loop,
    register: Key,
    base: Layer | None,
    ends: list[State],
    out: list[State],
) -> tuple[list[State], list[State]]:
    """Run further rounds as long as they change anything, after a first one.

    ``out`` are the paths that broke out of the first one.
    """
    done: list[State] = []
    broken: list[State] = []
    doubt: tuple[int, bool] | None = None
    for number in range(1, bounds.MAX_ROUNDS + 1):
        leaving, going_on = (ends, ends) if loop.part is None else loop.part(ends)
        entering: list[tuple[State, frozenset[str]]] = []
        if number < bounds.MAX_ROUNDS:
            entering = _entering(ev, loop, base, register, going_on, number)
        again = {id(state) for state, _ in entering}
        if loop.part is not None:
            _settle(leaving + out, [state for state in going_on if id(state) not in again])
        elif number == 1:
            leaving = [state for state in leaving if id(state) not in again]
        else:
            entering = [(state.fork(), changed) for state, changed in entering]
        done += leaving
        if not entering:
            break
        # Another round is in doubt if any path leaves the loop before it.
        if doubt is None and (done or out or loop.part is None):
            doubt = (ev.new_doubt(), True)
        for state, changed in entering:
            if doubt is not None:
                state.doubts |= {doubt}
            _forget(ev, loop.body, register, changed, state)
        states = ev.partitioner.meeting([state for state, _ in entering])
        base = frozen(states)
        ends, out = loop.begun(loop.further, states)
        broken += out
    if doubt is not None:
        for state in done:
            state.dispel({doubt[0]})  # the loop does end
    return done, broken


def _settle(leaving: list[State], going_on: list[State]) -> None:
    """Make it certain that a loop ends: it goes on from no path of ``going_on``.

    Each of these is one side of a test in doubt; the path of the other side then leaves the loop in
    the end, if not in this round.
    """
    for state in leaving:
        for other in going_on:
            opposed = resolvent(state.doubts, other.doubts)
            if opposed is not None and opposed < state.doubts:
                state.doubts = opposed


def frozen(states: list[State]) -> Layer | None:
    """The last layer below everything that is written from here on."""
    return shared_layer(*states, *(state.fork() for state in states)) if states else None


class Origins:
    """Which of the paths that begin a round each path behind it comes from.

    Args:
        begun: the paths that begin the round.
    """

    def __init__(self, begun: list[State]) -> None:
        self._tops = {id(_frozen_top(state)) for state in begun}
        self._lowest = min((_frozen_top(state).depth for state in begun), default=0)
        self._left: set[int | None] = set()

    def note_leaving(self, exits: Exits) -> None:
        """Note the paths that leave the loop in this round."""
        leaving = [state for _, state, _ in exits.returns]
        leaving += [*exits.breaks, *(raised.state for raised in exits.raises)]
        self._left.update(map(self._of, leaving))

    def may_have_left(self, end: State) -> bool:
        """Whether the path from which ``end`` comes may have left the loop instead."""
        if not self._left:
            return False
        origin = self._of(end)
        return origin is None or origin in self._left or None in self._left

    def _of(self, state: State) -> int | None:
        """The path that a path comes from; None if it comes from several that were joined."""
        layer: Layer | None = state.layer
        while layer is not None and layer.depth >= self._lowest:
            if id(layer) in self._tops:
                return id(layer)
            layer = layer.parent
        return None


def _frozen_top(state: State) -> Layer:
    """The last layer that a path has written before it was forked."""
    assert state.layer.parent is not None
    return state.layer.parent


def _entering(
    ev: Evaluator,
    loop: Loop,
    base: Layer | None,
    register: Key,
    going_on: list[State],
    number: int,
) -> list[tuple[State, frozenset[str]]]:
    """The paths on which another round may differ, and the names that the last one changed."""
    found: list[tuple[State, frozenset[str]]] = []
    for state in going_on:
        changed = _changed_since(ev, loop.body, base, state) - _forgotten(register, state)
        if number == 1:
            if loop.reads(changed):
                found.append((state, changed))
        elif changed and loop.reads(changed):
            found.append(
                (state, _all(ev, loop.body) if number == bounds.MAX_ROUNDS - 1 else changed)
            )
    return found


def _forgotten(register: Key, state: State) -> frozenset[str]:
    entry = state.get(register)
    names = entry.value if isinstance(entry, Constant) else None
    return names if isinstance(names, frozenset) else _NOTHING


def _all(ev: Evaluator, body: cst.CSTNode) -> frozenset[str]:
    effects = ev.frame.code.module.effects(body)
    return frozenset((*effects.bound, *effects.mutated))


def _changed_since(
    ev: Evaluator, body: cst.CSTNode, base: Layer | None, state: State
) -> frozenset[str]:
    """The names that were bound, or whose objects were changed, since ``base``."""
    written = _written_behind(base, state)
    return _bound_in(ev, body, written) | _mutated_in(ev, body, written, state)


def _written_behind(base: Layer | None, state: State) -> dict[Key, Entry]:
    """What a path has written since ``base``; nothing if that is not known."""
    return {} if base is None else written_since(base, state)


def _bound_in(ev: Evaluator, body: cst.CSTNode, written: dict[Key, Entry]) -> frozenset[str]:
    """The names that were bound, even to their previous values, by what was written."""
    scopes = {name: scope_of(ev, name) for name in ev.frame.code.module.effects(body).bound}
    return frozenset(
        name
        for name, scope in scopes.items()
        if scope is not None and ("variable", scope, name) in written
    )


def _mutated_in(
    ev: Evaluator, body: cst.CSTNode, written: dict[Key, Entry], state: State
) -> frozenset[str]:
    """The names whose objects, or what is in these, were changed by what was written."""
    changed: set[str] = set()
    for name in ev.frame.code.module.effects(body).mutated:
        value = _variable_named(ev, name, state)
        if value is not None and _is_object_changed(value, state, written):
            changed.add(name)
    return frozenset(changed)


def _variable_named(ev: Evaluator, name: str, state: State) -> Value | None:
    """The value of the variable that a name means here; None if it means none."""
    scope = scope_of(ev, name)
    return None if scope is None else state.variable(scope, name)


def _holds_contents(ev: Evaluator, names: Iterable[str], state: State) -> bool:
    """Whether one of the variables is an object with known contents that may change."""
    for name in names:
        value = _variable_named(ev, name, state)
        if isinstance(value, Reference | SymbolicValue):
            if state.contents(value.number) is not None:
                return True
        elif value is not None and parts_of(value, state):
            return True
    return False


def values_of(
    ev: Evaluator, names: frozenset[str], states: list[State]
) -> dict[str, set[Value | None]]:
    """What variables are on the paths, by their names."""
    return {name: {_variable_named(ev, name, state) for state in states} for name in names}


def is_other_test(
    ev: Evaluator,
    node: cst.While,
    before_it: dict[str, set[Value | None]],
    base: Layer | None,
    end: State,
) -> bool:
    """Whether a round from ``base`` has changed what the test of a loop asks for."""
    test = ev.frame.code.module.effects(node.test)
    written = _written_behind(base, end)
    bound = test.read & _bound_in(ev, node.body, written)
    after_it = values_of(ev, bound, [end])
    return (
        any(after_it[name].isdisjoint(before_it[name]) for name in bound)
        or not test.read.isdisjoint(_mutated_in(ev, node.body, written, end))
        or _holds_contents(ev, test.mutated, end)
    )


def _is_object_changed(value: Value, state: State, written: dict[Key, Entry]) -> bool:
    """Whether the contents of an object, or of an object in it, were written."""
    pending, seen = [value], set()
    while pending:
        part = pending.pop()
        if isinstance(part, Reference | SymbolicValue):
            if part.number in seen:
                continue
            seen.add(part.number)
            if ("contents", part.number) in written or len(seen) > bounds.MAX_OBJECTS_FOLLOWED:
                return True
        pending += parts_of(part, state)
    return False


def _forget(
    ev: Evaluator, body: cst.CSTNode, register: Key, changed: frozenset[str], state: State
) -> None:
    """Make everything unknown that a round has changed: further rounds may change it again."""
    havoc(ev, body, state, only=changed)
    state.set(register, Constant(_forgotten(register, state) | changed))


def havoc(
    ev: Evaluator, body: cst.CSTNode, state: State, *, only: frozenset[str] | None = None
) -> None:
    """Make everything unknown that running ``body`` any number of times may change.

    ``only`` are the names that matter; None means all of them.
    """
    effects = ev.frame.code.module.effects(body)
    for name in effects.mutated:
        scope = scope_of(ev, name) if only is None or name in only else None
        value = None if scope is None else state.variable(scope, name)
        if value is not None:
            escape(ev, value, state)
    for name in effects.bound:
        scope = scope_of(ev, name) if only is None or name in only else None
        if scope is not None:
            state.bind(scope, name, ev.unknown(imprecise=True))
