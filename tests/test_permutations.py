"""Every branch shape with every choice of modes and fields."""

from __future__ import annotations

import pytest

from tests.differential.comparison import disagreement
from tests.differential.permutations import SHAPES, programs_of


@pytest.mark.parametrize("shape", SHAPES)
def test_linter_agrees_with_execution(shape: str) -> None:
    differences = [disagreement(source) for source in programs_of(SHAPES[shape])]
    disagreeing = [difference for difference in differences if difference is not None]
    assert not disagreeing, f"{len(disagreeing)} of {len(differences)}\n{disagreeing[0]}"
