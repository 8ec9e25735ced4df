"""``estimator-lint check``: the findings of flake8, without flake8's other checks."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from estimator_lint.command_line.failures import ConfigurationError
from estimator_lint.command_line.formats import FORMATS
from estimator_lint.command_line.options import add_options, configuration_of
from estimator_lint.command_line.output import is_terminal, print_with, tell, write
from estimator_lint.command_line.status import Status

if TYPE_CHECKING:
    from estimator_lint.command_line.running import Report

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check",
        help="say what is wrong with model functions",
        description="Tell what is wrong with the model functions in files, or in the Python files "
        "below folders. Configured as flake8 is, and by [tool.estimator_lint] in pyproject.toml.",
        epilog="Exit status: 0, nothing was found; 1, something was; 2, something could not be "
        "checked, or the usage or configuration is wrong.",
    )
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="file, folder, or - (default: this folder)"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="(default: %(default)s)")
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="for text"
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Check, report, and say how it went."""
    from estimator_lint.command_line.progress import progress_for
    from estimator_lint.command_line.running import run_checks

    progress = progress_for(sys.stderr)
    try:
        configuration = configuration_of(options)
        report = run_checks(configuration, options.paths, progress)
    except ConfigurationError as error:
        progress.close()
        tell(f"estimator-lint check: error: {error}")
        return Status.COULD_NOT_RUN
    finally:
        progress.close()
    _tell_problems(report)
    _tell_findings(report, options)
    return _status(report)


def _status(report: Report) -> Status:
    if any(problem.is_failure for problem in report.problems):
        return Status.COULD_NOT_RUN
    return Status.FINDINGS if report.count else Status.CLEAN


def _tell_problems(report: Report) -> None:
    for problem in report.problems:
        numbers = [number for number in (problem.line, problem.column) if number is not None]
        place = ":".join([problem.path, *map(str, numbers)])
        tell(f"{place}: not checked: {problem.text}")


def _tell_findings(report: Report, options: argparse.Namespace) -> None:
    if options.format == "text":
        _tell_text(report, options.color)
    else:
        write(_formatted(report, options.format))


def _formatted(report: Report, name: str) -> str:
    if name == "json":
        from estimator_lint.command_line.formats.as_json import as_json

        return as_json(report)
    if name == "sarif":
        from estimator_lint.command_line.formats.as_sarif import as_sarif

        return as_sarif(report)
    if name == "github":
        from estimator_lint.command_line.formats.as_github import as_github

        return as_github(report)
    from estimator_lint.command_line.formats.as_text import concise

    return concise(report)


def _tell_text(report: Report, color: str) -> None:
    from estimator_lint.command_line.formats.as_text import text

    if color == "never" or (color == "auto" and not is_terminal(sys.stdout)):
        write("".join(piece for piece, _ in text(report)))
        return
    from rich.console import Console
    from rich.text import Text

    forced: dict[str, Any] = {"force_terminal": True} if color == "always" else {}
    console = Console(soft_wrap=True, highlight=False, emoji=False, **forced)
    print_with(console, [Text.assemble(*text(report))], end="")
