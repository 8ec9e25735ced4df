"""``estimator-lint modes``: what a model function does in each mode."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from estimator_lint.command_line.failures import ConfigurationError
from estimator_lint.command_line.options import add_plugin_options, configuration_of
from estimator_lint.command_line.output import is_terminal, print_with, tell, write
from estimator_lint.command_line.reading import read_bytes
from estimator_lint.command_line.status import Status

if TYPE_CHECKING:
    from estimator_lint.modes_view.model import FileView
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
        help="show which mode gives what to its spec",
        description="Show for each model function of a file which fields each mode gives to its"
        " spec, on which paths, and which lines it never runs.",
        epilog="Exit status: 0, it was shown; 2, something could not be, or the usage is wrong.",
    )
    parser.add_argument(
        "target",
        metavar="PATH[:FUNCTION]",
        help="a Python file, or - for standard input; and the name of one function of it",
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="html is one page that needs nothing else (default: %(default)s)",
    )
    add_plugin_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Show what was asked for."""
    path, name = _split(options.target)
    try:
        view = _only(_view(path, configuration_of(options).settings), name)
    except (ConfigurationError, _NotShownError) as reason:
        tell(f"estimator-lint modes: error: {reason}")
        return Status.COULD_NOT_RUN
    if not view.functions and not view.failures:
        tell(f"{view.path}: no model function")
    if view.functions or options.format != "text":
        _show(view, options.format)
    for failure in view.failures:  # whatever the format
        place = f"{view.path}:{failure.line}:{failure.column + 1}"
        tell(f"{place}: {failure.message}")
    return Status.COULD_NOT_RUN if view.failures else Status.CLEAN


def _split(target: str) -> tuple[str, str]:
    """The path and the name of the function, which may be empty."""
    path, colon, name = target.rpartition(":")
    if colon and path and re.fullmatch(r"[^\W\d][\w.]*", name) and not os.path.exists(target):
        return path, name
    return target, ""


def _view(path: str, settings: Settings) -> FileView:
    from estimator_lint.command_line.files import STDIN_NAME
    from estimator_lint.modes_view.building import view_file

    shown = STDIN_NAME if path == "-" else path
    try:
        return view_file(_read(path), shown, settings)
    except OSError as error:
        raise _NotShownError(f"{shown}: {error.strerror or error}") from error
    except SyntaxError as error:
        place = ":".join(str(part) for part in (shown, error.lineno, error.offset) if part)
        raise _NotShownError(f"{place}: SyntaxError: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = " ".join(str(error).split()) or "nested too deeply"
        raise _NotShownError(f"{shown}: {type(error).__name__}: {reason}") from error
    except Exception as error:
        reason = " ".join(f"internal error ({type(error).__name__}: {error})".split())
        raise _NotShownError(f"{shown}: {reason}") from error


def _read(path: str) -> str:
    from estimator_lint.command_line.checking import lines_of

    return "".join(lines_of(read_bytes(path)))


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


def _show(view: FileView, wanted: str) -> None:
    if wanted == "json":
        from estimator_lint.modes_view.as_json import as_json

        write(as_json(view))
    elif wanted == "html":
        from estimator_lint.modes_view.as_html import as_html

        write(as_html(view))
    else:
        _show_text(view)


def _show_text(view: FileView) -> None:
    from rich.console import Console

    from estimator_lint.modes_view.as_text import as_text

    if is_terminal(sys.stdout):
        print_with(Console(highlight=False, emoji=False), as_text(view))
        return
    columns = int(os.environ.get("COLUMNS", "0")) or _WIDTH
    printed = io.StringIO()
    console = Console(file=printed, width=columns, highlight=False, emoji=False)
    for renderable in as_text(view):
        console.print(renderable)
    write("".join(f"{line.rstrip()}\n" for line in printed.getvalue().splitlines()))
