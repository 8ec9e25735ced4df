"""The cases of joined paths, held against all the worlds in which one of the paths occurs.

A world says how each doubtful test turns out, and which values there are. A path occurs in the
worlds in which its doubts and its facts hold.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import hypothesis
import hypothesis.strategies as st

from estimator_lint.domain.paths.cases import Case, simplified
from estimator_lint.domain.paths.doubts import Doubts, DoubtsOfTest, one_exists, strongest
from estimator_lint.domain.paths.joined_cases import narrow
from estimator_lint.domain.paths.state import Entry, Key, Layer, State
from estimator_lint.domain.values.values import Constant, constant_key
from tests.domain.test_joining import MANY, new_joiner

_TESTS = (1, 2, 3)
_TRUTHS = (5, 6)
_CONSTANT = 7
_CONSTANTS = (None, 2, "a")
_TWO = Constant(2)

World = tuple[tuple[bool, ...], tuple[bool, ...], object]
_WORLDS: list[World] = list(
    itertools.product(
        itertools.product((True, False), repeat=len(_TESTS)),
        itertools.product((True, False), repeat=len(_TRUTHS)),
        _CONSTANTS,
    )
)

_FACTS = st.fixed_dictionaries(
    {},
    optional={
        **{("truth", number): st.booleans() for number in _TRUTHS},
        ("constant", _CONSTANT): st.booleans(),
        ("truth", _CONSTANT): st.booleans(),
    },
).filter(lambda told: not told.get(("constant", _CONSTANT)) or told.get(("truth", _CONSTANT), True))
_DOUBTS = st.dictionaries(st.sampled_from(_TESTS), st.booleans(), max_size=2).map(
    lambda doubts: frozenset(doubts.items())
)
_PATHS = st.lists(st.tuples(_FACTS, _DOUBTS), min_size=2, max_size=4)


def _facts(told: dict[tuple[str, int], bool]) -> dict[Key, Entry]:
    facts: dict[Key, Entry] = {}
    for (kind, number), holds in told.items():
        if kind == "truth":
            facts["truth", number] = holds
        elif holds:
            facts["is", number] = _TWO
        else:
            facts["not", number, constant_key(_TWO)] = True
    return facts


def _hold(facts: Iterable[tuple[Key, object]], doubts: Doubts, world: World) -> bool:
    outcomes, truths, value = world
    told = {**dict(zip(_TRUTHS, truths, strict=True)), _CONSTANT: bool(value)}
    for key, entry in facts:
        is_told = entry if key[0] == "truth" else key[0] == "is"
        if is_told is not (told[key[1]] if key[0] == "truth" else value == 2):  # type: ignore[index]
            return False
    return all(outcomes[number - 1] is side for number, side in doubts)


def _told(state: State) -> list[tuple[Key, Entry]]:
    keys: list[Key] = [("truth", number) for number in (*_TRUTHS, _CONSTANT)]
    keys += [("is", _CONSTANT), ("not", _CONSTANT, constant_key(_TWO))]
    return [(key, state.get(key)) for key in keys if state.get(key) is not None]


def _allows(state: State, world: World) -> bool:
    """Whether what a path knows about values, and the facts of its cases, allow a world.

    Doubts suffice for a path to exist, but it may exist without them.
    """
    no_doubts: Doubts = frozenset()
    return _hold(_told(state), no_doubts, world) and all(
        any(_hold(case.facts, no_doubts, world) for case in group.all) for group in state.cases
    )


def _joined(paths: list[tuple[dict[tuple[str, int], bool], Doubts]]) -> tuple[State, list[World]]:
    """The path that these are joined to, and the worlds in which one of them occurs."""
    joiner = new_joiner()
    start = State.at_bottom(Layer(None, {}))
    states = []
    for told, doubts in paths:
        state = start.fork()
        for key, entry in _facts(told).items():
            state.assume(key, entry)
        state.doubts = doubts
        states.append(state)
    first, *others = states
    for other in others:
        joined = joiner.join(first, other, 1_000_000)
        assert joined is not None
        first = joined[0]
    worlds = [
        world
        for world in _WORLDS
        if any(_hold(_facts(told).items(), doubts, world) for told, doubts in paths)
    ]
    return first, worlds


@MANY
@hypothesis.given(_PATHS)
def test_a_joined_path_occurs_wherever_one_of_the_paths_does(
    paths: list[tuple[dict[tuple[str, int], bool], Doubts]],
) -> None:
    joined, worlds = _joined(paths)
    assert all(_allows(joined, world) for world in worlds)


@MANY
@hypothesis.given(_PATHS, st.sampled_from(_TRUTHS), st.booleans())
def test_a_test_of_a_joined_path_has_the_outcomes_that_occur(
    paths: list[tuple[dict[tuple[str, int], bool], Doubts]], tested: int, outcome: bool
) -> None:
    joined, worlds = _joined(paths)
    place = _TRUTHS.index(tested)
    occurring = [world for world in worlds if world[1][place] is outcome]
    if joined.get(("truth", tested)) is (not outcome):
        assert not occurring
        return
    joined.assume(("truth", tested), outcome)
    if not narrow(joined):
        assert not occurring
        return
    assert all(_allows(joined, world) for world in occurring)


@MANY
@hypothesis.given(_PATHS)
def test_a_value_that_equals_a_constant_is_true_or_false(
    paths: list[tuple[dict[tuple[str, int], bool], Doubts]],
) -> None:
    joined, worlds = _joined(paths)
    key = ("not", _CONSTANT, constant_key(_TWO))
    hypothesis.assume(joined.get(("truth", _CONSTANT)) is not False and not joined.get(key))
    joined.assume(("is", _CONSTANT), _TWO)
    occurring = [world for world in worlds if world[2] == 2]
    left = narrow(joined)
    assert left or not occurring
    assert all(_allows(joined, world) for world in occurring)
    for group in joined.cases if left else ():
        assert not any((("truth", _CONSTANT), False) in case.facts for case in group.all)


@MANY
@hypothesis.given(_PATHS, st.sampled_from(_TRUTHS), st.booleans())
def test_what_is_certain_of_a_joined_path_occurs(
    paths: list[tuple[dict[tuple[str, int], bool], Doubts]], tested: int, outcome: bool
) -> None:
    joined, worlds = _joined(paths)
    place = _TRUTHS.index(tested)
    hypothesis.assume(joined.cases and joined.get(("truth", tested)) is None)
    hypothesis.assume(not joined.get(("correlation lost", tested)))
    joined.assume(("truth", tested), outcome)
    if narrow(joined):
        _assert_occurs_wherever_certain(
            joined, [world for world in worlds if world[1][place] is outcome]
        )


def _assert_occurs_wherever_certain(state: State, worlds: list[World]) -> None:
    for outcomes in itertools.product((True, False), repeat=len(_TESTS)):
        if all(outcomes[number - 1] is side for number, side in state.doubts):
            assert any(world[0] == outcomes for world in worlds)


_CASES = st.lists(
    st.builds(lambda told, doubts: Case(frozenset(_facts(told).items()), doubts), _FACTS, _DOUBTS),
    min_size=1,
    max_size=6,
)


@MANY
@hypothesis.given(_CASES)
def test_fewer_cases_say_the_same(cases: list[Case]) -> None:
    fewer = simplified(cases)
    assert len(fewer) <= len(cases)
    for world in _WORLDS:
        before = any(_hold(case.facts, case.doubts, world) for case in cases)
        assert any(_hold(case.facts, case.doubts, world) for case in fewer) is before


@MANY
@hypothesis.given(st.lists(_DOUBTS, min_size=1, max_size=5))
def test_the_strongest_doubts_suffice_for_one_path_to_exist(paths: list[Doubts]) -> None:
    found = strongest(paths)
    for outcomes in itertools.product((True, False), repeat=len(_TESTS)):
        if all(outcomes[number - 1] is side for number, side in found):
            assert any(all(outcomes[number - 1] is side for number, side in path) for path in paths)
    assert bool(found) or one_exists(paths)


def test_paths_of_which_one_exists_share_the_doubt_of_a_test() -> None:
    new = itertools.count(10)
    doubts = DoubtsOfTest()

    def number(*path: tuple[int, bool], tested: int = 1) -> int:
        return doubts.number(tested, frozenset(path), lambda: next(new))

    first = number((1, True), (2, True))
    assert number((1, True), (2, False)) == first
    assert number((1, False)) == first
    assert number((2, True)) != first  # may exist together with the first one
    assert number((1, False), tested=2) != first
