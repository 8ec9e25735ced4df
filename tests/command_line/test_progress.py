"""The progress bar: on a terminal, after a while, and gone at the end."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest

from estimator_lint.command_line.progress import (
    DELAY,
    INTERVAL,
    Progress,
    TerminalProgress,
    progress_for,
)


class Terminal(io.StringIO):
    """A terminal that records its output."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def not_in_a_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRE_COMMIT", raising=False)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    pytest.importorskip("rich")
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A clock that the test sets."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    yield now


def test_it_is_for_terminals() -> None:
    assert type(progress_for(Terminal())) is TerminalProgress
    assert type(progress_for(io.StringIO())) is Progress


def test_pre_commits_terminal_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert type(progress_for(Terminal())) is Progress


def test_nothing_is_shown_of_a_short_run(terminal: Terminal, clock: list[float]) -> None:
    progress = progress_for(terminal)
    for _ in range(1000):
        progress.searched()
    clock[0] += DELAY / 2
    progress.start_checking(3)
    progress.checked()
    progress.close()
    assert terminal.getvalue() == ""


def test_a_long_run_shows_how_far_it_is(terminal: Terminal, clock: list[float]) -> None:
    progress = progress_for(terminal)
    clock[0] += DELAY
    for _ in range(128):
        progress.searched()
    assert "64 files looked at" in terminal.getvalue()
    clock[0] += INTERVAL
    progress.start_checking(3)
    clock[0] += INTERVAL
    progress.checked()
    assert "1 of 3 files checked" in terminal.getvalue()
    progress.checked()
    assert "2 of 3 files checked" not in terminal.getvalue(), "that would be too often"
    progress.close()
    assert terminal.getvalue().endswith("\x1b[2K"), "the line is empty again"
