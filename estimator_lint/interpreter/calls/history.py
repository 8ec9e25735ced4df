"""The library calls made on a path, for rules that ask for them.

For each such call, the state of a path records whether all of the paths that were merged into it
made the call, or only some.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from estimator_lint.domain.values.values import FALSE, TRUE
from estimator_lint.facts.trace import WatchedCall

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import SymbolicValue
    from estimator_lint.interpreter.evaluator import Evaluator


_CONDITIONALLY = ("runs conditionally",)


def runs_conditionally(state: State) -> bool:
    """Whether ops that the path creates now may not run with the others: those of ``tf.cond``."""
    return state.get(_CONDITIONALLY) == TRUE


def set_runs_conditionally(conditionally: bool, state: State) -> None:
    """Enter or leave a function whose ops may not run."""
    if conditionally is not runs_conditionally(state):
        state.set(_CONDITIONALLY, TRUE if conditionally else FALSE)


_READS = ("count", "reads of collections")
#: More reads of collections are not counted.
MANY_READS: Final = 3


def note_watched(ev: Evaluator, node: cst.CSTNode, result: SymbolicValue, state: State) -> None:
    """Record that the path of ``state`` made the call ``node``, which returned ``result``."""
    if runs_conditionally(state):
        return
    reads = _reads(state)
    number = ev.number_of(("watched", id(node), result.number, reads))
    if number not in ev.watched:
        ev.watched[number] = WatchedCall(ev.place(node), result, reads, passed=state.passed)
    state.set(("happened", number), True)


def note_read(state: State) -> None:
    """Record that the path read a collection of the graph, which may be filled later."""
    reads = _reads(state)
    if reads < MANY_READS:
        state.set(_READS, reads + 1)


def _reads(state: State) -> int:
    """How often the path has read a collection; ``MANY_READS`` if that often or more often."""
    reads = state.get(_READS)
    return reads if isinstance(reads, int) else 0


def note_made(ev: Evaluator, node: cst.CSTNode, result: SymbolicValue, state: State) -> None:
    """Record a call that makes variables; a join keeps those that both paths made."""
    number = ev.number_of(("watched", id(node), result.number))
    if number not in ev.watched:
        ev.watched[number] = WatchedCall(ev.place(node), result, passed=state.passed)
    state.set(("made", number), True)


def made(ev: Evaluator, state: State) -> tuple[WatchedCall, ...]:
    """The calls that make variables, on all of the paths that were merged into this one."""
    return tuple(watched for number, watched in ev.watched.items() if state.peek(("made", number)))


def happened(ev: Evaluator, state: State) -> Mapping[WatchedCall, bool]:
    """The watched calls that the path made; True if all paths merged into it made it."""
    made = {}
    for number, watched in ev.watched.items():
        always = state.peek(("happened", number))
        if always is not None:
            made[watched] = bool(always)
    return made
