"""Reading what there is to see of the model functions of a file, or of a place in it."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from estimator_lint.command_line.output import is_terminal, print_with, write
from estimator_lint.configuration.reading import read_bytes

if TYPE_CHECKING:
    from rich.console import RenderableType

    from estimator_lint.migration.file_reports import Migration
    from estimator_lint.modes_view.model import FileView
    from estimator_lint.notebooks.module import BrokenCell, Notebook
    from estimator_lint.revealing.revealed import Revealed
    from estimator_lint.settings import Settings


#: The width of the output if no terminal reports one.
_WIDTH: Final = 100


class NotShownError(Exception):
    """The requested view can't be shown; the text says why."""


def view_of(path: str, settings: Settings) -> tuple[FileView, list[BrokenCell]]:
    """The model functions of a file, and the cells of a notebook that are not in it.

    Raises:
        NotShownError: it can't be read or parsed.
    """
    from estimator_lint.modes_view.building import view_file

    with reading(path) as (shown, (text, notebook)):
        cells = tuple(notebook.cells) if notebook else ()
        view = view_file(text, shown, settings, cells)
        return view, notebook.broken if notebook else []


def revealed_at(
    path: str, cell: int | None, line: int, column: int | None, settings: Settings
) -> Revealed:
    """The values at a place; ``column`` is 0-based, ``line`` counts in the cell if there is one.

    Raises:
        NotShownError: the file can't be read or parsed, or has no such cell.
    """
    from estimator_lint.revealing.in_notebooks import reveal_in_cell
    from estimator_lint.revealing.reveal import reveal_in

    with reading(path) as (shown, (text, notebook)):
        if notebook is None:
            if cell is not None:
                raise NotShownError(f"{shown}: only notebooks have cells")
            return reveal_in(text, shown, line, column, settings)
        found = reveal_in_cell(notebook, shown, cell, line, column, settings)
    if found is None:
        where = f"no line {line} in a code cell {cell}" if cell else "no cell given"
        raise NotShownError(f"{shown}: {where}")
    return found


def add_to_migration(path: str, migration: Migration, *, is_named: bool) -> list[BrokenCell]:
    """Add a file to a report on migration; the cells of a notebook that are not in it.

    A file that is not named and has nothing of TensorFlow is not parsed.

    Raises:
        NotShownError: it can't be read or parsed.
    """
    with reading(path) as (shown, (text, notebook)):
        migration.add(text, shown, tuple(notebook.cells) if notebook else (), is_named=is_named)
        return notebook.broken if notebook else []


def skeleton_in(path: str, function: str, settings: Settings) -> str:
    """A ``keras.Model`` that does what a model function of a file does, as the text of a module.

    Raises:
        NotShownError: the file can't be read or parsed, or there is no such function.
    """
    from estimator_lint.migration.skeleton.selection import SkeletonError
    from estimator_lint.migration.skeleton.writing import skeleton_of

    with reading(path) as (shown, (text, _)):
        try:
            return skeleton_of(text, shown, function, settings)
        except SkeletonError as reason:
            raise NotShownError(f"{shown}: {reason}") from reason


@contextlib.contextmanager
def reading(path: str) -> Iterator[tuple[str, tuple[str, Notebook | None]]]:
    """The name, the text and the notebook of a file; what fails within becomes our own error.

    Raises:
        NotShownError: it can't be read or parsed.
    """
    from estimator_lint.command_line.selected_files import STDIN_NAME
    from estimator_lint.notebooks.document import NotebookError
    from estimator_lint.syntax.syntax_errors import syntax_problem

    shown = STDIN_NAME if path == "-" else path
    text = ""
    try:
        text, notebook = _read(path)
        yield shown, (text, notebook)
    except NotShownError:
        raise
    except OSError as error:
        raise NotShownError(f"{shown}: {error.strerror or error}") from error
    except NotebookError as error:
        place = ":".join(str(part) for part in (shown, error.line, error.column) if part)
        raise NotShownError(f"{place}: {error}") from error
    except SyntaxError as error:
        place = ":".join(str(part) for part in (shown, error.lineno, error.offset) if part)
        reason = syntax_problem(error, text.splitlines())
        raise NotShownError(f"{place}: {reason}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = " ".join(str(error).split()) or "nested too deeply"
        raise NotShownError(f"{shown}: {type(error).__name__}: {reason}") from error
    except Exception as error:
        reason = " ".join(f"internal error ({type(error).__name__}: {error})".split())
        raise NotShownError(f"{shown}: {reason}") from error


def _read(path: str) -> tuple[str, Notebook | None]:
    from estimator_lint.checking import lines_of
    from estimator_lint.notebooks.module import read_notebook
    from estimator_lint.notebooks.naming import is_notebook

    data = read_bytes(path)
    if is_notebook(path):
        notebook = read_notebook(data)
        return "".join(notebook.lines), notebook
    return "".join(lines_of(data)), None


def print_as_text(renderables: Iterable[RenderableType], color: str) -> None:
    """Print what a console lays out, in 100 columns if there is no terminal with a width."""
    from estimator_lint.command_line.colors import console_for, in_color

    colored = in_color(color, sys.stdout)
    columns = int(os.environ.get("COLUMNS", "0")) or None
    if is_terminal(sys.stdout):
        print_with(console_for(sys.stdout, colored=colored, width=columns), renderables)
        return
    printed = io.StringIO()
    console = console_for(printed, colored=colored, width=columns or _WIDTH)
    for renderable in renderables:
        console.print(renderable)
    write("".join(f"{line.rstrip()}\n" for line in printed.getvalue().splitlines()))
