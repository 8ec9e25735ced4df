"""The linter as a library: what ``import estimator_lint`` offers.

Linted code is never imported or run, and no configuration file is read.  Modules that are
slow to import are imported when they are first needed.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from estimator_lint.findings import Event, Finding, Step
from estimator_lint.modes_view.model import FunctionView
from estimator_lint.revealing.revealed import Revealed
from estimator_lint.settings import Settings

if TYPE_CHECKING:
    import argparse

    from estimator_lint.checking import CheckedFile, Checker
    from estimator_lint.notebooks.module import Notebook


_AnyPlace = TypeVar("_AnyPlace", Event, Finding, Step)


class CannotCheckError(Exception):
    """Something could not be checked.

    Attributes:
        path: of what could not be checked.
        reason: why, on one line.
        line, column: the place in the file, 1-based, if there is one; in a notebook, in a cell.
    """

    def __init__(
        self, path: str, reason: str, line: int | None = None, column: int | None = None
    ) -> None:
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {reason}")
        self.path = path
        self.reason = reason
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[type[CannotCheckError], tuple[object, ...]]:
        return type(self), (self.path, self.reason, self.line, self.column)


def check_text(
    text: str,
    path: str = "<text>",
    settings: Settings | None = None,
    *,
    respect_noqa: bool = True,
) -> list[Finding]:
    """The findings in the text of a Python file, in the order of their places.

    Args:
        text: the whole text.
        path: its path, from which imports of the project's other modules are resolved.
        settings: the options; default: their defaults.
        respect_noqa: leave out what a ``# noqa`` comment silences.

    Raises:
        CannotCheckError: the text can't be parsed.
    """
    return _findings(_checker(settings, respect_noqa).check_text(path, text), respect_noqa)


def check_file(
    path: str | os.PathLike[str],
    settings: Settings | None = None,
    *,
    respect_noqa: bool = True,
) -> list[Finding]:
    """The findings in a Python file or a Jupyter notebook, in the order of their places.

    In a notebook, ``cell`` is the cell of a finding or step, and ``line`` is counted within it.

    Args:
        path: of the file.
        settings: the options; default: their defaults.
        respect_noqa: leave out what a ``# noqa`` comment silences.

    Raises:
        OSError: the file can't be read.
        CannotCheckError: it, or a cell of it, can't be parsed.
    """
    from estimator_lint.configuration.reading import read_file

    data = read_file(os.fspath(path))
    return _findings(_checker(settings, respect_noqa).check(os.fspath(path), data), respect_noqa)


def modes_of(
    path: str | os.PathLike[str], settings: Settings | None = None, *, text: str | None = None
) -> tuple[FunctionView, ...]:
    """What each model function of a file does in each mode, in the order of the file.

    Functions that could not be analysed are not among them.

    Args:
        path: of a Python file or a Jupyter notebook.
        settings: the options; default: their defaults.
        text: the text of a Python file, if it differs from the disk.

    Raises:
        OSError: the file can't be read.
        CannotCheckError: it, or a cell of it, can't be parsed.
    """
    from estimator_lint.checking import lines_of
    from estimator_lint.configuration.reading import read_file
    from estimator_lint.modes_view.building import view_file

    name = os.fspath(path)
    cells: tuple[tuple[int, int, int], ...] = ()
    if text is None:
        data = read_file(name)
        if _is_notebook(name):
            notebook = _notebook(name, data)
            text, cells = "".join(notebook.lines), tuple(notebook.cells)
        else:
            text = "".join(lines_of(data))
    with _parsing(name):
        return view_file(text, name, settings or Settings(), cells).functions


def _is_notebook(name: str) -> bool:
    from estimator_lint.notebooks.naming import is_notebook

    return is_notebook(name)


def _notebook(name: str, data: bytes) -> Notebook:
    """The module of a notebook, if all of its cells can be parsed."""
    from estimator_lint.notebooks.document import NotebookError
    from estimator_lint.notebooks.module import read_notebook

    try:
        notebook = read_notebook(data)
    except NotebookError as error:
        raise CannotCheckError(name, str(error), error.line, error.column) from error
    for broken in notebook.broken:
        raise CannotCheckError(name, broken.reason, broken.place.line, broken.column)
    return notebook


@contextlib.contextmanager
def _parsing(name: str) -> Iterator[None]:
    """Turn the errors of Python's parser into ``CannotCheckError``."""
    try:
        yield
    except SyntaxError as error:
        raise CannotCheckError(name, error.msg, error.lineno, error.offset) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise CannotCheckError(name, str(error) or "nested too deeply") from error


def reveal(
    text: str,
    filename: str,
    line: int,
    column: int | None = None,
    settings: Settings | None = None,
) -> Revealed:
    """The possible values of an expression in each mode, and whether its line runs.

    Args:
        text: of a Python file.
        filename: its path, from which imports of the project's other modules are resolved.
        line: 1-based.
        column: 0-based, in code points: the innermost expression there.  Without it, the
            names that the statement on the line assigns, or else its main expression.
        settings: the options; default: their defaults.

    Raises:
        CannotCheckError: the text can't be parsed.
    """
    from estimator_lint.revealing.reveal import reveal_in

    with _parsing(filename):
        return reveal_in(text, filename, line, column, settings or Settings())


def reveal_file(
    path: str | os.PathLike[str],
    line: int,
    column: int | None = None,
    settings: Settings | None = None,
    *,
    cell: int | None = None,
) -> Revealed:
    """The same for a Python file or a Jupyter notebook.

    Args:
        path: of the file.
        line: 1-based; in a notebook, in the cell.
        column: 0-based, in code points, or None.
        settings: the options; default: their defaults.
        cell: of a notebook, the number of the cell among all cells, from 1 on.

    Raises:
        OSError: the file can't be read.
        CannotCheckError: it, or a cell of it, can't be parsed, or the notebook has no such cell.
    """
    from estimator_lint.checking import lines_of
    from estimator_lint.configuration.reading import read_file
    from estimator_lint.revealing.in_notebooks import reveal_in_cell

    name = os.fspath(path)
    data = read_file(name)
    if not _is_notebook(name):
        return reveal("".join(lines_of(data)), name, line, column, settings)
    notebook = _notebook(name, data)
    with _parsing(name):
        found = reveal_in_cell(notebook, name, cell, line, column, settings or Settings())
    if found is None:
        raise CannotCheckError(name, f"there is no line {line} in a code cell {cell}")
    return found


def _checker(settings: Settings | None, respect_noqa: bool) -> Checker:
    from estimator_lint.checking import Checker

    return Checker(_flake8_options(respect_noqa), settings or Settings())


@functools.cache
def _flake8_options(respect_noqa: bool) -> argparse.Namespace:
    from estimator_lint.configuration.project_settings import read_configuration

    overrides = [] if respect_noqa else ["--disable-noqa"]
    return read_configuration(overrides, isolated=True).options


def _findings(file: CheckedFile, respect_noqa: bool) -> list[Finding]:
    from flake8.violation import Violation

    problem = file.problem
    if problem is not None and (problem.is_failure or not file.was_parsed):
        raise CannotCheckError(file.path, problem.text, problem.line, problem.column)
    kept = [
        located.finding
        for located in file.findings
        if not Violation(
            located.finding.code,
            file.path,
            located.finding.line,
            located.finding.column,
            located.finding.text,
            located.noqa_text,
        ).is_inline_ignored(not respect_noqa)
    ]
    if file.notebook is not None:
        return [_in_cell(finding, file.notebook) for finding in kept]
    return kept


def _in_cell(finding: Finding, notebook: Notebook) -> Finding:
    witnesses = tuple(
        replace(
            witness,
            events=tuple(_place_in_cell(event, notebook) for event in witness.events),
            steps=tuple(_place_in_cell(step, notebook) for step in witness.steps),
        )
        for witness in finding.witnesses
    )
    return replace(_place_in_cell(finding, notebook), witnesses=witnesses)


def _place_in_cell(place: _AnyPlace, notebook: Notebook) -> _AnyPlace:
    start, end = notebook.place(place.line), notebook.place(place.end_line)
    return replace(place, line=start.line, cell=start.cell, end_line=end.line)
