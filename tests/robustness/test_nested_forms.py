"""Deep nests, long chains and large tokens of every form end in findings or in a message."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from tests.command_line.program import FAULTY, check, write
from tests.robustness.nested_forms import FORMS, TOP_LEVEL, Form

#: Follows the difficult function, and always has a finding.
SECOND = FAULTY.replace("model_fn", "second_model_fn").partition("\n")[2]

#: The cost of these grows faster than their size, but they end.
SLOW = {"cases", "alternatives", "managers", "undecided tests", "loops", "mixed operators"}

#: Python itself accepts at most a hundred levels of indentation.
BLOCKS = set(
    "ifs|ifs of items|elses|fors|whiles|withs|tries|handled tries|matches|functions|classes"
    "|methods within".split("|")
)


def source(name: str, depth: int) -> str:
    if name in FORMS:
        body = textwrap.indent(FORMS[name](depth), "    ")
        return FAULTY.replace("    if", f"{body}\n    if", 1) + SECOND
    reading = "    x = outside\n    y = outside(x)\n    if"
    return f"{TOP_LEVEL[name](depth)}\n{FAULTY.replace('    if', reading, 1)}{SECOND}"


def checked(folder: Path, forms: dict[str, Form], depth: int) -> dict[str, list[str]]:
    """The codes that are found in each form, or why it was not checked."""
    for name in forms:
        write(folder / f"{name}.py", source(name, depth))
    finished = subprocess.run(
        [sys.executable, "-m", "estimator_lint", "check", "--isolated", "--format=json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert finished.returncode in (1, 2), finished.stderr[-2000:]
    assert "Traceback" not in finished.stderr
    report: dict[str, Any] = json.loads(finished.stdout)
    outcome: dict[str, list[str]] = {name: [] for name in forms}
    for finding in report["findings"]:
        assert "internal error" not in finding["text"], finding
        assert "file could not" not in finding["text"], finding
        outcome[Path(finding["file"]).stem].append(finding["code"])
    for line in finished.stderr.splitlines():
        path, reason = re.fullmatch(r"(.*?\.py)[:\d]*: not checked: (.*)", line).groups()  # type: ignore[union-attr]
        assert re.match("SyntaxError|IndentationError|RecursionError|MemoryError", reason), line
        outcome[Path(path).stem].append(reason)
    return outcome


@pytest.mark.parametrize("depth", [12, 60])
def test_nests(tmp_path: Path, depth: int) -> None:
    forms = {name: form for name, form in FORMS.items() if depth < 20 or name not in SLOW | BLOCKS}
    outcome = checked(tmp_path, forms, depth)
    for name, codes in outcome.items():
        assert codes[-1:] == ["MFN103"] or not re.fullmatch(r"MFN\d+", codes[-1]), (name, codes)


@pytest.mark.parametrize("depth", [600])
def test_long_chains(tmp_path: Path, depth: int) -> None:
    forms = {name: form for name, form in FORMS.items() if name not in SLOW | BLOCKS}
    outcome = checked(tmp_path, forms, depth)
    assert [name for name, codes in outcome.items() if not codes] == []


@pytest.mark.parametrize("depth", [300])
def test_what_a_function_reads(tmp_path: Path, depth: int) -> None:
    outcome = checked(tmp_path, TOP_LEVEL, depth)
    assert [name for name, codes in outcome.items() if not codes] == []


#: For each of these ``ast`` has one node, and libcst as many levels.
FLAT = ["ands", "ors", "concatenated strings", "concatenated lines", "clauses", "dots of a module"]


@pytest.mark.parametrize("name", FLAT)
def test_chains_that_are_nested_for_libcst(tmp_path: Path, name: str) -> None:
    """Libcst's parser would run out of native stack, and end the process."""
    for depth, first in ((400, "MFN103"), (500, "MFN000"), (20_000, "MFN000")):
        path = write(tmp_path / f"{depth}.py", source(name, depth))
        outcome = check(tmp_path, "--isolated", path.name)
        codes = re.findall(r"MFN\d{3}", outcome.output)
        assert codes == [first, "MFN103"], outcome
        if first == "MFN000":
            assert "'model_fn' could not be analysed: nested too deeply" in outcome.output


def test_chains_within_one_another_count_together(tmp_path: Path) -> None:
    nest = "1"
    for _ in range(30):
        nest = f"({nest}{' and features' * 40})"
    body = f"    x = {nest}\n    if"
    write(tmp_path / "model.py", FAULTY.replace("    if", body, 1) + SECOND)
    outcome = check(tmp_path, "--isolated", "model.py")
    assert re.findall(r"MFN\d{3}", outcome.output) == ["MFN000", "MFN103"]


def test_quotes_that_are_no_chain(tmp_path: Path) -> None:
    text = "    '''" + "don't \"\n" * 2_000 + "    '''\n    if"
    write(tmp_path / "model.py", FAULTY.replace("    if", text, 1))
    assert "MFN103" in check(tmp_path, "--isolated", "model.py").output


LONG_LINES = {
    "blanks": " " * 200_000,
    "blanks and code": "x = 1" + " " * 200_000 + ";y = 2",
    "blanks and a comment": "x = 1" + " " * 200_000 + "# flake8",
    "tabs": "x = 1\t" + "\t" * 200_000,
    "comment": "# noqa: " + "MFN103," * 50_000,
    "comment of codes": "# noqa: " + "A1" * 100_000 + "!",
    "comment of file": "# flake8: noqa:" + " " * 200_000,
    "Python 2": "print" + " " * 100_000 + "'a', " * 20_000,
    "digits": "x = " + "1" * 200_000 + "L",
    "names": "except " + "a, " * 100_000,
    "backquotes": "`" * 99_999,
    "colons": ":" * 200_000,
    "form feeds": "\f" * 200_000,
    "magics": "%" * 100_000,
}


@pytest.mark.parametrize("name", LONG_LINES)
def test_long_lines(tmp_path: Path, name: str) -> None:
    """No regular expression backtracks over a long line."""
    for where in ("above", "within"):
        line = LONG_LINES[name] + "\n"
        text = line + FAULTY if where == "above" else FAULTY.replace("    if", f"    {line}    if")
        write(tmp_path / f"{where}.py", text)
    finished = subprocess.run(
        [sys.executable, "-m", "estimator_lint", "check", "--isolated", "--format=concise"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in finished.stderr
    assert finished.returncode in (0, 1, 2)
    told = finished.stdout + finished.stderr
    if name == "comment of file":
        assert told == ""
    else:
        assert {line.split(":")[0].removeprefix("./") for line in told.splitlines()} == {
            *("above.py", "within.py")
        }


@pytest.mark.parametrize(
    ("opening", "closing", "few", "many"),
    [
        ("{1: ", "}", 5, 12),
        ("(", ")", 10, 60),
        ("A(x=", ")", 10, 60),
        ("[a, ", "]", 10, 60),
        ("{1: [A(x=", ")]}", 3, 6),
    ],
)
def test_patterns_for_which_libcst_takes_for_ever(
    tmp_path: Path, opening: str, closing: str, few: int, many: int
) -> None:
    for depth, first in ((few, "MFN103"), (many, "MFN000")):
        pattern = f"{opening * depth}1{closing * depth}"
        body = f"    match features:\n        case {pattern}:\n            x = 1\n    if"
        write(tmp_path / "model.py", FAULTY.replace("    if", body, 1) + SECOND)
        started = time.process_time()
        outcome = check(tmp_path, "--isolated", "model.py")
        assert re.findall(r"MFN\d{3}", outcome.output) == [first, "MFN103"]
        assert time.process_time() - started < 10
