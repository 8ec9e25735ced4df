"""Checking one file: its bytes in, its findings or the reason why not out.

No bytes make it raise.
"""

from __future__ import annotations

import argparse
import ast
import io
import tokenize
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from flake8.defaults import NOQA_FILE
from flake8.processor import FileProcessor

from estimator_lint.discovery.text_prefilter import may_hold_model_functions
from estimator_lint.findings import Finding
from estimator_lint.flake8_plugin import findings_in
from estimator_lint.notebooks.naming import is_notebook
from estimator_lint.process_settings import raise_interrupt
from estimator_lint.settings import Settings
from estimator_lint.syntax.parsed_text import module_tree
from estimator_lint.syntax.syntax_errors import syntax_problem

if TYPE_CHECKING:
    from estimator_lint.kept_findings import Cache
    from estimator_lint.notebooks.module import BrokenCell, CellPlace, Notebook


@dataclass(frozen=True)
class Problem:
    """Why something was not checked, or not changed afterwards.

    Attributes:
        path: of what was not checked, or not changed.
        text: the reason; for what was checked, also what was not done.
        line: where in the file, 1-based, if anywhere; in a notebook, in the cell.
        column: 1-based.
        is_failure: the user would want to know that the run was not complete.
        cell: the cell of a notebook.
        was_read: it is a file that could be read.
        was_checked: only a change of it failed.
    """

    path: str
    text: str
    line: int | None = None
    column: int | None = None
    is_failure: bool = True
    cell: CellPlace | None = None
    was_read: bool = True
    was_checked: bool = False

    @property
    def summary(self) -> str:
        """What was not done, in two words."""
        return "not changed" if self.was_checked else "not checked"

    @property
    def message(self) -> str:
        """What was not done, and why."""
        return self.text if self.was_checked else f"{self.summary}: {self.text}"

    @property
    def place(self) -> str:
        """The path, and where in the file."""
        numbers = [number for number in (self.line, self.column) if number is not None]
        cell = [f"cell {self.cell.cell}"] if self.cell is not None else []
        return ":".join([self.path, *cell, *map(str, numbers)])


@dataclass(frozen=True)
class LocatedFinding:
    """A finding with the text in which flake8 looks for ``# noqa``."""

    finding: Finding
    noqa_text: str | None


@dataclass
class CheckedFile:
    """The result of checking one file.

    Attributes:
        path: its name.
        findings: what was found, sorted.
        lines: those of the file with their ends, if anything was found.
        problem: why it could not be checked.
        notebook: of a notebook, the module that ``lines`` are.
        was_known: the findings are those of an earlier run.
    """

    path: str
    findings: list[LocatedFinding] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    problem: Problem | None = None
    notebook: Notebook | None = None
    was_known: bool = False

    @property
    def was_parsed(self) -> bool:
        """Whether the file was analysed, except for cells of a notebook that could not be."""
        return self.problem is None or self.problem.cell is not None


def bytes_may_matter(path: str, data: bytes, settings: Settings) -> bool:
    """A test of the bytes that is never wrong when it says no.

    In all encodings that Python takes, ASCII characters are what they are in Latin-1.
    """
    if not all(name.isascii() for name in (*settings.model_fn_globs, *settings.decorators)):
        return True
    if is_notebook(path) and rb"\u00" in data:  # JSON may write any character so
        return True
    return may_hold_model_functions(data.decode("latin-1"), settings)


#: From the index of a file, its lines and its path to its findings; never raises.
Find: TypeAlias = "Callable[[ast.Module, list[str], str, Settings], list[Finding]]"


@dataclass(frozen=True)
class Checker:
    """Checks files one by one, as flake8 would with this plugin alone.

    Attributes:
        options: flake8's.
        settings: the plugin's.
        cache: what earlier runs found.
        find: finds the faults of a file that can be parsed; None to do it as flake8 does.
    """

    options: argparse.Namespace
    settings: Settings
    cache: Cache | None = None
    find: Find | None = None

    def check(self, path: str, data: bytes) -> CheckedFile:
        """The findings in a file of that content."""
        try:
            if self.cache is None or is_notebook(path):
                return self._check(path, data)
            return self._known(path, data, self.cache) or self._remembered(path, data, self.cache)
        except Exception as error:  # any error: the other files are still checked
            raise_interrupt(error)
            reason = f"internal error ({type(error).__name__}: {error})"
            return CheckedFile(path, problem=Problem(path, " ".join(reason.split())))

    def _known(self, path: str, data: bytes, cache: Cache) -> CheckedFile | None:
        """The findings of an earlier run in the file."""
        result = cache.get(path, data)
        if result is None:
            return None
        findings = [LocatedFinding(*each) for each in result.findings]
        lines = FileProcessor(path, self.options, lines=lines_of(data)).lines if findings else []
        return CheckedFile(path, findings, lines, was_known=True)

    def _remembered(self, path: str, data: bytes, cache: Cache) -> CheckedFile:
        """The findings of the file, kept for the next run."""
        from estimator_lint.kept_findings import Result, may_pass
        from estimator_lint.project.disk import recorded

        with recorded() as answers:
            checked = self._check(path, data)
        if checked.problem is None and not any(may_pass(each.finding) for each in checked.findings):
            found = tuple((each.finding, each.noqa_text) for each in checked.findings)
            cache.put(path, data, answers, Result(found))
        return checked

    def check_text(self, path: str, text: str) -> CheckedFile:
        """The findings in a Python file of that text."""
        return self.check_lines(path, io.StringIO(text, newline=None).readlines())

    def check_lines(self, path: str, lines: list[str]) -> CheckedFile:
        """The findings in a Python file of these lines, which have their ends."""
        return self._check_lines(CheckedFile(path), lines)

    def _check(self, path: str, data: bytes) -> CheckedFile:
        result = CheckedFile(path)
        if is_notebook(path):
            from estimator_lint.notebooks.document import NotebookError
            from estimator_lint.notebooks.module import read_notebook

            try:
                result.notebook = read_notebook(data)
            except NotebookError as error:
                # One that is named may have nothing to do with model functions.
                is_failure = error.is_failure and bytes_may_matter(path, data, self.settings)
                result.problem = Problem(path, str(error), error.line, error.column, is_failure)
                return result
            if bytes_may_matter(path, data, self.settings):
                result.problem = _broken_cells(path, result.notebook.broken)
        lines = lines_of(data) if result.notebook is None else result.notebook.lines
        return self._check_lines(result, lines)

    def _check_lines(self, result: CheckedFile, lines: list[str]) -> CheckedFile:
        path = result.path
        processor = FileProcessor(path, self.options, lines=lines)
        text = "".join(processor.lines)
        if not may_hold_model_functions(text, self.settings) or self._is_ignored(processor):
            return result
        try:
            tree = module_tree(text)
        except SyntaxError as error:
            reason = syntax_problem(error, processor.lines)
            result.problem = Problem(path, reason, error.lineno, error.offset)
            return result
        except (ValueError, RecursionError, MemoryError) as error:
            reason = str(error) or "nested too deeply"
            result.problem = Problem(path, f"{type(error).__name__}: {reason}")
            return result
        for finding in (self.find or findings_in)(tree, processor.lines, path, self.settings):
            noqa_text = processor.noqa_line_for(finding.line)
            result.findings.append(LocatedFinding(finding, noqa_text))
        if result.findings:
            result.lines = processor.lines
        return result

    def _is_ignored(self, processor: FileProcessor) -> bool:
        """Whether a comment silences the whole file.

        flake8's own test also looks for the comment after code, to warn of it, and takes forever on
        a line with thousands of blanks.
        """
        return not self.options.disable_noqa and any(map(NOQA_FILE.match, processor.lines))


def _broken_cells(path: str, broken: list[BrokenCell]) -> Problem | None:
    if not broken:
        return None
    first, *others = broken
    text = first.reason
    if others:
        text += f"; nor cell {', '.join(str(cell.place.cell) for cell in others)}"
    return Problem(path, text, first.place.line, first.column, cell=first.place)


def lines_of(data: bytes) -> list[str]:
    """The lines of a file in its own encoding, or else in Latin-1, as flake8 reads them."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return io.TextIOWrapper(io.BytesIO(data), encoding).readlines()
    except (LookupError, SyntaxError, UnicodeError):
        return io.TextIOWrapper(io.BytesIO(data), "latin-1").readlines()
