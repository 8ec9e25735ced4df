"""``estimator-lint check``: the findings of flake8, without flake8's other checks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from estimator_lint.command_line.colors import add_color_option
from estimator_lint.command_line.formats import FORMATS
from estimator_lint.command_line.options import add_options, configuration_of
from estimator_lint.command_line.output import tell, write, written_to
from estimator_lint.command_line.status import Status
from estimator_lint.configuration.failures import ConfigurationError
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.configuration.project_settings import Configuration

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

#: Short ones have at most a dozen lines, full ones also all tests on the path.
EXPLANATIONS = ("short", "full")

#: Where ``--write-baseline`` writes to if nothing else is said.
DEFAULT_BASELINE = ".estimator-lint-baseline.json"


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check",
        help="report what is wrong with model functions",
        description="Check the model functions in Python files and notebooks, or in those below "
        "folders. Configured as flake8 is, and by [tool.estimator_lint] in pyproject.toml.",
        epilog="Exit status: 0, nothing was found; 1, something was; 2, something could not be "
        "checked, or the usage or configuration is wrong.",
    )
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="file, folder, or - (default: this folder)"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="(default: %(default)s)")
    parser.add_argument(
        "--explain",
        choices=EXPLANATIONS,
        default="short",
        help="how much text says of why a finding is true (default: %(default)s)",
    )
    add_color_option(parser)
    _add_output_options(parser)
    add_options(parser)
    parser.set_defaults(run=run)


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--output-file", metavar="FILE", help="write the findings to this file")
    add("-q", "--quiet", action="store_true", help="write nothing but findings and errors")
    add("--statistics", action="store_true", help="also count the findings of each code")
    add("--exit-zero", action="store_true", help="exit with 0 although something was found")
    add(
        "--write-baseline",
        action="store_true",
        help=f"write the findings to the file of --baseline (default: {DEFAULT_BASELINE}), to be"
        " left out from then on",
    )
    add(
        "--add-noqa",
        action="store_true",
        help="add a # noqa comment to the line of each finding",
    )
    add("--show-files", action="store_true", help="list the files that would be looked at")
    add("--show-settings", action="store_true", help="show the settings and where they are from")


def run(options: argparse.Namespace) -> Status:
    """Check, report, and say how it went."""
    try:
        return _run(options, configuration_of(options))
    except ConfigurationError as error:
        tell(f"estimator-lint check: error: {error}")
        return Status.COULD_NOT_RUN


def _run(options: argparse.Namespace, configuration: Configuration) -> Status:
    if options.show_settings:
        from estimator_lint.command_line.shown_settings import shown_settings

        write(shown_settings(configuration))
        return Status.CLEAN
    if options.show_files:
        from estimator_lint.command_line.running import files_of

        for path in sorted(files_of(configuration, options.paths)):
            write(f"{printable(path)}\n")
        return Status.CLEAN
    if options.output_file is None:
        return _check(options, configuration)
    with written_to(options.output_file) as write_to:
        return _check(options, configuration, write_to)


def _check(
    options: argparse.Namespace,
    configuration: Configuration,
    write_to: Callable[[str], None] | None = None,
) -> Status:
    from estimator_lint.command_line.live_report import LiveReport
    from estimator_lint.command_line.progress import Progress, progress_for
    from estimator_lint.command_line.running import run_checks

    progress = Progress() if options.quiet else progress_for(sys.stderr, options.color)
    baseline = None
    if configuration.baseline and not options.write_baseline:
        from estimator_lint.command_line.baseline import Baseline

        baseline = Baseline.read(configuration.baseline)
    changes = options.write_baseline or options.add_noqa
    report = LiveReport(
        options.format,
        options.color,
        progress,
        write_to=write_to,
        quiet=options.quiet,
        baseline=baseline,
        silent=changes,
        full=options.explain == "full",
    )
    try:
        run_checks(configuration, options.paths, progress, report=report)
    except KeyboardInterrupt:
        report.interrupt()
        raise
    finally:
        progress.close()
    report.finish()
    if options.statistics:
        report.show_statistics()
    if options.write_baseline:
        from estimator_lint.command_line.baseline import write_baseline

        write_baseline(configuration.baseline or DEFAULT_BASELINE, report)
    elif options.add_noqa:
        from estimator_lint.command_line.add_noqa import add_noqa

        add_noqa(report)
    elif baseline is not None and not options.quiet:
        baseline.tell_gone(report)
    if report.failures:
        return Status.COULD_NOT_RUN
    return Status.FINDINGS if report.count and not (changes or options.exit_zero) else Status.CLEAN
