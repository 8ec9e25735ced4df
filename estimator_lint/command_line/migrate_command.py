"""``estimator-lint migrate``: what takes the place of an Estimator's parts in Keras."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from estimator_lint.command_line.colors import add_color_option
from estimator_lint.command_line.options import add_plugin_options, configuration_of
from estimator_lint.command_line.output import tell, write
from estimator_lint.command_line.status import Status
from estimator_lint.command_line.viewing import (
    NotShownError,
    add_to_migration,
    print_as_text,
    skeleton_in,
)
from estimator_lint.configuration.failures import ConfigurationError

if TYPE_CHECKING:
    from estimator_lint.migration.file_reports import Migration
    from estimator_lint.migration.migration_model import MigrationReport
    from estimator_lint.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_FORMATS: Final = ("text", "json", "html")


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "migrate",
        help="report what has to change to leave tf.estimator",
        description="Report for each model function what each mode builds and what takes its place"
        " in Keras, what has to be done by hand, and in which order to move the functions of a"
        " project. With --skeleton, write a keras.Model that does what one model function does.",
        epilog="Exit status: 0, all was reported or written; 2, something could not be, or the"
        " usage is wrong.",
    )
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a Python file, a notebook, a folder, or - for standard input",
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="html is one page that needs nothing else (default: %(default)s)",
    )
    parser.add_argument(
        "--skeleton",
        metavar="FUNCTION",
        help="instead of the report, write a keras.Model whose steps have the lines of this model"
        " function; PATH is one file, FUNCTION a name, a qualified name or NAME:LINE",
    )
    add_color_option(parser)
    add_plugin_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Report on what was asked for."""
    from estimator_lint.migration.file_reports import Migration

    try:
        configuration = configuration_of(options)
    except ConfigurationError as reason:
        tell(f"estimator-lint migrate: error: {reason}")
        return Status.COULD_NOT_RUN
    if options.skeleton is not None:
        return _write_skeleton(options, configuration.settings)
    from estimator_lint.command_line.running import files_of

    migration = Migration(configuration.settings)
    is_complete = True
    stdin_name = configuration.options.stdin_display_name if "-" in options.paths else None
    for name in sorted(files_of(configuration, options.paths)):
        path = "-" if name == stdin_name else name
        is_complete &= _add(migration, path, is_named=path in options.paths)
    report = migration.report()
    _show(report, options)
    return Status.CLEAN if _tell_failures(report) and is_complete else Status.COULD_NOT_RUN


def _write_skeleton(options: argparse.Namespace, settings: Settings) -> Status:
    try:
        if len(options.paths) != 1 or options.format != "text":
            raise NotShownError("--skeleton takes one file, and no --format")
        write(skeleton_in(options.paths[0], options.skeleton, settings))
    except NotShownError as reason:
        tell(f"estimator-lint migrate: error: {reason}")
        return Status.COULD_NOT_RUN
    return Status.CLEAN


def _add(migration: Migration, path: str, *, is_named: bool) -> bool:
    """Add a file to the report; whether all of it could be read."""
    try:
        broken = add_to_migration(path, migration, is_named=is_named)
    except NotShownError as reason:
        tell(str(reason))
        return False
    for cell in broken:
        tell(f"{path}:cell {cell.place.cell}:{cell.place.line}:{cell.column}: {cell.reason}")
    return not broken


def _tell_failures(report: MigrationReport) -> bool:
    """Say what could not be evaluated; whether all could."""
    from estimator_lint.modes_view.wording import line_text

    for file in report.files:
        for failure in file.failures:
            place = f"{file.path}:{line_text(failure.line, file.cells)}:{failure.column + 1}"
            tell(f"{place}: {failure.text}")
    return not any(file.failures for file in report.files)


def _show(report: MigrationReport, options: argparse.Namespace) -> None:
    if options.format == "json":
        from estimator_lint.migration.migration_json import as_json

        write(as_json(report))
    elif options.format == "html":
        from estimator_lint.migration.migration_page import as_html

        write(as_html(report))
    else:
        from estimator_lint.migration.migration_text import as_text

        print_as_text(as_text(report), options.color)
