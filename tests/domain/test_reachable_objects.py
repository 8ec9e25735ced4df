"""Which objects some path still reaches, and that what paths share is walked through once."""

from __future__ import annotations

from unittest import mock

from estimator_lint.domain.paths import join
from estimator_lint.domain.paths.join import Joiner
from estimator_lint.domain.paths.state import Key, Layer, State
from estimator_lint.domain.paths.values_on_paths import parts_held
from estimator_lint.domain.values.values import (
    NONE,
    Reference,
    SequenceContents,
    SymbolicValue,
)
from estimator_lint.tensorflow_api.value_types import Compatibility

_KEPT: Key = ("register", "kept")
_ROOT: Key = ("register", "root")


def _reached(wanted: list[int], *states: State) -> list[int]:
    joiner = Joiner(
        lambda location, known, tensor, _: SymbolicValue(1),
        lambda scope, name: True,
        lambda key: True,
        lambda number: True,
        lambda number: True,
        lambda: [_KEPT, _ROOT],
        lambda one, other: Compatibility.ALIKE,
    )
    joiner.begin_meeting()
    keys: list[Key] = [("contents", number) for number in wanted]
    return sorted(number for _, number in joiner.reachable(keys, states))  # type: ignore[misc]


def _hold(state: State, number: int, *held: int) -> None:
    state.set_contents(number, SequenceContents(tuple(Reference(one, "list") for one in held)))


def _paths(count: int) -> list[State]:
    """Paths on which a chain of lists, 10 to 59, is reached from one root, 9 from the other."""
    first = State.at_bottom(Layer(None, {}))
    first.set(_ROOT, Reference(10, "list"))
    first.set(_KEPT, Reference(9, "list"))
    for number in range(10, 60):
        _hold(first, number, number + 1)
    return [first, *(first.fork() for _ in range(count - 1))]


def test_behind_what_all_paths_share() -> None:
    assert _reached([9, 35, 60, 61], *_paths(3)) == [9, 35, 60]


def test_behind_a_root_that_one_path_has_replaced() -> None:
    one, other = _paths(2)
    other.set(_ROOT, Reference(70, "list"))
    _hold(other, 70, 71)
    assert _reached([35, 71], one, other) == [35, 71]
    one.set(_ROOT, NONE)
    assert _reached([35, 71], one, other) == [71]


def test_behind_an_object_that_one_path_has_changed() -> None:
    one, other = _paths(2)
    _hold(one, 20, 80)
    assert _reached([35, 80], one, other) == [35, 80]
    _hold(other, 20)
    assert _reached([35, 80], one, other) == [80]


def test_operands_are_roots() -> None:
    one, other = _paths(2)
    other.push(Reference(90, "list"))
    assert _reached([90], one, other) == [90]


def test_what_paths_share_is_walked_through_once() -> None:
    with mock.patch.object(join, "parts_held", side_effect=parts_held) as walked:
        assert _reached([99], *_paths(16)) == []
    assert walked.call_count < 60
