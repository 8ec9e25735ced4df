"""Of the cases of a path, only those are looked at that what was told may rule out."""

from __future__ import annotations

from unittest import mock

from estimator_lint.domain.paths import joined_cases
from estimator_lint.domain.paths.cases import Case
from estimator_lint.domain.paths.doubts import NO_DOUBTS
from estimator_lint.domain.paths.joined_cases import count_of_cases, narrow
from estimator_lint.domain.paths.state import Layer, State


def _truth(number: int, holds: bool) -> tuple[tuple[str, int], bool]:
    return ("truth", number), holds


def _with_groups(count: int) -> State:
    """A path with groups of cases: one of two values is true, in each of them."""
    state = State.at_bottom(Layer(None, {}))
    for number in range(0, 2 * count, 2):
        cases = [
            Case(frozenset({_truth(number, True)}), NO_DOUBTS),
            Case(frozenset({_truth(number + 1, True)}), NO_DOUBTS),
        ]
        state.add_cases(NO_DOUBTS, cases)
    return state


def test_one_outcome_is_compared_with_the_cases_about_its_value() -> None:
    state = _with_groups(100)
    state.assume(("truth", 40), False)
    with mock.patch.object(joined_cases, "_agrees", wraps=joined_cases._agrees) as agrees:
        assert narrow(state)
        assert agrees.call_count == 2
    assert state.get(("truth", 41)) is True
    assert len(state.cases) == 99


def test_what_a_fork_was_told_is_not_forgotten() -> None:
    state = _with_groups(2)
    state.assume(("truth", 0), False)
    other = state.fork()
    assert narrow(other)
    assert other.get(("truth", 1)) is True
    assert narrow(state)
    assert state.get(("truth", 1)) is True


def test_a_path_on_which_no_case_is_left_stays_impossible() -> None:
    state = _with_groups(2)
    state.assume(("truth", 0), False)
    state.assume(("truth", 1), False)
    assert not narrow(state)
    assert not narrow(state)


def test_groups_that_two_paths_share_are_not_multiplied() -> None:
    state = _with_groups(20)
    other = state.fork()
    assert count_of_cases(state, other) == 2
    other.assume(("truth", 0), False)
    assert narrow(other)
    assert count_of_cases(state, other) == 2 + 1
