"""``estimator-lint modes`` of several files and of folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from estimator_lint.command_line.status import Status
from tests.command_line.program import CLEAN, FAULTY, run, write
from tests.notebooks.samples import FAULTY as CELL
from tests.notebooks.samples import IMPORT, notebook

pytest.importorskip("rich")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with three files that have model functions, and others."""
    write(tmp_path / "a.py")
    write(tmp_path / "deep" / "b.py", CLEAN + CLEAN.replace("model_fn", "other_model_fn"))
    write(tmp_path / "deep" / "c.ipynb", notebook(IMPORT, CELL))
    write(tmp_path / "d.py", "print()\n")
    return tmp_path


def rows(output: str) -> list[list[str]]:
    return [line.replace("not checked", "-").split() for line in output.splitlines()[2:]]


def test_a_line_for_each_function(project: Path) -> None:
    outcome = run(project, "modes", "deep", "a.py")
    assert (outcome.status, outcome.errors) == (Status.CLEAN, "")
    assert outcome.lines[0].split() == ["function", "TRAIN", "EVAL", "PREDICT", "place"]
    assert rows(outcome.output.replace("\\", "/")) == [
        ["model_fn", "ok", "MFN103", "-", "a.py:4"],
        ["model_fn", "ok", "ok", "-", "deep/b.py:4"],
        ["other_model_fn", "ok", "ok", "-", "deep/b.py:11"],
        ["model_fn", "ok", "MFN103", "-", "deep/c.ipynb:cell", "2:1"],
    ]


def test_folders_are_looked_through_as_by_check(project: Path) -> None:
    write(project / "setup.cfg", "[flake8]\nexclude = deep\n")
    assert len(rows(run(project, "modes", ".").output)) == 1
    assert len(rows(run(project, "modes", "deep/b.py", "a.py").output)) == 3


def test_standard_input_among_them(project: Path) -> None:
    outcome = run(project, "modes", "-", "d.py", "a.py", stdin=CLEAN.encode())
    assert (outcome.status, outcome.errors) == (Status.CLEAN, "")
    assert [row[-1] for row in rows(outcome.output)] == ["a.py:4", "stdin:4"]


def test_nothing_is_told(project: Path) -> None:
    outcome = run(project, "modes", "d.py", "d.py")
    assert (outcome.status, rows(outcome.output)) == (Status.CLEAN, [])
    assert outcome.errors == "no model function in 1 file\n"


def test_as_json(project: Path) -> None:
    told = json.loads(run(project, "modes", "--format=json", ".").output)
    assert told["version"] == 1
    assert [len(file["functions"]) for file in told["files"]] == [1, 2, 1]
    (alone,) = [file for file in told["files"] if file["path"].endswith("a.py")]
    one = json.loads(run(project, "modes", "--format=json", alone["path"]).output)
    assert one == {"version": 1, **alone}


def test_what_can_not_be_shown_is_told_and_the_rest_is_shown(project: Path) -> None:
    write(project / "broken.py", f"{FAULTY}print 'a'\n")
    write(project / "deep" / "c.ipynb", notebook("print 1", IMPORT, CELL))
    write(project / "e.py", "x = (\n")
    outcome = run(project, "modes", ".", "nowhere.py")
    assert outcome.status == Status.COULD_NOT_RUN
    assert len(rows(outcome.output)) == 4
    told = outcome.errors.replace("\\", "/").splitlines()
    assert [line.split(":")[0] for line in told] == [
        "./broken.py",
        "./deep/c.ipynb",
        "nowhere.py",
    ]


def test_a_narrow_terminal(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    shown = run(project, "modes", ".").lines
    assert max(map(len, shown)) <= 50
    assert "\N{HORIZONTAL ELLIPSIS}" not in "".join(shown)
