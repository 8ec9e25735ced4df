"""Distinguishing edits of comments and empty lines from edits of code."""

from __future__ import annotations

import pytest

from estimator_lint.syntax.comment_edits import moved_lines

OLD = """\
def f(a):
    x = '#'
    return (a,
            x)  # both
"""


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("", "", {1: 1, 2: 2, 3: 3, 4: 4}),
        ("def f(a):\n", "def f(a):  # comment\n\n    # more\n", {1: 1, 2: 4, 3: 5, 4: 6}),
        ("(a,\n", "(a,  # first\n\n", {1: 1, 2: 2, 3: 3, 4: 5}),
        ("  # both", "", {1: 1, 2: 2, 3: 3, 4: 4}),
        ("'#'", "'#' # '", {1: 1, 2: 2, 3: 3, 4: 4}),
    ],
)
def test_lines_of_an_edited_comment(old: str, new: str, moved: dict[int, int]) -> None:
    assert moved_lines(OLD, OLD.replace(old, new, 1)) == moved


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'#'", "'#!'"),
        ("x = ", "x  = "),
        ("(a,\n            x)", "(a, x)"),
        ("(a,\n            x)", "(a,\n             x)"),
        ("return (", "# return ("),
        ("    x = '#'\n", ""),
        ("'#'", "'''#\n'''"),
        ("def f(a):\n", "def f(a):\n    '''Text.'''\n"),
        ("(a,\n            x)  # both\n", "a\n"),
        ("x)", "x"),
    ],
)
def test_an_edit_of_code(old: str, new: str) -> None:
    assert moved_lines(OLD, OLD.replace(old, new, 1)) is None
