"""A progress bar, shown on a terminal, and only after a while."""

from __future__ import annotations

import contextlib
import math
import os
import time
from typing import TYPE_CHECKING, TextIO

from estimator_lint.command_line.colors import in_color, is_dumb
from estimator_lint.command_line.output import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

#: Seconds of work before anything is shown, and between two changes of it.
DELAY = 1.0
INTERVAL = 0.1


class Progress:
    """Shows nothing; ``TerminalProgress`` shows what a run reports to it."""

    def searched(self) -> None:
        """A file was examined."""

    def start_checking(self, total: int) -> None:
        """All files were examined, and this many are to be checked."""

    def checked(self) -> None:
        """A file was checked."""

    def close(self) -> None:
        """Leave no trace; later progress is shown again."""


class TerminalProgress(Progress):
    """A bar on a terminal.

    Nothing is drawn by a thread: other processes may be forked from this one.
    """

    def __init__(self, stream: TextIO, *, colored: bool = True) -> None:
        self._stream = stream
        self._colored = colored
        self._next = time.monotonic() + DELAY
        self._searched = 0
        self._checked = 0
        self._total: int | None = None
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def searched(self) -> None:
        """A file was examined."""
        self._searched += 1
        # A look at the clock takes as long as much of the search.
        if self._searched % 64 == 0:
            self._show()

    def start_checking(self, total: int) -> None:
        """So many are to be checked."""
        self._total = total
        self._show()

    def checked(self) -> None:
        """A file was checked."""
        self._checked += 1
        self._show()

    def close(self) -> None:
        """Take the bar away; the next change brings it back."""
        if self._bar is not None:
            bar, self._bar = self._bar, None
            with contextlib.suppress(OSError):
                bar.stop()

    def _show(self) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + INTERVAL
        try:
            self._draw()
        except OSError:  # the terminal is gone
            self._next = math.inf

    def _draw(self) -> None:
        if self._bar is None:
            self._bar = _make_bar(self._stream, colored=self._colored)
            self._task = self._bar.add_task("", total=None)
            self._bar.start()
        assert self._task is not None
        text = f"{self._searched} files looked at"
        if self._total is not None:
            text = f"{self._checked} of {self._total} files checked"
        self._bar.update(
            self._task, description=text, total=self._total, completed=self._checked, refresh=True
        )


def _make_bar(stream: TextIO, *, colored: bool) -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    return Bar(
        BarColumn(),
        TextColumn("{task.description}"),
        console=Console(file=stream, color_system="auto" if colored else None),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def progress_for(stream: TextIO | None, color: str = "auto") -> Progress:
    """One that fits the stream, which is standard error, and ``--color``."""
    # pre-commit runs its hooks on a terminal, and shows what they wrote when they are done.
    if stream is None or not is_terminal(stream) or is_dumb() or "PRE_COMMIT" in os.environ:
        return Progress()
    return TerminalProgress(stream, colored=in_color(color, stream))
