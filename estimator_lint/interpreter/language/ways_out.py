"""Running a block on every way out of another: ``finally``.

It is run once for all of them. Meanwhile, the state of each path remembers its way out, with the
value or exception that it carries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.differences import WAY_OUT
from estimator_lint.domain.paths.frames import Exits, Raised
from estimator_lint.domain.paths.handled_exceptions import Handled
from estimator_lint.domain.values.values import Constant, Value

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import Key, State
    from estimator_lint.domain.values.places import Place
    from estimator_lint.interpreter.evaluator import Evaluator
    from estimator_lint.project.code import ClassCode


@dataclass(frozen=True)
class _Way:
    """How paths leave: ``kind`` is ``end``, ``return``, ``raise``, ``break`` or ``continue``."""

    kind: str
    place: Place | None = None
    exception: str | ClassCode | None = None


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
    with ev.register(WAY_OUT, node) as way, ev.register("carried", node) as carried:
        ways, states = _tagged(reached, exits, way, carried)
        with ev.collecting_exits() as replacing:
            if ev.steps_on_one_path is None:
                ends = ev.run_body(body, states)
            else:  # all paths are merged into one, but the ways must stay apart
                ends = [after for state in states for after in ev.run_body(body, [state])]
        for state in replacing.states():
            # The path leaves by another way than before.
            entry = state.get(carried)
            for fault in entry.faults if isinstance(entry, Handled) else ():
                fault.swallowed = True
        outer.add(replacing)
        return _sent_on(ends, ways, outer, way, carried)


def _tagged(
    reached: list[State], exits: Exits, way: Key, carried: Key
) -> tuple[list[_Way], list[State]]:
    """All paths, each with its way out, and the value or exception that it carries."""
    ways: dict[_Way, int] = {}
    states: list[State] = []

    def tag(state: State, how: _Way, what: Value | Handled | None = None) -> None:
        state.set(way, Constant(ways.setdefault(how, len(ways))))
        state.set(carried, what)
        states.append(state)

    for state in reached:
        tag(state, _Way("end"))
    for value, state, place in exits.returns:
        tag(state, _Way("return", place), value)
    for raised in exits.raises:
        tag(raised.state, _Way("raise", exception=raised.exception), raised.handled(None))
    for state in exits.breaks:
        tag(state, _Way("break"))
    for state in exits.continues:
        tag(state, _Way("continue"))
    return list(ways), states


def _sent_on(
    ends: list[State], ways: list[_Way], outer: Exits, way: Key, carried: Key
) -> list[State]:
    """Continue each path by its way out; returns those that reach the end."""
    reached: list[State] = []
    for state in ends:
        index, what = state.get(way), state.get(carried)
        assert isinstance(index, Constant) and isinstance(index.value, int)
        how = ways[index.value]
        match how.kind:
            case "end":
                reached.append(state)
            case "return":
                assert isinstance(what, Value)
                outer.returns.append((what, state, how.place))
            case "raise":
                assert isinstance(what, Handled)
                outer.raises.append(Raised(state, how.exception, what.faults, what.by))
            case "break":
                outer.breaks.append(state)
            case _:
                outer.continues.append(state)
    return reached
