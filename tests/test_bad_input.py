"""Bad input: files that are not programs, too large, or too deeply nested."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flake8_program import (
    FAULTY,
    INDENTED_RETURN,
    MESSAGE,
    SITE,
    findings_in,
    flake8,
    position,
    write,
)


def test_what_libcst_refuses_is_told_of_the_function_that_holds_it(tmp_path: Path) -> None:
    refused = "    class Inner(object, a=1, *features): pass\n    if"
    second = FAULTY.replace("model_fn", "second_model_fn").replace("    if", refused, 1)
    failure, finding = findings_in(tmp_path, second + FAULTY)
    assert failure.startswith("4:5: MFN000 'second_model_fn' could not be analysed")
    assert MESSAGE in finding


def test_a_syntax_error_is_told_once(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY + "def broken(:\n")
    outcome = flake8(tmp_path, "model.py", select="E9,MFN")
    (line,) = outcome.lines
    assert "E999 SyntaxError" in line


BYTES_THAT_ARE_NO_PROGRAM = {
    "null.py": FAULTY.encode() + b"\0",
    "rubbish.py": bytes(range(256)) * 20 + b" model_fn EstimatorSpec",
    "utf16.py": FAULTY.encode("utf-16"),
    "dedent.py": FAULTY.encode() + b"        x = 1\n  y = 2\n",
    "open_string.py": FAULTY.encode() + b'"""\n',
    "python2.py": FAULTY.encode() + b"print 'model_fn'\n",
}


@pytest.mark.parametrize("name", BYTES_THAT_ARE_NO_PROGRAM)
def test_what_is_no_program_is_left_to_flake8(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, BYTES_THAT_ARE_NO_PROGRAM[name])
    outcome = flake8(tmp_path, name, select="E9,MFN")
    assert outcome.status == 1
    assert "MFN" not in outcome.errors
    assert [line for line in outcome.lines if "MFN" in line] == []


@pytest.mark.parametrize("start", [b"# \xff\xfe\n", b"# coding: no-such-encoding\n"])
def test_what_flake8_takes_for_latin_1_is_linted(tmp_path: Path, start: bytes) -> None:
    text = start + FAULTY.replace(INDENTED_RETURN, '        "ä"; return').encode("latin-1")
    assert findings_in(tmp_path, text) == [f"7:21: {MESSAGE}"]


@pytest.mark.parametrize("text", ["", "\n", " ", "\x0c", "#", "\ufeff", "# EstimatorSpec model_fn"])
def test_nearly_empty_files(tmp_path: Path, text: str) -> None:
    assert findings_in(tmp_path, text) == []


DEEP = {
    "calls": "x = features" + ".a()" * 160,
    "parentheses": "x = " + "(" * 90 + "features" + ")" * 90,
    "operators": "x = " + " + ".join(["features"] * 250),
    "lists": "x = " + "[" * 90 + "]" * 90,
    "lambdas": "x = " + "lambda: " * 90 + "features",
    "conditionals": "x = " + "features if labels else " * 90 + "features",
    "elifs": "if features:\n        x = 1\n" + "    elif features:\n        x = 1\n" * 90,
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_in_a_model_function(tmp_path: Path, name: str) -> None:
    """As deep as flake8's own plugins can handle: analysed, or MFN000, or no finding."""
    text = FAULTY.replace("    if", f"    {DEEP[name]}\n    if", 1) + FAULTY.replace(
        "model_fn", "second_model_fn"
    )
    codes = [re.search(r"MFN\d{3}", line) for line in findings_in(tmp_path, text)]
    assert {match.group() for match in codes if match} <= {"MFN000", "MFN103"}
    assert codes[-1] is not None and codes[-1].group() == "MFN103"


PLUGIN_ALONE = """
import ast, sys
from estimator_lint.flake8_plugin import EstimatorChecker
text = sys.stdin.read()
try:
    tree = ast.parse(text)
except (MemoryError, RecursionError, SyntaxError) as error:
    sys.exit(f"Python itself gives up: {error!r}")
for line, column, message, _ in EstimatorChecker(tree, text.splitlines(True), "model.py").run():
    print(line, column, message)
"""


@pytest.mark.parametrize("depth", [300, 1000, 3000])
@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: "x = features" + ".a()" * depth,
        lambda depth: "x = " + " + ".join(["features"] * depth),
        lambda depth: "x = " + "not " * depth + "features",
        lambda depth: (
            "if features:\n        x = 1\n" + "    elif features:\n        x = 1\n" * depth
        ),
    ],
    ids=["calls", "operators", "nots", "elifs"],
)
def test_nesting_deeper_than_flake8_can_take(nested: Callable[[int], str], depth: int) -> None:
    """Only the plugin, since pyflakes would end the run first."""
    text = FAULTY.replace("    if", f"    {nested(depth)}\n    if", 1)
    finished = subprocess.run(
        [sys.executable, "-c", PLUGIN_ALONE],
        input=text + FAULTY.replace("model_fn", "second_model_fn"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    if finished.stderr.startswith("Python itself gives up"):
        pytest.skip(finished.stderr)
    assert (finished.returncode, finished.stderr) == (0, "")
    codes = re.findall(r"MFN\d{3}", finished.stdout)
    assert set(codes) <= {"MFN000", "MFN103"}
    assert codes[-1] == "MFN103"


def test_python_s_warnings_about_the_text_are_not_ours(tmp_path: Path) -> None:
    """Parsing literals issues warnings, which may be configured as errors."""
    key = r"'\d'"
    text = FAULTY.replace("    if", f"    if mode == {key}:\n        return None\n    if", 1)
    write(tmp_path / "model.py", text)
    outcome = flake8(tmp_path, "-j1", "model.py", environment={"PYTHONWARNINGS": "default"})
    assert "MFN204" in outcome.lines[0]
    assert "<unknown>:1" not in outcome.errors
    # flake8 itself reports errors as E999.
    program = ["-W", "error:invalid escape", "-m", "estimator_lint"]
    finished = subprocess.run(
        [sys.executable, *program, "check", "--isolated", "--format=concise", "model.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (finished.stdout.splitlines(), finished.stderr) == (outcome.lines, "")


def test_a_huge_file(tmp_path: Path) -> None:
    table = "TABLE = [\n" + "    'model_fn',\n" * 20_000 + "]\n"
    text = table + FAULTY
    assert findings_in(tmp_path, text) == [f"{position(text, SITE)} {MESSAGE}"]


def test_a_huge_model_function(tmp_path: Path) -> None:
    body = "    x = tf.add(features, 1)\n" * 2_000
    text = FAULTY.replace("    if", f"{body}    if", 1)
    assert findings_in(tmp_path, text) == [f"{position(text, SITE)} {MESSAGE}"]


# What is imported

IMPORTED = """
import sys
from flake8.main.cli import main
status = main(["--isolated", "-j1", sys.argv[1]])
print(*[name for name in ("libcst", "astroid", "tensorflow") if name in sys.modules])
"""


@pytest.mark.parametrize(
    "text",
    ["", "x = 1\n", "import os\n\n\ndef function(mode):\n    return os.fspath(mode)\n"],
)
def test_files_without_model_functions_import_nothing(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "other.py", text)
    command = [sys.executable, "-c", IMPORTED, str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert finished.stdout == "\n"


def test_what_is_linted_is_never_imported(tmp_path: Path) -> None:
    text = "import trap\n" + FAULTY
    write(tmp_path / "trap.py", "open('executed', 'w').close()\n")
    write(tmp_path / "tensorflow.py", "import trap\n")
    assert findings_in(tmp_path, text) != []
    assert not (tmp_path / "executed").exists()
