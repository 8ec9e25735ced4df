"""``estimator-lint modes``: what a model function does in each mode."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from estimator_lint.command_line.colors import add_color_option, console_for, in_color
from estimator_lint.command_line.options import add_plugin_options, configuration_of
from estimator_lint.command_line.status import Status

if TYPE_CHECKING:
    from estimator_lint.modes_view.model import FileView
    from estimator_lint.notebooks.module import BrokenCell, Notebook
    from estimator_lint.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_FORMATS: Final = ("text", "json", "html")

#: Columns of the table where no terminal tells how many there are.
_WIDTH: Final = 100


class _NotShownError(Exception):
    """What was asked for can't be shown; the text says why."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "modes",
        help="show which spec fields each mode sets",
        description="Show for each model function of a file or notebook which spec fields each mode"
        " sets, on which paths, and which lines it never runs.",
        epilog="Exit status: 0, it was shown; 2, something could not be, or the usage is wrong.",
    )
    parser.add_argument(
        "target",
        metavar="PATH[:FUNCTION]",
        help="a Python file, a notebook, or - for standard input; and the name of one function",
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="html is one page that needs nothing else (default: %(default)s)",
    )
    add_color_option(parser)
    add_plugin_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Show what was asked for."""
    from estimator_lint.command_line.configuration import ConfigurationError

    path, name = _split(options.target)
    try:
        view, broken = _view(path, configuration_of(options).settings)
        view = _only(view, name)
    except (ConfigurationError, _NotShownError) as reason:
        print(f"estimator-lint modes: error: {reason}", file=sys.stderr)
        return Status.COULD_NOT_RUN
    if not view.functions and not view.failures:
        print(f"{view.path}: no model function", file=sys.stderr)
    if view.functions or options.format != "text":
        _show(view, options.format, options.color)
    from estimator_lint.modes_view.wording import line_text

    for failure in view.failures:  # whatever the format
        place = f"{view.path}:{line_text(failure.line, view.cells)}:{failure.column + 1}"
        print(f"{place}: {failure.message}", file=sys.stderr)
    for cell in broken:
        place = f"{view.path}:cell {cell.place.cell}:{cell.place.line}:{cell.column}"
        print(f"{place}: not shown: {cell.reason}", file=sys.stderr)
    return Status.COULD_NOT_RUN if view.failures or broken else Status.CLEAN


def _split(target: str) -> tuple[str, str]:
    """The path and the name of the function, which may be empty."""
    path, colon, name = target.rpartition(":")
    if colon and path and re.fullmatch(r"[^\W\d][\w.]*", name) and not os.path.exists(target):
        return path, name
    return target, ""


def _view(path: str, settings: Settings) -> tuple[FileView, list[BrokenCell]]:
    from estimator_lint.command_line.files import STDIN_NAME
    from estimator_lint.modes_view.building import view_file
    from estimator_lint.notebooks.document import NotebookError
    from estimator_lint.syntax_errors import syntax_problem

    shown = STDIN_NAME if path == "-" else path
    text = ""
    try:
        text, notebook = _read(path)
        cells = tuple(notebook.cells) if notebook else ()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the source: another one's business
            view = view_file(text, shown, settings, cells)
        return view, notebook.broken if notebook else []
    except OSError as error:
        raise _NotShownError(f"{shown}: {error.strerror or error}") from error
    except NotebookError as error:
        place = ":".join(str(part) for part in (shown, error.line, error.column) if part)
        raise _NotShownError(f"{place}: {error}") from error
    except SyntaxError as error:
        place = ":".join(str(part) for part in (shown, error.lineno, error.offset) if part)
        reason = syntax_problem(error, text.splitlines())
        raise _NotShownError(f"{place}: {reason}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = " ".join(str(error).split()) or "nested too deeply"
        raise _NotShownError(f"{shown}: {type(error).__name__}: {reason}") from error
    except Exception as error:
        reason = " ".join(f"internal error ({type(error).__name__}: {error})".split())
        raise _NotShownError(f"{shown}: {reason}") from error


def _read(path: str) -> tuple[str, Notebook | None]:
    from estimator_lint.command_line.checking import lines_of
    from estimator_lint.notebooks.module import is_notebook, read_notebook

    if path == "-":
        data = sys.stdin.buffer.read()
    else:
        with open(path, "rb") as file:
            data = file.read()
    if is_notebook(path):
        notebook = read_notebook(data)
        return "".join(notebook.lines), notebook
    return "".join(lines_of(data)), None


def _only(view: FileView, name: str) -> FileView:
    """The view of the functions of that name; of all where it is empty."""
    if not name:
        return view
    chosen = tuple(each for each in view.functions if f".{each.name}".endswith(f".{name}"))
    if not chosen:
        names = ", ".join(each.name for each in view.functions)
        there = f"has only {names}" if names else "has none"
        raise _NotShownError(f"{view.path}: no model function {name!r}; the file {there}")
    return replace(view, functions=chosen, failures=())


def _show(view: FileView, wanted: str, color: str) -> None:
    from estimator_lint.command_line.output import write

    if wanted == "json":
        from estimator_lint.modes_view.as_json import as_json

        write(as_json(view))
    elif wanted == "html":
        from estimator_lint.modes_view.as_html import as_html

        write(as_html(view))
    else:
        _show_text(view, color)


def _show_text(view: FileView, color: str) -> None:
    from estimator_lint.command_line.output import write
    from estimator_lint.modes_view.as_text import as_text

    is_terminal = sys.stdout.isatty()
    width = os.environ.get("COLUMNS", "")
    columns = int(width) if width.isdecimal() and int(width) else None if is_terminal else _WIDTH
    console = console_for(
        sys.stdout if is_terminal else io.StringIO(),
        colored=in_color(color, sys.stdout),
        width=columns,
    )
    for renderable in as_text(view):
        console.print(renderable)
    if isinstance(console.file, io.StringIO):
        lines = console.file.getvalue().splitlines()
        write("".join(f"{line.rstrip()}\n" for line in lines))
