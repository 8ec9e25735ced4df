"""Who gets to see how far a run is."""

from __future__ import annotations

import io

import pytest

from estimator_lint.command_line.progress import Progress, TerminalProgress, progress_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRE_COMMIT", raising=False)
    assert type(progress_for(Terminal())) is TerminalProgress


def test_a_file_does_not_get_it() -> None:
    assert type(progress_for(io.StringIO())) is Progress


def test_pre_commits_terminal_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert type(progress_for(Terminal())) is Progress
