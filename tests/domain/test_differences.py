"""The differences between paths, and those that a join loses."""

from __future__ import annotations

import cProfile
import itertools
from collections.abc import Callable, Sequence

import hypothesis
import hypothesis.strategies as st
import pytest

from estimator_lint.domain.paths.differences import WAY_OUT, Differences
from estimator_lint.domain.paths.handled_exceptions import Handled, either
from estimator_lint.domain.paths.join import Joiner
from estimator_lint.domain.paths.partition import Partitioner
from estimator_lint.domain.paths.parts_apart import apart
from estimator_lint.domain.paths.shared_entries import share
from estimator_lint.domain.paths.state import Entry, Layer, State, shared_layer
from estimator_lint.domain.paths.traits import Grain, trait_of_value
from estimator_lint.domain.values.values import (
    FALSE,
    NONE,
    TRUE,
    UNBOUND,
    Constant,
    DictContents,
    Overrides,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.tensorflow_api.value_types import Compatibility, ValueType

MANY = hypothesis.settings(max_examples=200, deadline=None, derandomize=True, database=None)

_LEAVES = st.sampled_from(
    (
        *(UNBOUND, NONE, TRUE, FALSE, Constant(1), Constant(2), Constant("train", "mode")),
        *(
            SymbolicValue(1),
            SymbolicValue(2),
            SymbolicValue(3, not_none=True),
            SymbolicValue(4, not_none=True, tensor=True),
        ),
    )
)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.builds(TupleValue, st.tuples(inner, inner)), max_leaves=3
)
_SYMBOLIC = SymbolicValue(1)
#: The values that each of some paths writes into three registers.
_ROWS = st.lists(st.tuples(_VALUES, _VALUES, _VALUES), min_size=2, max_size=24)


def _value_type(_: Value) -> ValueType:
    return (None, False)


def _joiner() -> Joiner:
    numbers = itertools.count(100)
    return Joiner(
        lambda location, known, tensor, _: SymbolicValue(
            next(numbers), known, tensor=tensor, imprecise=True
        ),
        lambda scope, name: True,
        lambda key: True,
        lambda number: False,
        lambda number: True,
        list,
        lambda one, other: Compatibility.ALIKE,
    )


def _paths(rows: Sequence[tuple[Value, ...]]) -> list[State]:
    """Paths from one state, each with the values of a row in its registers."""
    bottom = State.at_bottom(Layer(None, {}))
    paths = []
    for row in rows:
        path = bottom.fork()
        for place, value in enumerate(row):
            path.set(("register", "value", place), value)
        paths.append(path)
    return paths


@MANY
@hypothesis.given(_ROWS)
def test_paths_that_agree_in_all_that_counts_are_joined_at_no_cost(
    rows: list[tuple[Value, ...]],
) -> None:
    joiner = _joiner()
    for alike in Differences(_paths(rows), joiner, _value_type).alike():
        state = alike[0]
        for other in alike[1:]:
            joined = joiner.join(state, other, 0)
            assert joined is not None
            assert joined[1] == 0
            state = joined[0]


@MANY
@hypothesis.given(_ROWS)
def test_paths_that_do_not_agree_are_not_joined_at_no_cost(rows: list[tuple[Value, ...]]) -> None:
    joiner = _joiner()
    groups = Differences(_paths(rows), joiner, _value_type).alike()
    for one, other in itertools.combinations(groups, 2):
        assert joiner.join(one[0].fork(), other[0].fork(), 0) is None


@MANY
@hypothesis.given(_ROWS)
def test_each_path_is_in_one_bucket_of_each_grain(rows: list[tuple[Value, ...]]) -> None:
    paths = _paths(rows)
    differences = Differences(paths, _joiner(), _value_type)
    for grouped in (
        differences.alike(),
        *(differences.buckets(grain) for grain in Grain),
        differences.buckets_of_few_facts(8),
        differences.buckets_by_first_unbound(16),
    ):
        members = [id(state) for group in grouped for state in group]
        assert sorted(members) == sorted(map(id, paths))


@MANY
@hypothesis.given(_VALUES, _VALUES)
def test_a_coarser_grain_tells_no_more_apart(one: Value, other: Value) -> None:
    state = State.at_bottom(Layer(None, {}))
    apart = [
        trait_of_value(one, state, grain, _value_type)
        != trait_of_value(other, state, grain, _value_type)
        for grain in Grain
    ]
    assert apart == sorted(apart, reverse=True)


def test_what_a_test_told_of_a_value_keeps_paths_apart() -> None:
    paths = _paths([(NONE,), (NONE,)])
    for path, truth in zip(paths, (True, False), strict=True):
        path.set(("register", "value", 1), SymbolicValue(1))
        path.assume(("truth", 1), truth)
    assert len(Differences(paths, _joiner(), _value_type).alike()) == 2


def test_what_is_one_object_on_two_paths_stays_one_without_what_all_share() -> None:
    shared: dict[str, Value] = {str(number): Constant(number) for number in range(20)}
    one, other = (DictContents({**shared, "x": value}) for value in (NONE, TRUE))
    first, second, third = apart([one, other, one])
    assert first is third
    assert [first, second] == [DictContents({"x": NONE}), DictContents({"x": TRUE})]


@pytest.mark.parametrize(
    "write",
    [
        lambda: Overrides({"a": _SYMBOLIC, "b": TupleValue((NONE,))}, {}),
        lambda: DictContents({"a": Constant(1)}, unkeyed=(Reference(1, "list"),)),
        lambda: SequenceContents((_SYMBOLIC, NONE)),
        lambda: TupleValue((UNBOUND, Constant("x"))),
    ],
)
def test_what_paths_have_written_alike_becomes_one_object(write: Callable[[], Entry]) -> None:
    paths = _paths([(NONE,), (NONE,), (NONE,)])
    for path in paths:
        path.set(("contents", 1), write())
    Differences(paths, _joiner(), _value_type)
    assert len({id(path.get(("contents", 1))) for path in paths}) == 1
    assert paths[0].get(("contents", 1)) == write()


def test_what_a_test_told_of_a_value_is_not_taken_over_from_another_path() -> None:
    paths = _paths([(SymbolicValue(1),), (SymbolicValue(1, not_none=True),)])
    for path, known in zip(paths, (False, True), strict=True):
        path.set(("contents", 1), Overrides({"a": SymbolicValue(1, not_none=known)}, {}))
    Differences(paths, _joiner(), _value_type)
    for path, known in zip(paths, (False, True), strict=True):
        contents = path.get(("contents", 1))
        assert isinstance(contents, Overrides)
        assert [value.not_none for value in contents.attributes.values()] == [known]  # type: ignore[attr-defined]


def test_what_paths_have_for_themselves_stands_in_few_layers() -> None:
    paths = _paths([(NONE,), (TRUE,)])
    for number in range(50):
        for path in paths:
            path.set(("register", "last"), Constant(number))
            path.fork()
    share(paths, lambda key: True)
    base = shared_layer(*paths)
    assert all(path.layer.depth - base.depth == 1 for path in paths)
    assert [path.get(("register", "value", 0)) for path in paths] == [NONE, TRUE]
    assert paths[0].get(("register", "last")) == Constant(49)


def _variables(rows: Sequence[tuple[Value, ...]]) -> list[State]:
    paths = _paths([()] * len(rows))
    for path, row in zip(paths, rows, strict=True):
        for place, value in enumerate(row):
            path.set(("variable", "scope", place), value)
    return paths


def _values(path: State, count: int) -> list[object]:
    return [path.get(("variable", "scope", place)) for place in range(count)]


def test_imprecise_values_that_only_their_numbers_tell_apart_become_one() -> None:
    imprecise = [SymbolicValue(number, imprecise=True) for number in (1, 2)]
    known = SymbolicValue(3, not_none=True, imprecise=True)
    rows: list[tuple[Value, ...]] = [
        (imprecise[0], imprecise[0], NONE, SymbolicValue(4)),
        (imprecise[1], known, imprecise[1], SymbolicValue(5)),
    ]
    paths = _variables(rows)
    Differences(paths, _joiner(), _value_type).unite_imprecise()
    one, other = (_values(path, 4) for path in paths)
    assert one[0] is other[0]
    assert isinstance(one[0], SymbolicValue)
    assert one[0].imprecise
    # None, values known not to be None, and values with one meaning are unchanged.
    assert tuple(one[1:]) == rows[0][1:]
    assert tuple(other[1:]) == rows[1][1:]


def test_of_many_variables_those_become_one_that_differ_in_little() -> None:
    count = 40
    paths = _variables(
        [
            (*(SymbolicValue(100 * path + place) for place in range(count)), truth)
            for path, truth in ((1, TRUE), (2, FALSE))
        ]
    )
    Differences(paths, _joiner(), _value_type).unite_imprecise()
    one, other = (_values(path, count + 1) for path in paths)
    assert one[:count] == other[:count]
    assert [one[count], other[count]] == [TRUE, FALSE]


@pytest.mark.parametrize("count", [2, 20, 60])
def test_what_is_unbound_on_some_paths_stays_so_on_one(count: int) -> None:
    rows = [
        tuple(UNBOUND if place == number % 5 else Constant(number) for place in range(5))
        for number in range(count)
    ]
    merger = Partitioner(_joiner(), _value_type, lambda: None)
    merged = merger.meeting(_paths(rows))
    for place in range(min(count, 5)):
        assert any(state.get(("register", "value", place)) is UNBOUND for state in merged)


def test_paths_that_leave_by_different_ways_are_never_joined() -> None:
    bottom = State.at_bottom(Layer(None, {}))
    paths = []
    for number in range(60):
        path = bottom.fork()
        path.set(("register", WAY_OUT), Constant(number % 3))
        path.set(("register", "value"), Constant(number))
        path.set(("register", "other"), NONE if number % 7 else TRUE)
        paths.append(path)
    merged = Partitioner(_joiner(), _value_type, lambda: None).meeting(paths)
    assert {state.get(("register", WAY_OUT)) for state in merged} == {
        Constant(number) for number in range(3)
    }


_HANDLED = st.recursive(
    st.builds(Handled, st.sampled_from((None, "ValueError", "KeyError"))),
    lambda outer: st.builds(
        Handled, st.sampled_from((None, "ValueError", "KeyError")), outer=st.none() | outer
    ),
    max_leaves=3,
)


@MANY
@hypothesis.given(_HANDLED, _HANDLED)
def test_of_two_handled_exceptions_that_is_kept_in_which_they_agree(
    one: Handled, other: Handled
) -> None:
    known = either(one, other)
    assert known == either(other, one)
    assert either(one, one) == one
    assert known.exception == (one.exception if one.exception == other.exception else None)
    if one.outer is not None and other.outer is not None:
        assert known.outer == either(one.outer, other.outer)
    else:
        assert known.outer is None


def test_an_exception_of_two_may_come_of_the_faults_of_both() -> None:
    faults = [object(), object()]
    one, other = (Handled("ValueError", frozenset({fault})) for fault in faults)  # type: ignore[arg-type]
    assert either(one, other).faults == frozenset(faults)


def test_an_object_that_one_path_made_is_compared_once() -> None:
    paths = _paths([(NONE, TRUE, FALSE), (TRUE, FALSE, NONE), (FALSE, NONE, TRUE)])
    made = DictContents({"a": NONE})
    paths[1].set_contents(7, made)
    kept = Partitioner(_joiner(), _value_type, lambda: None).meeting(paths)
    assert len(kept) == 3
    assert all(state.contents(7) is made for state in kept)


def test_what_one_path_stored_in_an_object_of_before_is_not_stored_on_others() -> None:
    paths = _paths([(NONE, TRUE, FALSE), (TRUE, FALSE, NONE)])
    stored = Overrides({"a": NONE}, {})
    paths[1].set_contents(7, stored)
    joiner = _joiner()
    joiner._is_new = lambda _: False
    first, second = Partitioner(joiner, _value_type, lambda: None).meeting(paths)
    assert first.contents(7) is None
    assert second.contents(7) is stored


@pytest.mark.parametrize("kind", [DictContents, lambda entries: Overrides(entries, {})])
def test_entries_that_paths_share_take_no_calls(
    kind: Callable[[dict[str, Value]], DictContents | Overrides],
) -> None:
    def calls(size: int) -> int:
        entries: dict[str, Value] = {f"k{number}": SymbolicValue(number) for number in range(size)}
        paths = _paths([(NONE, TRUE, FALSE), (TRUE, FALSE, NONE), (NONE, TRUE, FALSE)])
        for path, value in zip(paths, (NONE, TRUE, FALSE), strict=True):
            path.set_contents(7, kind({**entries, "k0": value}))
        profile = cProfile.Profile()
        partitioner = Partitioner(_joiner(), _value_type, lambda: None)
        profile.runcall(lambda: partitioner.one(partitioner.meeting(paths)))
        return sum(entry.callcount for entry in profile.getstats())

    calls(1)
    assert calls(100) == calls(900)
