"""How the program behaves on terminals of all kinds, and when something is mistyped."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from estimator_lint.command_line.colors import in_color
from estimator_lint.command_line.progress import Progress, TerminalProgress, progress_for
from tests.command_line.program import FAULTY, run, write

ROOT = Path(__file__).parents[2]


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "PRE_COMMIT", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


# Colors

ON_A_TERMINAL = [
    ({}, True),
    ({"NO_COLOR": "1"}, False),
    ({"NO_COLOR": ""}, True),
    ({"TERM": "dumb"}, False),
    ({"TERM": "unknown"}, False),
    ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
]


@pytest.mark.parametrize(("environment", "expected"), ON_A_TERMINAL)
def test_colors_on_a_terminal(
    environment: Mapping[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert in_color("auto", Terminal()) is expected
    assert in_color("always", Terminal()) is True
    assert in_color("never", Terminal()) is False
    assert in_color("auto", io.StringIO()) is (expected and "FORCE_COLOR" in environment)


@pytest.mark.parametrize("command", ["check", "modes"])
@pytest.mark.parametrize(
    ("environment", "arguments", "expected"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1"}, ["--color=never"], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color=always"], True),
        ({"TERM": "dumb"}, ["--color=always"], True),
        ({"TERM": "dumb", "FORCE_COLOR": "3"}, [], True),
    ],
)
def test_colors_through_a_pipe(
    tmp_path: Path,
    command: str,
    environment: dict[str, str],
    arguments: list[str],
    expected: bool,
) -> None:
    pytest.importorskip("rich")
    write(tmp_path / "model.py")
    finished = subprocess.run(
        [sys.executable, "-m", "estimator_lint", command, *arguments, "model.py"],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, **environment},
    )
    assert b"MFN103" in finished.stdout
    assert (re.search(rb"\x1b\[[\d;]*3[0-7]m", finished.stdout) is not None) is expected
    if not expected:
        assert b"\x1b" not in finished.stdout


def long_run(progress: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic() + 10

    def clock() -> float:
        nonlocal now
        now += 1
        return now

    monkeypatch.setattr("time.monotonic", clock)
    progress.start_checking(3)
    progress.checked()
    progress.checked()
    progress.close()


@pytest.mark.parametrize(
    ("color", "no_color", "expected"),
    [("auto", "", True), ("never", "", False), ("auto", "1", False), ("always", "", True)],
)
def test_the_progress_bar_is_in_color_as_all_else(
    color: str, no_color: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rich")
    monkeypatch.setenv("NO_COLOR", no_color)
    terminal = Terminal()
    progress = progress_for(terminal, color)
    assert type(progress) is TerminalProgress
    long_run(progress, monkeypatch)
    assert "of 3 files checked" in terminal.getvalue()
    assert (re.search(r"\x1b\[[\d;]*m", terminal.getvalue()) is not None) is expected


def test_a_dumb_terminal_has_no_progress_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert type(progress_for(Terminal())) is Progress


def test_the_bar_makes_room_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rich")
    terminal = Terminal()
    progress = progress_for(terminal)
    long_run(progress, monkeypatch)
    assert terminal.getvalue().endswith("\x1b[2K")
    progress.checked()
    assert "3 of 3 files checked" in terminal.getvalue()


# Narrow terminals


@pytest.mark.parametrize("columns", [20, 30, 45, 60, 80])
def test_modes_folds_where_the_terminal_is_narrow(
    tmp_path: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rich")
    monkeypatch.setenv("COLUMNS", str(columns))
    write(tmp_path / "model.py", FAULTY)
    shown = run(tmp_path, "modes", "model.py").lines
    assert max(map(len, shown)) <= columns
    assert "\N{HORIZONTAL ELLIPSIS}" not in "".join(shown)
    letters = re.sub(r"\s", "", "".join(shown))
    for word in ("train_op", "evaluation_hooks", "MFN103"):
        assert word in letters or columns < 45


# Mistyped


@pytest.mark.parametrize(
    ("arguments", "usage", "message"),
    [
        (["chek"], "estimator-lint", "unknown command 'chek'; did you mean 'check'?"),
        (["check", "--nope"], "estimator-lint check", "unknown option '--nope'"),
        (
            ["check", "--no-notebook-s"],
            "estimator-lint check",
            "unknown option '--no-notebook-s'; did you mean '--no-notebooks'?",
        ),
        (
            ["check", "--selct=MFN1"],
            "estimator-lint check",
            "unknown option '--selct'; did you mean '--select' or '--extend-select'?",
        ),
        (
            ["check", "--format=sraif"],
            "estimator-lint check",
            "argument --format: unknown choice 'sraif'; did you mean 'sarif'?",
        ),
        (
            ["modes", "--format=x", "a.py"],
            "estimator-lint modes",
            "argument --format: unknown choice 'x' (choose from text, json, html)",
        ),
        (["explain", "--jsn"], "estimator-lint explain", "unknown option '--jsn'"),
    ],
)
def test_a_mistake_is_answered_with_the_usage_of_the_command(
    tmp_path: Path, arguments: list[str], usage: str, message: str
) -> None:
    outcome = run(tmp_path, *arguments)
    assert (outcome.status, outcome.output) == (2, "")
    assert outcome.errors.startswith(f"usage: {usage} [-h]")
    assert message in outcome.errors.splitlines()[-1]
    assert outcome.errors.splitlines()[-1].startswith(f"{usage}: error: ")


def test_a_file_in_the_place_of_a_command(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    errors = run(tmp_path, "model.py").errors
    assert "did you mean 'estimator-lint check model.py'?" in errors


def test_a_key_of_pyproject_toml(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.estimator_lint]\nselects = []\n")
    errors = run(tmp_path, "check").errors
    assert "unknown option 'selects'; did you mean 'select'" in errors


def test_options_may_still_be_shortened(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    assert run(tmp_path, "check", "--sel=MFN2", "model.py").status == 0


def test_modes_of_a_function_from_standard_input(tmp_path: Path) -> None:
    source = FAULTY + FAULTY.replace("model_fn", "other_model_fn").split("\n", 1)[1]
    for arguments in (["-:other_model_fn"], ["--format=json", "-:other_model_fn", "--isolated"]):
        outcome = run(tmp_path, "modes", *arguments, stdin=source.encode())
        assert (outcome.status, outcome.errors) == (0, "")
        assert "other_model_fn" in outcome.output
    assert len(run(tmp_path, "modes", "-", stdin=source.encode()).output) > 100


def test_dev_py_lists_its_tasks(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "dev.py")]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert finished.returncode == 0
    for task in ("demo", "test", "lint", "clean"):
        assert re.search(rf"^  {task} +\w", finished.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", ["check", "modes", "migrate"])
def test_paths_on_both_sides_of_an_option(tmp_path: Path, command: str) -> None:
    for name in ("one.py", "other.py"):
        write(tmp_path / name)
    output = run(tmp_path, command, "one.py", "--color=never", "other.py").output
    assert "one.py" in output
    assert "other.py" in output
