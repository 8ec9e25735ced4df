"""``estimator-lint modes``: what a model function does in each mode."""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from estimator_lint.command_line.colors import add_color_option
from estimator_lint.command_line.options import add_plugin_options, configuration_of
from estimator_lint.command_line.output import tell, write
from estimator_lint.command_line.status import Status
from estimator_lint.command_line.viewing import NotShownError, print_as_text, view_of
from estimator_lint.configuration.failures import ConfigurationError

if TYPE_CHECKING:
    from estimator_lint.configuration.project_settings import Configuration
    from estimator_lint.modes_view.model import FileView

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_FORMATS: Final = ("text", "json", "html")


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "modes",
        help="show which spec fields each mode sets",
        description="For each model function of a file or notebook, show which spec fields each"
        " mode sets, on which paths, and which lines it never runs. For several files or a folder,"
        " show one line for each function.",
        epilog="Exit status: 0, success; 2, something could not be shown, or the usage is wrong.",
    )
    parser.add_argument(
        "targets",
        nargs="+",
        metavar="PATH[:FUNCTION]",
        help="a Python file, a notebook, or - for standard input, optionally with the name of one"
        " function; several files or folders give an overview",
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="html writes one self-contained page (default: %(default)s)",
    )
    add_color_option(parser)
    add_plugin_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Show what was asked for."""
    try:
        configuration = configuration_of(options)
        if len(options.targets) > 1 or os.path.isdir(options.targets[0]):
            return _show_overview(options, configuration)
        path, name = _split(options.targets[0])
        view, broken = view_of(path, configuration.settings)
        view = _only(view, name)
    except (ConfigurationError, NotShownError) as reason:
        tell(f"estimator-lint modes: error: {reason}")
        return Status.COULD_NOT_RUN
    if not view.functions and not view.failures:
        tell(f"{view.path}: no model function")
    if view.functions or options.format != "text":
        _show(view, options.format, options.color)
    from estimator_lint.modes_view.wording import line_text

    for failure in view.failures:  # in every format
        place = f"{view.path}:{line_text(failure.line, view.cells)}:{failure.column + 1}"
        tell(f"{place}: {failure.message}")
    for cell in broken:
        place = f"{view.path}:cell {cell.place.cell}:{cell.place.line}:{cell.column}"
        tell(f"{place}: not shown: {cell.reason}")
    return Status.COULD_NOT_RUN if view.failures or broken else Status.CLEAN


def _show_overview(options: argparse.Namespace, configuration: Configuration) -> Status:
    from estimator_lint.command_line.modes_overview import Overview

    if options.format == "html":
        raise NotShownError("--format html shows one file")
    overview = Overview(configuration, options.targets)
    if options.format == "json":
        write(overview.as_json())
    else:
        print_as_text([overview.as_table()], options.color)
    return Status.COULD_NOT_RUN if overview.is_incomplete else Status.CLEAN


def _split(target: str) -> tuple[str, str]:
    """The path and the name of the function, which may be empty."""
    path, colon, name = target.rpartition(":")
    if colon and path and re.fullmatch(r"[^\W\d][\w.]*", name) and not os.path.exists(target):
        return path, name
    return target, ""


def _only(view: FileView, name: str) -> FileView:
    """The view of the functions of that name; of all where it is empty."""
    if not name:
        return view
    chosen = tuple(each for each in view.functions if f".{each.name}".endswith(f".{name}"))
    if not chosen:
        names = ", ".join(each.name for each in view.functions)
        there = f"has only {names}" if names else "has none"
        raise NotShownError(f"{view.path}: no model function {name!r}; the file {there}")
    return replace(view, functions=chosen, failures=())


def _show(view: FileView, wanted: str, color: str) -> None:
    if wanted == "json":
        from estimator_lint.modes_view.json_view import as_json

        write(as_json(view))
    elif wanted == "html":
        from estimator_lint.modes_view.page import as_html

        write(as_html(view))
    else:
        _show_text(view, color)


def _show_text(view: FileView, color: str) -> None:
    from estimator_lint.modes_view.text_view import as_text

    print_as_text(as_text(view), color)
