"""Programs that are long in one way take work proportional to their length; nothing is timed.

The measure is the number of calls of Python functions, except for those of libcst and ``ast``:
unlike ``work_counts``, it includes walks over everything that paths hold.
"""

from __future__ import annotations

import cProfile
import math
import os
from collections.abc import Callable
from typing import Final

import pytest

import estimator_lint
from estimator_lint.linting import lint_text
from tests.interpreter.long_shapes import (
    LONG,
    elif_of_mode,
    faulty_returns,
    names_for_names,
    optional_train_ops,
    sums,
)

#: The power of the length by which the calls may grow.
_POWER: Final = 1.3
_HALF: Final = 30
_OURS: Final = os.path.dirname(estimator_lint.__file__)
#: Nothing is found after a loop that may not end, or if all paths are in doubt.
_IN_DOUBT: Final = {"continues"}


def _calls_of_ours(text: str) -> int:
    """The number of calls of functions of this package and of builtins."""
    profile = cProfile.Profile()
    profile.runcall(lint_text, text)
    count = 0
    for entry in profile.getstats():
        if not isinstance(entry.code, str) and entry.code.co_filename.startswith(_OURS):
            count += entry.callcount + sum(called.callcount for called in entry.calls or ())
    return count


@pytest.mark.parametrize("write", LONG.values(), ids=LONG)
def test_long_shapes_take_work_in_proportion_to_their_length(write: Callable[[int], str]) -> None:
    _calls_of_ours(write(1))  # one-time initialization
    half, whole = _calls_of_ours(write(_HALF)), _calls_of_ours(write(2 * _HALF))
    assert math.log2(whole / half) < _POWER


@pytest.mark.parametrize("write", [faulty_returns, optional_train_ops, names_for_names])
def test_each_finding_and_each_step_of_its_explanation_costs_the_same(
    write: Callable[[int], str],
) -> None:
    _calls_of_ours(write(1))
    half, whole = _calls_of_ours(write(_HALF)), _calls_of_ours(write(2 * _HALF))
    assert math.log2(whole / half) < 1.05


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("name", sorted(LONG.keys() - _IN_DOUBT))
def test_a_definite_finding_behind_a_long_shape_is_found(name: str, count: int) -> None:
    codes = [finding.code for finding in lint_text(LONG[name](count))]
    assert "MFN102" in codes
    assert "MFN000" not in codes


@pytest.mark.parametrize("write", [elif_of_mode, sums])
def test_chains_may_be_longer_than_code_may_be_nested(write: Callable[[int], str]) -> None:
    codes = [finding.code for finding in lint_text(write(700))]
    assert "MFN102" in codes
    assert "MFN000" not in codes
