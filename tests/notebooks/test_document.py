"""Reading the file of a notebook: its cells, and where their lines are."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator_lint.notebooks.document import NotebookError, code_cells
from estimator_lint.notebooks.module import read_notebook
from tests.notebooks.samples import code, line_of, markdown, notebook


def test_lines_of_the_file() -> None:
    text = notebook(markdown("a\nb"), "first = 1\n\nsecond = 2", "third = 3\n")
    one, two = code_cells(text.encode())
    assert (one.number, one.lines) == (2, ("first = 1", "", "second = 2"))
    assert (two.number, two.lines) == (3, ("third = 3", ""))
    assert one.raw_lines[0] == line_of(text, "first")
    assert one.raw_lines[2] == line_of(text, "second")
    assert two.raw_lines[0] == line_of(text, "third")


def test_source_as_one_string() -> None:
    text = notebook({"cell_type": "code", "source": "first = 1\r\nsecond = 2\rthird = '\u2028'"})
    (cell,) = code_cells(text.encode())
    assert cell.lines == ("first = 1", "second = 2", "third = '\u2028'")
    assert set(cell.raw_lines) == {line_of(text, "first")}


def test_source_in_pieces_that_are_no_lines() -> None:
    text = notebook({"cell_type": "code", "source": ["fir", "st = 1\nse", "cond = 2"]})
    (cell,) = code_cells(text.encode())
    assert cell.lines == ("first = 1", "second = 2")
    assert cell.raw_lines == (line_of(text, '"fir"'), line_of(text, "st = 1"))


def test_a_file_on_one_line() -> None:
    text = json.dumps(json.loads(notebook("x = 1\ny = 2")))
    (cell,) = code_cells(b"\xef\xbb\xbf" + text.encode())
    assert cell.raw_lines == (1, 1)


def test_cells_that_are_no_cells_are_skipped() -> None:
    text = notebook({}, {"cell_type": "code"}, {"cell_type": "code", "source": [1, None]})
    content = json.loads(text)
    content["cells"] += [None, "x", 3]
    assert [cell.lines for cell in code_cells(json.dumps(content).encode())] == [("",), ("",)]


WRONG = {
    "broken": ("{", "not a notebook: broken JSON"),
    "cut off": (notebook("x = 1")[:-40], "not a notebook: broken JSON"),
    "list": ("[]", "not a notebook: no JSON object"),
    "no cells": ("{}", "not a notebook: no list of cells"),
    "cells": (notebook("x = 1", cells={}), "not a notebook: no list of cells"),
    "nbformat 3": (
        json.dumps({"nbformat": 3, "worksheets": []}),
        "notebook of nbformat 3; 'jupyter nbconvert --to notebook' converts it to nbformat 4",
    ),
    "R": (
        notebook("x <- 1", metadata={"kernelspec": {"language": "R"}}),
        "its kernel runs R, not Python",
    ),
    "Julia": (
        notebook("x = 1", metadata={"language_info": {"name": "julia"}}),
        "its kernel runs julia, not Python",
    ),
    "no code": (notebook(markdown("# Title")), "a notebook without code cells"),
    "long number": (f"[{'1' * 9_999}]", "not a notebook: broken JSON"),
    "deep": ("[" * 100_000, "not a notebook: nested too deeply"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_notebook_of_python(name: str) -> None:
    text, reason = WRONG[name]
    with pytest.raises(NotebookError) as caught:
        read_notebook(text.encode())
    assert str(caught.value).startswith(reason)
    assert caught.value.is_failure == (name not in ("R", "Julia", "no code"))


def test_not_unicode() -> None:
    with pytest.raises(NotebookError, match="not UTF-8"):
        read_notebook(b'{"cells": "\xff"}')


@pytest.mark.parametrize(
    "metadata", [{}, {"kernelspec": None}, {"kernelspec": {"language": ""}}, None, []]
)
def test_a_notebook_that_does_not_tell_its_language_is_python(metadata: object) -> None:
    assert read_notebook(notebook("x = 1", metadata=metadata).encode()).lines == ["x = 1\n"]


def test_places() -> None:
    text = notebook("a = 1\nb = 2\n", markdown("-"), "%%bash\nls", "c = 3")
    read = read_notebook(text.encode())
    assert read.lines == ["a = 1\n", "b = 2\n", "\n", "c = 3\n"]
    places = [read.place(line) for line in (1, 2, 4)]
    assert [(place.cell, place.line) for place in places] == [(1, 1), (1, 2), (4, 1)]
    assert places[2].raw_line == line_of(text, "c = 3")
    assert read.cells == [(1, 1, 3), (4, 4, 4)]


def test_a_cell_that_is_no_python_is_left_out() -> None:
    read = read_notebook(notebook("a = 1", "b = (", "c = 3").encode())
    assert read.lines == ["a = 1\n", "c = 3\n"]
    (broken,) = read.broken
    assert (broken.place.cell, broken.place.line) == (2, 1)
    assert "never closed" in broken.reason


def test_the_imports_of_a_cell_that_is_no_python_count() -> None:
    first = 'import os\nimport tensorflow as tf\nfrom a import (\n    b,\n)\nprint "x"\n  import c'
    read = read_notebook(notebook(first, "tf.constant(b)").encode())
    imports = ["import os\n", "import tensorflow as tf\n", "from a import (\n", "    b,\n", ")\n"]
    assert read.lines == [*imports, "\n", "\n", "tf.constant(b)\n"]
    assert read.place(8).cell == 2
    assert [broken.place.line for broken in read.broken] == [6]


sources = st.lists(
    st.text(alphabet="ab%!?='\"()#\\ \n\r\t\u2028é", max_size=30), min_size=1, max_size=3
)


@given(sources)
@settings(max_examples=300, deadline=None)
def test_no_source_stops_it(texts: list[str]) -> None:
    read = read_notebook(notebook(*map(code, texts)).encode())
    for line in range(1, len(read.lines) + 1):
        place = read.place(line)
        assert 1 <= place.cell <= len(texts)


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_bytes_stop_it(junk: bytes) -> None:
    with pytest.raises(NotebookError):
        read_notebook(junk)
