"""A report that is written while it grows: findings as soon as their file is done."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from estimator_lint.checking import Problem
from estimator_lint.command_line.colors import console_for, in_color
from estimator_lint.command_line.formats import DOCUMENT_FORMATS
from estimator_lint.command_line.output import is_terminal, print_with, tell, write
from estimator_lint.command_line.progress import Progress
from estimator_lint.command_line.running import FileFindings, Report

if TYPE_CHECKING:
    from estimator_lint.command_line.baseline import Baseline
    from estimator_lint.command_line.fixing import Mender
    from estimator_lint.command_line.formats.as_text import Piece


class LiveReport(Report):
    """Writes what is reported to it.

    Args:
        format: one of ``FORMATS``.
        color: of ``--color``.
        progress: hidden while something is written.
        write_to: writes findings somewhere else than to standard output.
        quiet: say nothing besides the findings and what could not be checked.
        baseline: the findings that are known.
        silent: write no findings at all.
        full: explain findings in full.
        mender: mends what it can of each file before the rest is written.
        suggest: gives the findings of a file with the fixes for them.
    """

    def __init__(
        self,
        format: str,
        color: str,
        progress: Progress,
        *,
        write_to: Callable[[str], None] | None = None,
        quiet: bool = False,
        baseline: Baseline | None = None,
        silent: bool = False,
        full: bool = False,
        mender: Mender | None = None,
        suggest: Callable[[FileFindings], FileFindings] | None = None,
    ) -> None:
        super().__init__()
        self._format = format
        self._progress = progress
        self._write_to = write_to or write
        self._to_terminal = write_to is None and is_terminal(sys.stdout)
        self._in_color = color == "always" if write_to else in_color(color, sys.stdout)
        self._quiet = quiet
        self._baseline = baseline
        self._silent = silent
        self._full = full
        self._mender = mender
        self._suggest = suggest

    def found(self, file: FileFindings) -> None:
        """Write what was found in a file, if it is new."""
        everything = file.findings
        if self._baseline is not None:
            file = self._baseline.without_known(file)
            self.known += len(everything) - len(file.findings)
        if file.findings and self._mender is not None:
            known = [finding for finding in everything if finding not in file.findings]
            mended = self._mender.mend(file, known)
            if isinstance(mended, Problem):
                self.failed(mended)
            else:
                file = mended
        if not file.findings:
            return
        if self._suggest is not None:
            file = self._suggest(file)
        super().found(file)
        if self._silent or self._format in DOCUMENT_FORMATS:
            return
        if self._format == "text":
            from estimator_lint.command_line.formats.as_text import text_of

            self._write_pieces(text_of(file, full=self._full))
        else:
            self._write(_lines_of(file, self._format))

    def failed(self, problem: Problem) -> None:
        """Say what could not be checked."""
        super().failed(problem)
        if problem.is_failure or not self._quiet:
            self._tell(f"{problem.place}: {problem.message}")
        if self._format in ("github", "azure") and not self._silent:
            self._write(_problem_line(problem, self._format))

    def finish(self) -> None:
        """Write what comes at the end."""
        if self._silent:
            return
        if self._format in DOCUMENT_FORMATS:
            self._write(_document(self, self._format))
        elif self._format == "text" and not self._quiet:
            from estimator_lint.command_line.formats.as_text import summary

            self._write(summary(self))

    def interrupt(self) -> None:
        """Write the end of a document for an interrupted run."""
        self.problems.append(Problem(os.curdir, "the run was interrupted", was_read=False))
        if self._format in DOCUMENT_FORMATS:
            self.finish()

    def show_statistics(self) -> None:
        """Write how many findings there are of each code."""
        from estimator_lint.command_line.formats.as_text import statistics

        lines = statistics(self)
        if self._format in ("text", "concise"):
            self._write(lines)
        else:  # the output is for a program
            for line in lines.splitlines():
                self._tell(line)

    def _write_pieces(self, pieces: Iterable[Piece]) -> None:
        if not self._in_color:
            self._write("".join(piece for piece, _ in pieces))
            return
        from rich.text import Text

        styled = Text.assemble(*pieces)
        if self._to_terminal:
            self._progress.close()
            console = console_for(sys.stdout, colored=True, soft_wrap=True)
            print_with(console, [styled], end="")
            return
        text = io.StringIO()
        console_for(text, colored=True, soft_wrap=True).print(styled, end="")
        self._write(text.getvalue())

    def _write(self, text: str) -> None:
        if not text:
            return
        self._progress.close()
        self._write_to(text)

    def _tell(self, line: str) -> None:
        self._progress.close()
        tell(line)


def _lines_of(file: FileFindings, format: str) -> str:
    if format == "concise":
        from estimator_lint.command_line.formats.as_text import concise

        return concise(file)
    if format == "github":
        from estimator_lint.command_line.formats.as_github import github_lines

        return github_lines(file)
    from estimator_lint.command_line.formats.as_azure import azure_lines

    return azure_lines(file)


def _problem_line(problem: Problem, format: str) -> str:
    if format == "github":
        from estimator_lint.command_line.formats.as_github import github_problem

        return github_problem(problem)
    from estimator_lint.command_line.formats.as_azure import azure_problem

    return azure_problem(problem)


def _document(report: Report, format: str) -> str:
    if format == "json":
        from estimator_lint.command_line.formats.as_json import as_json

        return as_json(report)
    if format == "sarif":
        from estimator_lint.command_line.formats.as_sarif import as_sarif

        return as_sarif(report)
    if format == "gitlab":
        from estimator_lint.command_line.formats.as_gitlab import as_gitlab

        return as_gitlab(report)
    from estimator_lint.command_line.formats.as_junit import as_junit

    return as_junit(report)
