"""Joining two paths: the joined path allows everything that either of them allowed."""

from __future__ import annotations

import itertools

import hypothesis
import hypothesis.strategies as st

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.correlated_conditions import CorrelatedConditions
from estimator_lint.domain.paths.join import Joiner
from estimator_lint.domain.paths.joined_cases import narrow
from estimator_lint.domain.paths.partition import Partitioner
from estimator_lint.domain.paths.path_facts import constants_among, rule_out
from estimator_lint.domain.paths.state import Layer, State
from estimator_lint.domain.paths.values_on_paths import not_none, resolve
from estimator_lint.domain.values.constants import ConstantSet
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
    constant_key,
)
from estimator_lint.interpreter.conditions.correlation import possible
from estimator_lint.tensorflow_api.value_types import Compatibility

MANY = hypothesis.settings(max_examples=300, deadline=None, derandomize=True, database=None)

_CONSTANTS = (NONE, TRUE, FALSE, Constant(1), Constant("train", "mode"), Constant("train"))
_OPAQUES = (
    SymbolicValue(1),
    SymbolicValue(2, not_none=True),
    SymbolicValue(3, tensor=True, not_none=True),
)
_OBJECTS = (Reference(10, "dict"), Reference(11, "list"), SymbolicValue(12, not_none=True))
_LEAVES = st.sampled_from((UNBOUND, *_CONSTANTS, *_OPAQUES, *_OBJECTS))
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.builds(TupleValue, st.tuples(inner, inner)), max_leaves=3
)
_MAPPINGS = st.dictionaries(st.sampled_from("kl"), _VALUES, max_size=2)
_CONTENTS = {
    10: st.builds(DictContents, _MAPPINGS, st.booleans()),
    11: st.builds(SequenceContents, st.lists(_VALUES, max_size=2).map(tuple), st.booleans()),
    12: st.builds(Overrides, _MAPPINGS, _MAPPINGS),
}
#: What one path wrote: contents of some objects, and facts about two symbolic values.
_WRITTEN = st.tuples(
    *(st.none() | contents for contents in _CONTENTS.values()),
    st.lists(
        st.sampled_from(
            [
                ("is", 1, NONE),
                ("is", 1, Constant(2)),
                ("among", 1, ConstantSet.of((NONE, Constant(2), Constant("a")))),
                ("not", 1, None),
                ("not", 1, ("number", 2)),
                ("truth", 2, True),
            ]
        ),
        max_size=3,
    ),
)


def new_joiner() -> Joiner:
    numbers = itertools.count(100)
    return Joiner(
        lambda location, known, tensor, _: SymbolicValue(
            next(numbers), known, tensor=tensor, imprecise=True
        ),
        lambda scope, name: True,
        lambda key: True,
        lambda number: False,
        lambda number: number != 12,
        list,
        lambda one, other: Compatibility.ALIKE,
    )


def _write(state: State, written: tuple[object, ...]) -> None:
    *contents, assumptions = written
    for number, content in zip(_CONTENTS, contents, strict=True):
        if content is not None:
            state.set_contents(number, content)  # type: ignore[arg-type]
    for kind, number, told in assumptions:  # type: ignore[attr-defined]
        if kind == "not":
            is_equal = state.get(("is", number))
            if is_equal is None or constant_key(is_equal) != told:  # type: ignore[arg-type]
                rule_out(number, told, state)
        elif kind == "among":
            left = [one for one in told if not state.get(("not", number, constant_key(one)))]
            state.assume((kind, number), ConstantSet.of(left))
        elif kind == "truth" or not state.get(("not", number, constant_key(told))):
            state.assume((kind, number), told)


def _paths(
    written: tuple[object, ...], written_by_other: tuple[object, ...]
) -> tuple[State, State]:
    """Two paths from one state."""
    one = State.at_bottom(Layer(None, {}))
    other = one.fork()
    _write(one, written)
    _write(other, written_by_other)
    return one, other


def _allows(value: Value, state: State, other: Value, then: State, depth: int = 4) -> bool:
    """Whether everything known about ``value`` in ``state`` holds for ``other`` in ``then``."""
    if depth == 0:
        return True
    if isinstance(value, Reference) and value == other:
        return _contents_allow(value, state, then, depth)
    value, other = resolve(value, state), resolve(other, then)
    if isinstance(value, SymbolicValue):
        return not_none(other) or not value.not_none
    if isinstance(value, TupleValue):
        return isinstance(other, TupleValue) and all(
            _allows(a, state, b, then, depth) for a, b in zip(value.items, other.items, strict=True)
        )
    return value == other


def _contents_allow(value: Reference, state: State, then: State, depth: int) -> bool:
    said, true = state.contents(value.number), then.contents(value.number)
    if true is None:  # never created on that path
        return True
    match said, true:
        case DictContents(), DictContents():
            return (
                (said.open or not true.open)
                and (said.open or list(said.entries) == list(true.entries))
                and all(
                    key in true.entries
                    and _allows(entry, state, true.entries[key], then, depth - 1)
                    for key, entry in said.entries.items()
                )
            )
        case SequenceContents(), SequenceContents():
            return said.open or (
                not true.open
                and len(said.items) == len(true.items)
                and all(
                    _allows(a, state, b, then, depth - 1)
                    for a, b in zip(said.items, true.items, strict=True)
                )
            )
    return False


@MANY
@hypothesis.given(_VALUES, _WRITTEN, _VALUES, _WRITTEN)
def test_a_joined_state_allows_what_either_says(
    a: Value, written: tuple[object, ...], b: Value, written_by_other: tuple[object, ...]
) -> None:
    one, other = _paths(written, written_by_other)
    joiner = new_joiner()
    joined = joiner.join(one, other, 1_000_000)
    assert joined is not None
    state, cost = joined
    value, loss = joiner.join_values(a, one, b, other)
    assert cost >= 0
    assert loss >= 0
    hypothesis.assume(UNBOUND not in (a, b))
    assert _allows(value, state, a, one)
    assert _allows(value, state, b, other)
    for number, kind in ((10, "dict"), (11, "list")):
        if one.contents(number) is not None and other.contents(number) is not None:
            reference = Reference(number, kind)  # type: ignore[arg-type]
            assert _contents_allow(reference, state, one, 4)
            assert _contents_allow(reference, state, other, 4)


_LISTS = st.lists(st.integers(1, 12).map(SymbolicValue), max_size=6).map(tuple)


@hypothesis.given(_LISTS, _LISTS)
def test_a_list_may_hold_what_either_path_has_put_into_it(
    a: tuple[Value, ...], b: tuple[Value, ...]
) -> None:
    hypothesis.assume(len(a) != len(b))
    one, other = _paths((None, None, None, ()), (None, None, None, ()))
    one.set_contents(11, SequenceContents(a))
    other.set_contents(11, SequenceContents(b))
    joined = new_joiner().join(one, other, 1_000_000)
    assert joined is not None
    contents = joined[0].contents(11)
    assert isinstance(contents, SequenceContents)
    assert contents.open
    assert not contents.items  # none is known to be there
    either = list(dict.fromkeys((*a, *b)))
    assert list(contents.held) == either[: bounds.MAX_HELD]


@MANY
@hypothesis.given(_WRITTEN, _WRITTEN)
def test_what_would_cost_too_much_is_not_joined(
    written: tuple[object, ...], written_by_other: tuple[object, ...]
) -> None:
    one, other = _paths(written, written_by_other)
    joined = new_joiner().join(one, other, 1_000_000)
    assert joined is not None
    cost = joined[1]
    assert new_joiner().join(one, other, cost, by_cases=True) is not None
    assert cost == 0 or new_joiner().join(one, other, cost - 1, by_cases=True) is None


@MANY
@hypothesis.given(st.lists(st.lists(_LEAVES, min_size=2, max_size=2), max_size=40))
def test_paths_are_merged_to_the_bound(rows: list[list[Value]]) -> None:
    losses = []
    merger = Partitioner(new_joiner(), lambda value: (None, False), lambda: losses.append(1))
    state = State.at_bottom(Layer(None, {}))
    paths = []
    for values in rows:
        path = state.fork()
        for value in values:
            path.push(value)
        paths.append(path)
    merged = [(after.pop_many(2), after) for after in merger.meeting(paths)]
    assert len(merged) <= bounds.MAX_PATHS
    for values in rows:
        assert UNBOUND in values or any(
            all(
                a is UNBOUND or _allows(a, after, b, state)
                for a, b in zip(said, values, strict=True)
            )
            for said, after in merged
        )
    assert not losses or len(rows) > bounds.MAX_PATHS


def test_joining_keeps_what_both_know() -> None:
    joiner = new_joiner()
    one = State.at_bottom(Layer(None, {}))
    other = one.fork()
    tensor = SymbolicValue(1, not_none=True, tensor=True)
    value, cost = joiner.join_values(
        tensor, one, SymbolicValue(2, not_none=True, tensor=True), other
    )
    assert isinstance(value, SymbolicValue)
    assert (value.not_none, value.tensor, value.imprecise, cost) == (True, True, True, 0)
    value, cost = joiner.join_values(NONE, one, tensor, other)
    assert not not_none(value)
    assert cost > 0
    one.assume(("truth", 5), True)
    value, _ = joiner.join_values(SymbolicValue(5), one, tensor, other)
    assert not_none(value)


def test_of_a_path_that_exists_and_assumes_nothing_no_test_becomes_doubtful() -> None:
    sure = State.at_bottom(Layer(None, {}))
    doubtful = sure.fork()
    doubtful.doubts = frozenset({(1, True)})
    doubtful.assume(("truth", 5), True)
    joined = new_joiner().join(sure, doubtful, 0)
    assert joined is not None
    assert not joined[0].doubts
    assert joined[0].get(("truth", 5)) is None
    assert not joined[0].get(("correlation lost", 5))


def test_what_only_a_doubtful_path_allows_is_doubtful() -> None:
    sure = State.at_bottom(Layer(None, {}))
    doubtful = sure.fork()
    doubtful.doubts = frozenset({(1, True)})
    sure.assume(("truth", 5), True)
    doubtful.assume(("truth", 5), False)
    assert new_joiner().join(sure, doubtful, 0) is None
    joined = new_joiner().join(sure, doubtful, 0, by_cases=True)
    assert joined is not None
    assert not joined[0].doubts
    other = joined[0].fork()
    for outcome, side in ((True, joined[0]), (False, other)):
        side.assume(("truth", 5), outcome)
        assert narrow(side)
    assert not joined[0].doubts
    assert other.doubts == doubtful.doubts


@MANY
@hypothesis.given(_WRITTEN, _WRITTEN)
def test_a_joined_state_leaves_the_constants_that_either_leaves(
    written: tuple[object, ...], written_by_other: tuple[object, ...]
) -> None:
    one, other = _paths(written, written_by_other)
    left = [_constants_left(state) for state in (one, other)]
    joined = new_joiner().join(one, other, 1_000_000)
    assert joined is not None
    hypothesis.assume(all(left))  # else the path does not exist
    assert _constants_left(joined[0]) == left[0] | left[1]


def _constants_left(state: State) -> set[object]:
    """Which of four values the first SymbolicValue may have, one of them in no test."""
    known = resolve(SymbolicValue(1), state)
    values = [NONE, Constant(2), Constant("a"), Constant("untold")]
    if isinstance(known, Constant):
        return {known.value}
    among = constants_among(1, state)
    return {
        value.value
        for value in possible(CorrelatedConditions(), SymbolicValue(1), values, state)
        if among is None or constant_key(value) in among
    }
