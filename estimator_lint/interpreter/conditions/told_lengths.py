"""The least that tests have shown a number, or the length of an iterable, to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import Constant, Reference, SymbolicValue, Value
from estimator_lint.interpreter.conditions.branching import truth_of_contents, truth_shown

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def least_told(ev: Evaluator, number: SymbolicValue, state: State) -> int | None:
    """The least that tests of a path have shown an integer to be; None if they have not."""
    known = integer(ev.resolve(number, state))
    if known is not None:
        return known
    # A number of things that is not 0.
    found = [1] if truth_shown(ev, number, state) else []
    for answer, least in ev.correlations.least_unless.get(number.number, {}).items():
        if state.get(("truth", answer)) is False:
            found.append(least)
    return max(found, default=None)


def told_length(ev: Evaluator, value: SymbolicValue | Reference, state: State) -> int:
    """How many items tests of a path have shown an iterable to have at least."""
    least = int(truth_shown(ev, value, state))
    length = ev.lengths.get(value.number)
    told = None if length is None else least_told(ev, length, state)
    return least if told is None else max(least, told)


def note_filled(ev: Evaluator, iterable: Value, state: State) -> None:
    """Note that an iterable that might have had no items has some."""
    if isinstance(iterable, SymbolicValue | Reference) and iterable.number in ev.possibly_empty:
        truth = iterable
        if isinstance(iterable, Reference):
            truth = truth_of_contents(ev, iterable)
            ev.note_operands(truth.number, (iterable,))
        state.assume(("truth", truth.number), True)


def integer(value: Value) -> int | None:
    """The integer that a value is known to be."""
    if isinstance(value, Constant) and isinstance(value.value, int):
        return value.value
    return None
