"""Edits of texts: their places, and the origins of lines and places afterwards."""

from __future__ import annotations

import random

import pytest

from estimator_lint.fixes.fix import Edit
from estimator_lint.fixes.text_edits import (
    MovedLines,
    apply_edits,
    before_edits,
    line_edit,
    overlap,
)

TEXT = "one\ntwo\r\nthree\rfour"


def test_edits_go_by_lines_and_code_points() -> None:
    edits = [Edit(3, 0, 3, 5, "\U0001f600"), Edit(1, 3, 1, 3, "!"), Edit(2, 1, 4, 1, "-")]
    assert apply_edits(TEXT, edits[:2]) == "one!\ntwo\r\n\U0001f600\rfour"
    assert apply_edits("\ufeff" + TEXT, edits[2:]) == "\ufeffone\nt-our"


def test_edits_that_touch_overlap() -> None:
    assert overlap([Edit(1, 0, 1, 2, "")], [Edit(1, 2, 1, 2, "x")])
    assert not overlap([Edit(1, 0, 1, 2, "")], [Edit(1, 3, 1, 3, "x")])


def test_lines_that_move_are_known_again() -> None:
    text = "a\nb\nc\nd"
    cases = {
        Edit(2, 0, 2, 0, "new\n"): "a new b c d",
        Edit(2, 1, 2, 1, "\nnew"): "a b new c d",
        Edit(2, 0, 3, 0, ""): "a c d",
        Edit(4, 1, 4, 1, "\nnew"): "a b c d new",
        Edit(1, 0, 1, 0, "x"): "a b c d",
    }
    for edit, lines in cases.items():
        was = dict(enumerate("abcd", start=1))
        origins = MovedLines(text, [edit]).origins()
        names = [was.get(origins.get(number, 0), "new") for number in range(1, 10)]
        assert " ".join(names[: len(lines.split())]) == lines, edit


@pytest.mark.parametrize("seed", range(200))
def test_edits_of_what_was_edited_are_edits_of_the_text(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice("ab\n") for _ in range(30))

    def edits(of: str, brought: str) -> list[Edit]:
        lines = of.split("\n")
        places = sorted(
            (line, chance.randint(0, len(lines[line - 1])))
            for line in (chance.randint(1, len(lines)) for _ in range(4))
        )
        found = [Edit(*places[0], *places[1], brought), Edit(*places[2], *places[3], brought)]
        return found[:1] if overlap(found[:1], found[1:]) else found

    first = edits(text, "\n1")
    between = apply_edits(text, first)
    second = edits(between, "2\n")
    together = before_edits(text, first, second)
    if together is not None:
        assert apply_edits(text, [*first, *together]) == apply_edits(between, second)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a", "a  # noqa", (1, 1, "  # noqa")),
        ("a  # noqa: A1 x", "a  # noqa: A1,B2 x", (13, 13, ",B2")),
        ("aa", "a", (1, 2, "")),
        ("", "x", (0, 0, "x")),
    ],
)
def test_an_edit_of_a_line_leaves_what_is_the_same(
    before: str, after: str, expected: tuple[int, int, str]
) -> None:
    edit = line_edit(3, before, after)
    assert (edit.start_line, edit.end_line) == (3, 3)
    assert (edit.start_column, edit.end_column, edit.text) == expected
