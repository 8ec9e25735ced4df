"""What tests have shown about values, and whether it survives a merge."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import NO_DOUBTS, Doubts, merge_exactly, of_either
from estimator_lint.domain.paths.path_facts import (
    correlation_lost_by_merging,
    may_leave_nothing_open,
    told_apart_from,
)
from estimator_lint.domain.paths.state import Layer, State

if TYPE_CHECKING:
    from estimator_lint.domain.paths.path_facts import Told

#: Facts about the values 1 and 2; with the second of each pair, some paths had different ones.
_FACTS = [
    (("truth", 1), True),
    (("truth", 1), False),
    (("correlation lost", 1), True),
    (("truth", 2), True),
    (("correlation lost", 2), True),
]
_DOUBTS: list[Doubts] = [
    NO_DOUBTS,
    frozenset({(1, True)}),
    frozenset({(1, False)}),
    frozenset({(2, True)}),
]


def _told() -> list[Told]:
    chosen = (set(facts) for count in range(4) for facts in itertools.combinations(_FACTS, count))
    return [frozenset(facts) for facts in chosen if not facts.issuperset(_FACTS[:2])]


def _loses_a_correlation(one: Told, doubts: Doubts, other: Told, other_doubts: Doubts) -> bool:
    """The check in whole, as a join makes it."""
    base = Layer(None, {})
    first, second = State(Layer(base, dict(one)), doubts), State(Layer(base, dict(other)))
    second.doubts = other_doubts
    _, apart = told_apart_from(dict(one), dict(other), State(base))
    exactly = merge_exactly(doubts, other_doubts)
    lost = correlation_lost_by_merging(
        apart, first, second, of_either(doubts, other_doubts), lossless=exactly
    )
    return any(("correlation lost", subject) not in apart for subject in lost)


def test_no_pair_that_may_be_joined_is_passed_over() -> None:
    for one, other in itertools.product(_told(), repeat=2):
        for doubts, other_doubts in itertools.product(_DOUBTS, repeat=2):
            pair = (one, doubts, other, other_doubts)
            assert may_leave_nothing_open(*pair) or _loses_a_correlation(*pair), pair


def test_a_correlation_that_is_lost_already_does_not_hide_one_that_would_be() -> None:
    one = frozenset({(("correlation lost", 2), True)})
    other: Told = frozenset({(("truth", 1), True)})
    assert not may_leave_nothing_open(one, frozenset({(2, True)}), other, NO_DOUBTS)
    assert may_leave_nothing_open(one, frozenset({(2, True)}), one, NO_DOUBTS)
