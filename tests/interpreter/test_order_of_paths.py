"""Findings do not depend on the order in which evaluation keeps paths."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias
from unittest import mock

import pytest

from estimator_lint.domain.paths.partition import Partitioner
from estimator_lint.domain.paths.state import State
from estimator_lint.linting import lint_text
from tests.fixture_expectations import (
    Expectation,
    fixture_name,
    fixture_paths,
    read_expectations,
    settings_of,
)
from tests.interpreter.nested_shapes import nested, triples

_Order: TypeAlias = "Callable[[list[State]], list[State]]"


def _reversed(states: list[State]) -> list[State]:
    return states[::-1]


def _shuffled(seed: int) -> _Order:
    chance = random.Random(seed)
    return lambda states: chance.sample(states, len(states))


_ORDERS: Final[dict[str, Callable[[], _Order]]] = {
    "reversed": lambda: _reversed,
    "shuffled": lambda: _shuffled(1),
}
#: In nests of these constructs there are more paths than the bound, so that some are joined.
_NESTS: Final = triples(6)


def _findings(text: str, path: str = "<text>") -> list[str]:
    return [
        str(Expectation(finding.line, finding.column, finding.code, finding.modes))
        for finding in lint_text(text, path, settings_of(text))
    ]


def _in_order(order: _Order, text: str, path: str = "<text>") -> tuple[list[str], int]:
    """The findings, and how often there was an order to change."""
    meeting = Partitioner.meeting
    changed = 0

    def reordered(merger: Partitioner, states: list[State]) -> list[State]:
        nonlocal changed
        merged = list(meeting(merger, states))
        changed += len(merged) > 1
        return order(merged)

    with mock.patch.object(Partitioner, "meeting", reordered):
        return _findings(text, path), changed


@pytest.mark.parametrize(
    ("path", "order"),
    [
        pytest.param(path, order, id=f"{fixture_name(path)}-{order}")
        for path, order in zip(fixture_paths(), itertools.cycle(_ORDERS))
    ],
)
def test_findings_in_fixtures_are_the_same_in_any_order_of_paths(path: Path, order: str) -> None:
    """The orders take turns: to evaluate all fixtures takes a minute."""
    text = path.read_text(encoding="utf-8")
    expected = [str(each) for each in read_expectations(path).findings]
    assert _in_order(_ORDERS[order](), text, str(path))[0] == expected


@pytest.mark.parametrize("kinds", _NESTS, ids="-".join)
def test_findings_in_nests_are_the_same_in_any_order_of_paths(kinds: tuple[str, ...]) -> None:
    text = nested(kinds, 3)
    before = _findings(text)
    for name, make in _ORDERS.items():
        findings, changed = _in_order(make(), text)
        assert changed, name
        assert findings == before, name
