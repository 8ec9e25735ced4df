"""The tests that a path passed, and the common history of merged paths."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import hypothesis
import libcst as cst
import pytest
from hypothesis import strategies as st

from estimator_lint.domain.paths.branch_history import BranchHistory, common, in_order
from estimator_lint.domain.values.places import Place
from estimator_lint.syntax.source import SourceFile

PIECE = SourceFile("pass\n").piece_at(1)

NODES = {letter: cst.Name(letter) for letter in "abcdefgh"}


def passed(tests: str, before: BranchHistory | None = None) -> BranchHistory | None:
    """The tests of a path: a letter each, a capital where the test held."""
    for letter in tests:
        place = Place(PIECE, NODES[letter.lower()])
        before = BranchHistory(before, place, letter.isupper(), decided=False)
    return before


def shown(last: BranchHistory | None, since: BranchHistory | None = None) -> str:
    letters = []
    for test in in_order(last, since):
        assert isinstance(test.place.node, cst.Name)
        letter = test.place.node.value
        letters.append(letter.upper() if test.outcome else letter)
    return "".join(letters)


@pytest.mark.parametrize(
    ("start", "one", "other", "expected"),
    [
        ("", "", "", ""),
        ("aB", "", "", "aB"),
        ("aB", "C", "", "aB"),
        ("aB", "C", "c", "aB"),
        ("aB", "Cd", "cd", "aBd"),
        ("aB", "CdE", "ed", "aBd"),
        ("", "CdE", "CDE", "CE"),
        ("a", "BBb", "Bb", "aBb"),
        ("a", "Bb", "b", "ab"),
        ("a", "dA", "DA", "aA"),
    ],
)
def test_common(start: str, one: str, other: str, expected: str) -> None:
    shared = passed(start)
    assert shown(common(passed(one, shared), passed(other, shared))) == expected


def test_paths_that_did_not_part_are_kept_as_they_are() -> None:
    path = passed("aBc")
    assert common(path, path) is path
    assert common(path, passed("D", path)) is path
    assert common(path, None) is None


def test_what_one_path_chose_the_merged_one_has_not_settled() -> None:
    place = Place(PIECE, NODES["a"])
    decided, chosen = (
        BranchHistory(None, place, True, True),
        BranchHistory(None, place, True, False),
    )
    assert [test.decided for test in in_order(common(decided, chosen))] == [False]
    assert [test.decided for test in in_order(common(decided, decided.behind(None)))] == [True]


def test_tests_since() -> None:
    start = passed("aB")
    assert shown(passed("cD", start), start) == "cD"
    assert shown(start, start) == ""


TESTS = st.text("abcABC", max_size=8)


def _is_within(part: str, whole: Iterable[str]) -> bool:
    remaining = iter(whole)
    return all(letter in remaining for letter in part)


@hypothesis.settings(derandomize=True, database=None, deadline=None)
@hypothesis.given(TESTS, st.lists(TESTS, min_size=1, max_size=4))
def test_a_merged_path_makes_nothing_up(start: str, rests: list[str]) -> None:
    """Each of the paths passed all tests of the merged history, in that order."""
    shared = passed(start)
    paths = [passed(rest, shared) for rest in rests]
    merged = shown(functools.reduce(common, paths))
    assert merged.startswith(start)
    assert all(_is_within(merged, start + rest) for rest in rests)
