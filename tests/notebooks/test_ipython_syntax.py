"""Distinguishing IPython's syntax from Python's in cells."""

from __future__ import annotations

import ast

import pytest

from estimator_lint.notebooks.ipython_syntax import python_lines


def python_of(text: str) -> str:
    lines = python_lines(text.split("\n"))
    assert lines is not None
    assert len(lines) == len(text.split("\n"))
    ast.parse("\n".join(lines))
    return "\n".join(lines)


LEFT_OUT = [
    "%matplotlib inline",
    "!pip install tensorflow==1.15",
    "!{sys.executable} -m pip install tf",
    "?print",
    "print?",
    "tf.estimator??",
    "pip install tensorflow",
    "ls data",
    "ls -la ../data",
    "cd ..",
    "pip install -U ..",
    "%%time",
    "%%capture output",
]


@pytest.mark.parametrize("line", LEFT_OUT)
def test_left_out(line: str) -> None:
    assert python_of(f"{line}\nx = 1") == "pass\nx = 1"


@pytest.mark.parametrize(
    "line",
    ["x = 1 if a else b", "print(x)", "a.b", "not x", "x = y % 2", "ls = 1", "cat - 1", "rm(x)"],
)
def test_python_is_kept(line: str) -> None:
    assert python_of(line) == line


def test_in_a_block() -> None:
    text = "if gpu:\n    !nvidia-smi\nelse:\n    %env X=1"
    assert python_of(text) == "if gpu:\n    pass\nelse:\n    pass"


def test_commands_over_several_lines() -> None:
    text = "!pip install \\\n    tensorflow \\\n    numpy\nx = 1"
    assert python_of(text) == "pass\n\n\nx = 1"


@pytest.mark.parametrize("line", ["files = !ls data", "a, b = %sx ls", "x = !echo 'a\" # b'"])
def test_what_a_command_gives_is_unknown(line: str) -> None:
    target = line.split(" = ")[0]
    assert python_of(line) == f"{target} = get_ipython()"


KEPT = {
    "parentheses": "x = (a\n% b)",
    "backslash": "x = a \\\n% b",
    "string": 'x = """\n%d of\n!"""',
    "string in a string": 'x = \'"""\'\ny = (1\n% 2)',
    "escaped quote": "x = 'a\\'(' % b",
    "raw string": "x = r'\\\\'\ny = 2",
    "comment": "x = [1,  # a ( and ' are nothing here\n]",
    "string of two lines": "x = 'a\\\n%b'",
    "f-string": 'x = f"""{a\n% b}"""',
    "keywords": "from a import b\nassert x\ndel y\nimport c",
    "soft keywords": "match x:\n    case y:\n        pass",
    "comparison": "x != y\nx == y",
    "question in a string": 'def f():\n    """Really?\n\n    No.\n    """',
}


@pytest.mark.parametrize("name", KEPT)
def test_a_percent_sign_within_a_statement_is_python_s(name: str) -> None:
    assert python_of(KEPT[name]) == KEPT[name]


@pytest.mark.parametrize("magic", ["bash", "writefile model.py", "html", "script perl", "R"])
def test_cells_in_other_languages(magic: str) -> None:
    assert python_lines([f"%%{magic}", "x = ("]) is None
    assert python_lines(["", f"%%{magic}", "x = ("]) is None


@pytest.mark.parametrize("first", ["%bash", "%bq query -n name", "%writefile config.yaml", "%sql"])
def test_cells_of_datalab_in_other_languages(first: str) -> None:
    assert python_lines([first, "rm -rf $NAME"]) is None
    assert python_lines([first, "x = 1"]) == ["pass", "x = 1"]


def test_python_2_under_a_magic_is_no_other_language() -> None:
    assert python_lines(["%matplotlib inline", "print 'a'"]) == ["pass", "print 'a'"]


def test_a_broken_string_does_not_swallow_the_cell() -> None:
    lines = python_lines(["x = 'broken", "%time", "y = 1"])
    assert lines == ["x = 'broken", "pass", "y = 1"]
