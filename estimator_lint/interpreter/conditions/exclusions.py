"""Which values the tests of a path have shown not to equal something they are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import SymbolicValue

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def exclude(ev: Evaluator, compared: Iterable[SymbolicValue], state: State) -> None:
    """Record that each of these values does not equal the other operand of a comparison."""
    numbers = tuple(value.number for value in compared)
    for number in numbers:
        before = state.get(("exclusions", number))
        state.set(("exclusions", number), before + 1 if isinstance(before, int) else 0)
    _note_exclusion(ev, numbers, state)


def excluded_twice(ev: Evaluator, state: State, since: int) -> bool:
    """Whether the last test of the path was one of several that ruled out constants.

    ``since`` is the number of such tests before the current statement.
    """
    last = state.get(("last exclusion",))
    if not isinstance(last, int) or last <= since:
        return False
    counts = [state.get(("exclusions", number)) for number in ev.correlations.exclusions[last - 1]]
    return any(isinstance(count, int) and count >= 1 for count in counts)


def exclude_some(ev: Evaluator, compared: Iterable[SymbolicValue], state: State) -> None:
    """As ``exclude``, for a test of order or type: counted with others of the same chain only."""
    numbers = tuple(-value.number for value in compared)
    last = state.get(("last exclusion",))
    before: set[int] = set()
    known = ev.correlations
    if isinstance(last, int) and known.chain_began < last <= known.test_began:
        before = set(map(abs, known.exclusions[last - 1]))
    for number in numbers:
        state.set(("exclusions", number), 1 if -number in before else 0)
    _note_exclusion(ev, numbers, state)


def _note_exclusion(ev: Evaluator, numbers: tuple[int, ...], state: State) -> None:
    if numbers:
        ev.correlations.exclusions.append(numbers)
        state.set(("last exclusion",), len(ev.correlations.exclusions))
