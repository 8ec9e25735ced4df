"""States behave like dicts copied at a fork, and doubts like the conditions they denote."""

from __future__ import annotations

import itertools

import hypothesis
import hypothesis.strategies as st

from estimator_lint.domain.paths.doubts import NO_DOUBTS, Doubts, of_either, one_exists, resolvent
from estimator_lint.domain.paths.state import Key, Layer, State, shared_layer, written_since
from estimator_lint.domain.values.values import Constant

MANY = hypothesis.settings(max_examples=300, deadline=None, derandomize=True, database=None)

_KEYS: list[Key] = [("contents", number) for number in range(6)]
#: An operation: what to do, with which of the states, which key and which value.
_OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "fork", "fork", "get", "call", "count"]),
        st.integers(0, 9),
        st.sampled_from(_KEYS),
        st.integers(0, 5),
    ),
    max_size=80,
)


def _run(operations: list[tuple[str, int, Key, int]]) -> list[tuple[State, dict[Key, object]]]:
    bottom = Layer(None, {})
    bottom.entries["contents", 0] = Constant("bottom")
    pairs: list[tuple[State, dict[Key, object]]] = [
        (State.at_bottom(bottom), {("contents", 0): Constant("bottom")})
    ]
    for what, which, key, value in operations:
        state, model = pairs[which % len(pairs)]
        match what:
            case "set":
                state.set(key, Constant(value))
                model[key] = Constant(value)
            case "fork":
                pairs.append((state.fork(), dict(model)))
            case "get":
                assert state.get(key) == model.get(key)
            case "call":
                state.begin_call()
            case "count":
                before = model.get(("count", value), 0)
                assert state.next_count(value) == before
                model["count", value] = before + 1
    return pairs


@MANY
@hypothesis.given(_OPERATIONS)
def test_a_state_is_like_a_dict(operations: list[tuple[str, int, Key, int]]) -> None:
    for state, model in _run(operations):
        for key in _KEYS:
            assert state.get(key) == model.get(key)
            assert state.peek(key) == model.get(key)


@MANY
@hypothesis.given(_OPERATIONS)
def test_what_states_differ_in_was_written_since(
    operations: list[tuple[str, int, Key, int]],
) -> None:
    pairs = _run(operations)
    for (one, model), (other, other_model) in itertools.combinations(pairs[:6], 2):
        base = shared_layer(one, other)
        assert base is shared_layer(other, one)
        written = {**written_since(base, one), **written_since(base, other)}
        for key, entry in written_since(base, one).items():
            assert key[0] == "count" or entry == model.get(key)
        differing = {key for key in _KEYS if model.get(key) != other_model.get(key)}
        assert differing <= set(written)


def test_a_long_chain_of_forks_keeps_everything() -> None:
    state = State.at_bottom(Layer(None, {}))
    siblings = []
    for number in range(200):
        state.set(("contents", number), Constant(number))
        state.set(("contents", "last"), Constant(number))
        siblings.append(state.fork())
    for number, sibling in enumerate(siblings):
        assert sibling.get(("contents", "last")) == Constant(number)
        assert sibling.get(("contents", 0)) == Constant(0)
        assert sibling.get(("contents", number + 1)) is None


def test_reads_of_what_was_written_before_a_call_are_logged() -> None:
    state = State.at_bottom(Layer(None, {}))
    state.set(("contents", 1), Constant(1))
    state.set(("contents", 2), Constant(2))
    _, log = state.begin_call()
    state.set(("contents", 2), Constant(3))
    for number in (1, 2, 3):
        state.get(("contents", number))
    _, inner = state.begin_call()
    fork = state.fork()
    for number in (1, 2):
        fork.get(("contents", number))
    assert inner.reads == {("contents", 1): Constant(1), ("contents", 2): Constant(3)}
    assert log.reads == {("contents", 1): Constant(1), ("contents", 3): None}


_DOUBTS = st.frozensets(st.tuples(st.integers(0, 3), st.booleans()), max_size=4)


def _exists(doubts: Doubts, answers: tuple[bool, ...]) -> bool:
    return all(answers[number] is side for number, side in doubts)


def _by_brute_force(paths: list[Doubts]) -> bool:
    """Whether one of the paths exists for all outcomes of the tests."""
    return all(
        any(_exists(doubts, answers) for doubts in paths)
        for answers in itertools.product((True, False), repeat=4)
    )


@MANY
@hypothesis.given(st.lists(_DOUBTS, max_size=8))
def test_one_exists_is_never_wrong(paths: list[Doubts]) -> None:
    consistent = [
        doubts for doubts in paths if len({number for number, _ in doubts}) == len(doubts)
    ]
    assert one_exists(consistent) == _by_brute_force(consistent)


@MANY
@hypothesis.given(_DOUBTS, _DOUBTS)
def test_a_path_made_of_two_exists_only_where_one_does(one: Doubts, other: Doubts) -> None:
    merged = of_either(one, other)
    assert merged == of_either(other, one)
    implied = resolvent(one, other)
    for answers in itertools.product((True, False), repeat=4):
        either = _exists(one, answers) or _exists(other, answers)
        assert either or not _exists(merged, answers)
        assert implied is None or either or not _exists(implied, answers)


def test_doubts_of_which_one_side_is_left() -> None:
    assert not one_exists([])
    assert one_exists([NO_DOUBTS])
    yes, no = frozenset({(1, True)}), frozenset({(1, False)})
    assert not one_exists([yes])
    assert one_exists([yes, no])
    assert not one_exists([yes | {(2, True)}, no])
    assert one_exists([yes | {(2, True)}, no, yes | {(2, False)}])


def test_of_the_form_of_an_input_a_path_on_each_side_is_enough() -> None:
    dict_form, other_form = frozenset({(-1, True)}), frozenset({(-1, False)})
    assert not one_exists([dict_form])
    assert one_exists([dict_form, other_form])
    assert one_exists([dict_form, other_form | {(2, True)}])
    assert not one_exists([dict_form | {(2, True)}, other_form | {(3, True)}])


def test_a_path_that_exists_for_certain_counts_among_however_many() -> None:
    paths = [frozenset({(number, True), (number + 1, False)}) for number in range(0, 400, 2)]
    assert not one_exists(paths)
    assert one_exists([NO_DOUBTS, *paths])
    assert one_exists([*paths, NO_DOUBTS])


def test_a_call_has_read_what_was_written_before_it_however_often_it_forks() -> None:
    before, within = _KEYS[0], _KEYS[1]
    state = State.at_bottom(Layer(None, {}))
    state.set(before, Constant(1))
    _, log = state.begin_call()
    state.set(within, Constant(2))
    for number in range(40):
        state.set(_KEYS[2], Constant(number))
        state = state.fork()
    assert [state.get(before), state.get(within)] == [Constant(1), Constant(2)]
    assert log.reads == {before: Constant(1)}


def _summed_up_on_the_way(length: int) -> int:
    """The number of summarized entries of a path that forks after each entry that it writes.

    All other paths have ended, except for the last ones, which have read all entries.
    """
    state = State.at_bottom(Layer(None, {}))
    held: dict[int, int] = {}
    for number in range(length):
        state.set(("contents", number), Constant(number))
        for one in (state.fork(), state):
            one.set(("contents", number), Constant(-number))
            one.fork()
            layer: Layer | None = one.layer
            while layer is not None:
                held.update((id(entries), len(entries)) for entries in layer.summaries)
                layer = layer.parent
    assert state.get(("contents", 0)) == Constant(0)
    assert state.get(("contents", length // 2)) == Constant(-(length // 2))
    return sum(held.values())


def test_summaries_of_long_paths_take_no_square_of_their_length() -> None:
    assert _summed_up_on_the_way(400) < 3 * _summed_up_on_the_way(200)
