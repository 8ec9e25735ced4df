"""The source under Pythons that are not installed here: possible complaints of newer ones.

If no Python 3.14 runs these tests, libcst still parses its grammar, and Python 3.13 warns of names
that 3.14 may not have.
"""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

import libcst as cst
import pytest

from tasks.interpreters import NEWEST, OLDEST, fitting_interpreters
from tests.python_versions import deprecated_names

ROOT = Path(__file__).parents[2]
#: The installed package, and the script that has to run on any Python.
SOURCES = [
    *sorted((ROOT / "estimator_lint").rglob("*.py")),
    *sorted((ROOT / "tasks").glob("*.py")),
    ROOT / "dev.py",
]


def test_the_source_is_in_the_grammar_of_3_14() -> None:
    configuration = cst.PartialParserConfig(python_version="3.14")
    for path in SOURCES:
        cst.parse_module(path.read_bytes(), configuration)


def newest_python() -> str | None:
    """A Python 3.13 or later."""
    if sys.version_info >= (3, 13):
        return sys.executable
    found = next(fitting_interpreters((3, 13), (3, 13)), None)
    return None if found is None else str(found.path)


def test_python_3_13_warns_of_nothing() -> None:
    python = newest_python()
    if python is None:
        pytest.skip("no Python 3.13 is here")
    script = Path(deprecated_names.__file__)
    folders = [str(ROOT / name) for name in ("estimator_lint", "release", "tasks")]
    command = [python, "-I", str(script), *folders]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (finished.stdout + finished.stderr).strip() == ""


def test_warnings_are_found(tmp_path: Path) -> None:
    python = newest_python()
    if python is None:
        pytest.skip("no Python 3.13 is here")
    (tmp_path / "names.py").write_text("import ast as a\n\nprint(a.Num, a.parse, a.nothing)\n")
    (tmp_path / "syntax.py").write_text('x = 1\ny = "\\d"\n')
    finished = subprocess.run(
        [python, deprecated_names.__file__, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    first, second = finished.stdout.splitlines()
    assert "names.py:3: ast.Num: " in first
    assert "syntax.py:2: invalid escape sequence" in second


def test_the_classifiers_name_what_ran() -> None:
    """Exactly those that ``dev.py`` considers tested."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    named = re.findall(r"Python :: 3\.(\d+)$", setup["metadata"]["classifiers"], re.MULTILINE)
    assert list(map(int, named)) == list(range(OLDEST[1], NEWEST[1] + 1))
