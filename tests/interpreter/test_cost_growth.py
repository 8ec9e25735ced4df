"""The work of evaluation grows with the length of the program, regardless of nesting.

``nested_shapes`` writes the programs, ``work_counts`` counts what linting them takes: nothing is
timed.  Between a nest that is three constructs deep and the same six deep, statement runs may grow
by the program's size to the power of 1.2, and by a constant: ``work_counts`` has it. Nests that do
not pass yet are listed in ``TOO_FAST``; a test fails as soon as one does pass.  Most of them have
fewer rounds at depth 3: from some depth on, each level of them takes as much as the one before.
"""

from __future__ import annotations

import functools
import itertools
import sys
from collections.abc import Callable, Iterable
from dataclasses import astuple, fields
from typing import Any, Final

import pytest

from tests.interpreter.nested_shapes import (
    finally_in_finally,
    handed_on,
    helpers_that_call_twice,
    mutual_recursion,
    nested,
    nested_tests_of_unbound_names,
    nested_whiles,
    operands,
    pairs,
    returns_with_finally,
    row_of_tests,
    triples,
)
from tests.interpreter.work_counts import Linted, Work, exponents, linted

#: The power of a program's size by which each count may grow.  Other counts than that of runs
#: are small at first, and so may grow faster; none may double with each level.
_POWERS: Final = {"runs": 1.2, "values": 1.7, "joins": 1.7, "calls": 1.7}
_SHALLOW, _DEEP = 3, 6
_NESTS: Final = [*pairs(), *triples(12)]

_UNROLLED = "two rounds of a literal double the rounds inside, up to three levels"
_WHILE = "up to three rounds of what is in the outermost loop; more where paths are in doubt"
_FOR = "up to three rounds of what is in the outermost loop"
_OTHER = "fewer paths at depth 3 than at depth 6"

#: Nests for which evaluation takes too much work: by the reason, the power of the worst count.
TOO_FAST: Final[dict[str, dict[tuple[str, ...], float]]] = {
    _UNROLLED: {
        ("if", "for over literal"): 1.89,
        ("elif", "for over literal"): 2.25,
        ("for over unknown", "for over literal"): 3.49,
        ("for over literal", "for over literal"): 2.98,
        ("for over literal", "while"): 3.9,
        ("for over literal", "with"): 2.46,
        ("for over literal", "try"): 2.78,
        ("for over literal", "match"): 3.11,
        ("for over literal", "conditional expression"): 2.9,
        ("for over literal", "call"): 2.37,
        ("for over literal", "method"): 2.41,
        ("for over literal", "closure"): 2.36,
        ("while", "if", "for over literal"): 2.66,
        ("call", "match", "for over literal"): 1.78,
        ("closure", "with", "for over literal"): 1.37,
        ("for over literal", "match", "closure"): 2.1,
        ("for over literal", "try", "closure"): 2.32,
    },
    _WHILE: {
        ("if", "while"): 1.33,
        ("elif", "while"): 2.33,
        ("for over unknown", "while"): 2.25,
        ("while", "while"): 1.73,
        ("while", "with"): 1.42,
        ("while", "try"): 2.64,
        ("while", "conditional expression"): 1.88,
        ("while", "call"): 4.36,
        ("while", "method"): 4.22,
        ("while", "match", "elif"): 2.45,
        ("for over unknown", "while", "try"): 2.27,
    },
    _FOR: {
        ("elif", "for over unknown"): 1.36,
        ("for over unknown", "for over unknown"): 1.71,
        ("for over unknown", "with"): 1.73,
        ("for over unknown", "try"): 1.72,
        ("for over unknown", "match"): 2.32,
        ("for over unknown", "conditional expression"): 1.82,
        ("for over unknown", "call"): 1.45,
        ("for over unknown", "method"): 1.41,
        ("for over unknown", "closure"): 1.58,
    },
    _OTHER: {
        ("elif", "closure"): 1.27,
        ("conditional expression", "conditional expression"): 1.47,
        ("call", "while", "if"): 1.44,
    },
}


@functools.cache
def _linted(kinds: tuple[str, ...], depth: int) -> Linted:
    return linted(nested(kinds, depth))


def _name(kinds: tuple[str, ...]) -> str:
    return "-".join(kinds).replace(" ", "_")


def _growth_cases() -> Iterable[Any]:
    reasons = {
        kinds: f"power {power}: {reason}"
        for reason, cases in TOO_FAST.items()
        for kinds, power in cases.items()
    }
    # The powers are those under Python 3.11; the syntax trees of other versions have other nodes.
    strict = sys.version_info[:2] == (3, 11)
    for kinds in _NESTS:
        reason = reasons.get(kinds)
        marks = [] if reason is None else [pytest.mark.xfail(strict=strict, reason=reason)]
        yield pytest.param(kinds, id=_name(kinds), marks=marks)


def _too_fast(small: Linted, large: Linted) -> dict[str, float]:
    """The counts that grow too fast, with their powers."""
    return {
        count: round(power, 2)
        for count, power in exponents(small, large).items()
        if power > _POWERS[count]
    }


@pytest.mark.parametrize("kinds", list(_growth_cases()))
def test_nests_take_work_in_proportion_to_their_length(kinds: tuple[str, ...]) -> None:
    assert _too_fast(_linted(kinds, _SHALLOW), _linted(kinds, _DEEP)) == {}


def _further_work(kinds: tuple[str, ...], depth: int) -> Work:
    """What ``_DEEP`` more levels take than the ``depth`` levels around them."""
    shallow, deep = _linted(kinds, depth).work, _linted(kinds, depth + _DEEP).work
    return Work(*(more - less for less, more in zip(astuple(shallow), astuple(deep), strict=True)))


#: One in three, since nests so deep take seconds each.
_CONTINUED: Final = [*itertools.chain(*TOO_FAST.values())][::3]


@pytest.mark.parametrize("kinds", _CONTINUED, ids=_name)
def test_further_levels_take_no_more_than_those_around_them(kinds: tuple[str, ...]) -> None:
    outer, inner = _further_work(kinds, _DEEP), _further_work(kinds, 2 * _DEEP)
    for field in fields(Work):
        assert getattr(inner, field.name) <= 1.3 * getattr(outer, field.name), field.name


@pytest.mark.parametrize("depth", [_SHALLOW, _DEEP])
@pytest.mark.parametrize("kinds", _NESTS, ids=_name)
def test_a_definite_finding_behind_a_nest_is_found(kinds: tuple[str, ...], depth: int) -> None:
    codes = _linted(kinds, depth).codes
    assert "MFN000" not in codes
    assert "MFN102" in codes


@pytest.mark.parametrize("depth", range(1, 7))
@pytest.mark.parametrize("kinds", [("if", "try"), ("with", "match", "call")], ids="-".join)
def test_it_is_found_at_every_depth(kinds: tuple[str, ...], depth: int) -> None:
    assert "MFN102" in _linted(kinds, depth).codes


@pytest.mark.parametrize("depth", range(1, 9))
def test_what_some_paths_leave_unbound_is_found_at_every_depth(depth: int) -> None:
    findings = linted(nested_tests_of_unbound_names(depth)).findings
    codes = [finding.code for finding in findings]
    assert codes.count("MFN213") == depth
    assert codes.count("MFN102") == 1


def test_what_is_left_is_of_the_nests_that_are_tried() -> None:
    listed = [kinds for cases in TOO_FAST.values() for kinds in cases]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(_NESTS)


#: By name, the functions that write programs, and the sizes of two of them.
_LONG: Final[dict[str, tuple[Callable[[int], str], int, int]]] = {
    "tests in a row": (row_of_tests, 32, 64),
    "operands of and": (functools.partial(operands, operator="and"), 100, 200),
    "operands of or": (functools.partial(operands, operator="or"), 100, 200),
    "operands of both by turns": (functools.partial(operands, operator="and or"), 100, 200),
    "nested whiles": (nested_whiles, 16, 32),
    "helpers that call twice": (helpers_that_call_twice, 15, 30),
    "mutual recursion": (mutual_recursion, 8, 16),
    "a model function that hands on": (handed_on, 64, 128),
    "nested tests of unbound names": (nested_tests_of_unbound_names, 4, 8),
}


@pytest.mark.parametrize(("write", "half", "whole"), _LONG.values(), ids=_LONG)
def test_long_programs_take_work_in_proportion_to_their_length(
    write: Callable[[int], str], half: int, whole: int
) -> None:
    small, large = linted(write(half)), linted(write(whole))
    assert "MFN102" in large.codes
    assert "MFN000" not in large.codes
    assert _too_fast(small, large) == {}


@pytest.mark.parametrize("write", [returns_with_finally, finally_in_finally])
def test_each_finally_is_run_for_few_ways_out(write: Callable[[int], str]) -> None:
    small, large = linted(write(8)), linted(write(16))
    assert "MFN102" in large.codes
    powers = exponents(small, large)
    # Each of the returns is joined with the others once for each ``finally`` that it leaves.
    assert max(powers[count] for count in ("runs", "values", "calls")) < 1.2
