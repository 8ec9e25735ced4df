"""Changing cells: the rest of the file is unchanged, byte for byte."""

from __future__ import annotations

import json

import pytest

from estimator_lint.fixes.editable import NotebookText
from estimator_lint.fixes.fix import Edit
from tests.notebooks.samples import code, markdown, notebook

CELL = "first = 1\nsecond = 2\nthird = 3"


def edited(text: str, *edits: Edit) -> str | None:
    result = NotebookText(text).edited(edits)
    return None if result is None else result.content


def test_only_the_line_changes() -> None:
    text = notebook(markdown("# Title"), "a = 0", CELL, markdown("end"))
    assert edited(text, Edit(3, 9, 3, 10, "20")) == text.replace("second = 2", "second = 20")


def test_lines_are_added_and_taken_away() -> None:
    text = notebook(CELL)
    added = edited(text, Edit(2, 0, 2, 0, "more = 0\nand = 0\n".replace("and", "too")))
    assert added == notebook(CELL.replace("second", "more = 0\ntoo = 0\nsecond"))
    assert added is not None
    assert edited(added, Edit(2, 0, 4, 0, "")) == text
    assert edited(text, Edit(3, 9, 3, 9, "\nfourth = 4")) == notebook(CELL + "\nfourth = 4")
    assert edited(text, Edit(2, 10, 3, 9, "")) == notebook("first = 1\nsecond = 2")


LAYOUTS = {
    "on one line": json.dumps(json.loads(notebook(CELL))),
    "with four blanks": json.dumps(json.loads(notebook(CELL)), indent=4),
    "with sorted keys": json.dumps(json.loads(notebook(CELL)), indent=2, sort_keys=True),
    "line ends of Windows": notebook(CELL).replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + notebook(CELL),
    "one string": notebook({**code(""), "source": CELL}),
    "one line": notebook("second = 2"),
    "escapes": notebook(CELL).replace("second", "\\u0073econd").replace("second", "second"),
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_layout_stays(text: str) -> None:
    line = 1 if "first" not in text else 2
    result = edited(text, Edit(line, 9, line, 10, "20"))
    assert result == text.replace("\\u0073econd", "second").replace("second = 2", "second = 20")


def test_other_characters_are_written_as_the_file_writes_them() -> None:
    plain = notebook("a = '\u00e4'\nb = 1")
    assert edited(plain, Edit(1, 7, 1, 7, "#")) == plain.replace("'\u00e4'", "'\u00e4'#")
    escaped = plain.replace("\u00e4", "\\u00e4")
    assert edited(escaped, Edit(1, 7, 1, 7, "#")) == escaped.replace("u00e4'", "u00e4'#")


def test_edits_stay_in_their_cells() -> None:
    text = notebook("a = 1", "b = 2")
    assert edited(text, Edit(1, 0, 2, 0, "")) is None
    changed = edited(text, Edit(1, 4, 1, 5, "3"), Edit(2, 4, 2, 5, "4"))
    assert changed == notebook("a = 3", "b = 4")


def test_lines_of_ipython_are_left_alone() -> None:
    text = notebook("%time a = 1\nb = 2")
    assert edited(text, Edit(1, 0, 1, 4, "a = 3")) is None
    assert edited(text, Edit(2, 4, 2, 5, "3")) == notebook("%time a = 1\nb = 3")


def test_what_would_be_no_python_is_not_written() -> None:
    assert edited(notebook("a = 1"), Edit(1, 2, 1, 3, "=(")) is None
