"""Running a block on every way out of another: ``finally``.

It is run once for all of them. Meanwhile, the state of each path remembers its way out, with the
value or exception that it carries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.differences import WAY_OUT
from estimator_lint.domain.paths.frames import Exits, Raised
from estimator_lint.domain.paths.handled_exceptions import Handled, either
from estimator_lint.domain.values.values import Constant, TupleValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    import libcst as cst

    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.paths.state import Key, State
    from estimator_lint.domain.values.places import Place
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import ClassCode


#: The register for the value or exception of a path that leaves a block.
_CARRIED: Final = "carried"


@dataclass(frozen=True)
class _Way:
    """How paths leave: ``kind`` is ``end``, ``return``, ``raise``, ``break`` or ``continue``."""

    kind: str
    place: Place | None = None
    exception: str | ClassCode | None = None


@dataclass(frozen=True)
class _Leaving:
    """A path that leaves a block, with the value or exception that it carries."""

    way: _Way
    carried: Value | Handled | None
    state: State


@dataclass(frozen=True)
class _Together:
    """Paths that were merged into one for a while.

    Attributes:
        state: the one path, at first.
        doubts: its doubts then.
        before: the paths as they were.
        ways: the registers of ways out of statements around in which they differ.
    """

    state: State
    doubts: Doubts
    before: tuple[State, ...]
    ways: tuple[Key, ...]

    @classmethod
    def of(cls, ev: Evaluator, states: Sequence[State]) -> _Together:
        """Merge several paths into one."""
        before = tuple(state.fork() for state in states)
        first, *others = before
        ways = [
            key
            for key in _outer_ways(ev)
            if any(other.get(key) != first.get(key) for other in others)
        ]
        (merged,) = ev.partitioner.one([*states])
        return cls(merged, merged.doubts, before, tuple(ways))

    def apart(self, after: State) -> list[State]:
        """The paths behind what the one path has run to the state ``after``, one for each."""
        return [self._continued(after.fork(), before) for before in self.before]

    def _continued(self, state: State, before: State) -> State:
        state.forget_cases()
        state.doubts = (state.doubts - self.doubts) | before.doubts
        state.passed = before.passed
        for key in self.ways:
            state.set(key, before.get(key))
        return state


def run_apart_from_ways(
    ev: Evaluator, states: list[State], run: Callable[[list[State]], list[State]]
) -> list[State]:
    """Run a statement that may be in a ``finally`` in another.

    If so, it is run once for all the ways out that its paths bring there: otherwise their number
    would multiply with each ``finally``.
    """
    ways = [key for key in _outer_ways(ev) if key[1] == WAY_OUT]
    if len(ways) < bounds.MAX_FINALLYS or len(states) < 2:
        return run(states)
    together = _Together.of(ev, states)
    outer = ev.exits
    with ev.collecting_exits() as exits:
        reached = run([together.state])
    for value, after, place in exits.returns:
        outer.returns += [(value, state, place) for state in together.apart(after)]
    for raised in exits.raises:
        outer.raises += [replace(raised, state=state) for state in together.apart(raised.state)]
    outer.breaks += [state for after in exits.breaks for state in together.apart(after)]
    outer.continues += [state for after in exits.continues for state in together.apart(after)]
    return [state for after in reached for state in together.apart(after)]


def _outer_ways(ev: Evaluator) -> list[Key]:
    """The registers of the ways out of the statements whose ``finally`` is being run."""
    return [key for key in ev.registers if key[1] in (WAY_OUT, _CARRIED)]


def run_on_ways_out(
    ev: Evaluator,
    node: cst.CSTNode,
    reached: list[State],
    exits: Exits,
    outer: Exits,
    body: cst.BaseSuite,
) -> list[State]:
    """Run ``body`` on every way out; it may replace the way by one of its own.

    ``node`` is the statement whose block is left. The paths of ``reached`` come to the end of the
    block, those of ``exits`` leave it otherwise; ``outer`` collects those that continue on their
    way out.
    """
    if not exits.returns and not exits.raises and not exits.breaks and not exits.continues:
        return ev.run_body(body, reached)
    with ev.register(WAY_OUT, node) as way, ev.register(_CARRIED, node) as carried:
        leaving, merged = _few_ways(ev, _leaving(reached, exits), carried)
        ways: dict[_Way, int] = {}
        for one in leaving:
            one.state.set(way, Constant(ways.setdefault(one.way, len(ways))))
            one.state.set(carried, one.carried)
        states = [one.state for one in leaving]
        with ev.collecting_exits() as replaced:
            if ev.steps_on_one_path is None:
                ends = ev.run_body(body, states)
            else:  # all paths are merged into one, but the ways must stay apart
                ends = [after for state in states for after in ev.run_body(body, [state])]
        for state in replaced.states():
            # The path leaves by another way than before.
            entry = state.get(carried)
            for fault in entry.faults if isinstance(entry, Handled) else ():
                fault.swallowed = True
        left = [_left(list(ways), state, way, carried) for state in ends]
        reached = _sent_on(_apart_again(ev, left, merged), outer)
    outer.add(_met(ev, replaced))
    return reached


def _leaving(reached: list[State], exits: Exits) -> list[_Leaving]:
    """All paths that leave a block, with their ways."""
    return [
        *(_Leaving(_Way("end"), None, state) for state in reached),
        *(_Leaving(_Way("return", place), value, state) for value, state, place in exits.returns),
        *(
            _Leaving(_Way("raise", exception=raised.exception), raised.handled(None), raised.state)
            for raised in exits.raises
        ),
        *(_Leaving(_Way("break"), None, state) for state in exits.breaks),
        *(_Leaving(_Way("continue"), None, state) for state in exits.continues),
    ]


#: By the way of a merged path: the paths that it stands for.
_Merged: TypeAlias = "dict[_Way, tuple[list[_Leaving], _Together]]"


def _few_ways(
    ev: Evaluator, leaving: list[_Leaving], carried: Key
) -> tuple[list[_Leaving], _Merged]:
    """The paths, with those of each kind merged into one if they leave by many ways.

    Each way keeps a path of its own: otherwise, the block would be run for every ``return``.
    """
    kept: list[_Leaving] = []
    merged: _Merged = {}
    for kind in dict.fromkeys(one.way.kind for one in leaving):
        alike = [one for one in leaving if one.way.kind == kind]
        if len({one.way for one in alike}) <= bounds.FEW_PATHS:
            kept += alike
            continue
        for one in alike:  # what it carries may not be lost as garbage
            one.state.set(carried, one.carried)
        together = _Together.of(ev, [one.state for one in alike])
        way = _Way(kind)
        kept.append(_Leaving(way, _carried_by_any(alike), together.state))
        merged[way] = alike, together
    return kept, merged


def _carried_by_any(alike: Sequence[_Leaving]) -> Value | Handled:
    """All the values that some paths carry; or their exceptions as one."""
    values = [one.carried for one in alike if isinstance(one.carried, Value)]
    handled = [one.carried for one in alike if isinstance(one.carried, Handled)]
    return reduce(either, handled) if handled else TupleValue(tuple(values))


def _left(ways: list[_Way], state: State, way: Key, carried: Key) -> _Leaving:
    """A path behind the block, with the way that it brought there."""
    index, what = state.get(way), state.get(carried)
    assert isinstance(index, Constant) and isinstance(index.value, int)
    assert what is None or isinstance(what, Value | Handled)
    return _Leaving(ways[index.value], what, state)


def _apart_again(ev: Evaluator, left: list[_Leaving], merged: _Merged) -> list[_Leaving]:
    """The paths behind the block; those that were merged for it are separate again."""
    found = [one for one in left if one.way not in merged]
    for way, (members, together) in merged.items():
        for after in ev.partitioner.one([one.state for one in left if one.way == way]):
            states = together.apart(after)
            found += [
                replace(member, state=state) for member, state in zip(members, states, strict=True)
            ]
    return found


def _met(ev: Evaluator, exits: Exits) -> Exits:
    """The exits, merged where nothing is lost: the way that they replace does not matter."""
    met = Exits(
        breaks=ev.partitioner.meeting(exits.breaks),
        continues=ev.partitioner.meeting(exits.continues),
    )
    by_place: dict[Place | None, list[tuple[Value, State]]] = {}
    for value, state, place in exits.returns:
        by_place.setdefault(place, []).append((value, state))
    for place, results in by_place.items():
        met.returns += [
            (value, state, place) for value, state in ev.partitioner.meeting_results(results)
        ]
    by_exception: dict[Hashable, list[Raised]] = {}
    for raised in exits.raises:
        by_exception.setdefault((raised.exception, raised.faults, raised.by), []).append(raised)
    for alike in by_exception.values():
        states = ev.partitioner.meeting([raised.state for raised in alike])
        met.raises += [replace(alike[0], state=state) for state in states]
    return met


def _sent_on(left: list[_Leaving], outer: Exits) -> list[State]:
    """Continue each path by its way out; returns those that reach the end."""
    reached: list[State] = []
    for one in left:
        what, state = one.carried, one.state
        match one.way.kind:
            case "end":
                reached.append(state)
            case "return":
                assert isinstance(what, Value)
                outer.returns.append((what, state, one.way.place))
            case "raise":
                assert isinstance(what, Handled)
                outer.raises.append(Raised(state, one.way.exception, what.faults, what.by))
            case "break":
                outer.breaks.append(state)
            case _:
                outer.continues.append(state)
    return reached
