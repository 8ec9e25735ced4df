"""``estimator-lint check``: the findings of flake8, without flake8's other checks."""

from __future__ import annotations

import argparse
import functools
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
    from estimator_lint.command_line.baseline import Baseline
    from estimator_lint.command_line.running import Report
    from estimator_lint.configuration.project_settings import Configuration

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

#: Short ones have at most a dozen lines, full ones also all tests on the path.
EXPLANATIONS = ("short", "full")

#: The formats that have room for fixes.
SUGGESTING_FORMATS = ("text", "json", "sarif")

#: Where ``--write-baseline`` writes to if nothing else is said.
DEFAULT_BASELINE = ".estimator-lint-baseline.json"


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check",
        help="report faults in model functions",
        description="Check model functions in Python files and notebooks; folders are searched "
        "recursively. Settings come from flake8's configuration files and from "
        "[tool.estimator_lint] in pyproject.toml.",
        epilog="Exit status: 0, no findings; 1, findings; 2, something could not be checked, "
        "or the usage or configuration is wrong.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="file, folder, or - for standard input (default: the current folder)",
    )
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=FORMATS, default="text", help="(default: %(default)s)")
    output.add_argument(
        "--explain",
        choices=EXPLANATIONS,
        default="short",
        help="how much of each explanation the text format shows (default: %(default)s)",
    )
    add_color_option(output)
    _add_output_options(output)
    _add_fixing_options(parser.add_argument_group("fixes"))
    _add_options_of_known_findings(parser.add_argument_group("known findings"))
    add_options(parser)
    _add_running_options(parser)
    parser.set_defaults(run=run)


def _add_output_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--output-file", metavar="FILE", help="write the findings to this file")
    add("-q", "--quiet", action="store_true", help="print findings and errors only")
    add("--statistics", action="store_true", help="also print the number of findings for each code")
    add("--exit-zero", action="store_true", help="exit with status 0 even if there are findings")


def _add_fixing_options(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--fix", action="store_true", help="apply fixes that change nothing but the fault")
    add(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: include fixes that may change behavior",
    )
    add(
        "--diff",
        action="store_true",
        help="print the changes that --fix would make, without making them",
    )
    add(
        "--suggest-fixes",
        action="store_true",
        help="show the fixes for each finding, also those that you have to choose or complete",
    )
    add(
        "--exit-non-zero-on-fix",
        action="store_true",
        help="exit with status 1 if --fix changed something",
    )


def _add_options_of_known_findings(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--baseline", metavar="FILE", help="ignore the findings recorded in this file")
    add(
        "--write-baseline",
        action="store_true",
        help=f"record the findings in the --baseline file (default: {DEFAULT_BASELINE}); "
        "later runs with --baseline ignore them",
    )
    add(
        "--add-noqa",
        action="store_true",
        help="add a # noqa comment to the line of each finding",
    )


def _add_running_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--no-cache", action="store_true", help="do not read or write the cache of earlier results")
    add(
        "--cache-dir",
        metavar="FOLDER",
        help="folder of the cache (default: in the user's cache folder)",
    )
    add("--show-files", action="store_true", help="list the files that would be checked, and exit")
    add(
        "--show-settings",
        action="store_true",
        help="print the settings and where they come from, and exit",
    )


def run(options: argparse.Namespace) -> Status:
    """Check, report, and say how it went."""
    try:
        _refuse_contradictions(options)
        return _run(options, configuration_of(options))
    except ConfigurationError as error:
        tell(f"estimator-lint check: error: {error}")
        return Status.COULD_NOT_RUN


def _refuse_contradictions(options: argparse.Namespace) -> None:
    """Raise a ``ConfigurationError`` for options that make no sense together."""
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise ConfigurationError("--unsafe-fixes requires --fix or --diff")
    if (options.fix or options.diff) and (options.write_baseline or options.add_noqa):
        one = "--fix" if options.fix else "--diff"
        other = "--write-baseline" if options.write_baseline else "--add-noqa"
        raise ConfigurationError(f"{one} and {other} cannot be used together")
    if options.suggest_fixes and options.format not in SUGGESTING_FORMATS:
        formats = f"{', '.join(SUGGESTING_FORMATS[:-1])} or {SUGGESTING_FORMATS[-1]}"
        raise ConfigurationError(f"--suggest-fixes requires --format {formats}")
    for name in ("diff", "write_baseline", "add_noqa"):
        if options.suggest_fixes and getattr(options, name):
            other = f"--{name.replace('_', '-')}"
            raise ConfigurationError(f"--suggest-fixes and {other} cannot be used together")


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
    configuration.cache_folder = _cache_folder(options)
    if options.output_file is None:
        return _check(options, configuration)
    with written_to(options.output_file) as write_to:
        return _check(options, configuration, write_to)


def _cache_folder(options: argparse.Namespace) -> str:
    from estimator_lint.kept_findings import default_folder, is_switched_off

    if options.no_cache or (is_switched_off() and not options.cache_dir):
        return ""
    return str(options.cache_dir or default_folder())


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
    mender = None
    if options.fix or options.diff:
        from estimator_lint.command_line.fixing import Mender

        write_diff = (write_to or write) if options.diff else None
        mender = Mender.of(configuration, options.unsafe_fixes, write_diff)
    suggest = None
    if options.suggest_fixes:
        from estimator_lint.command_line.suggested_fixes import with_fixes

        suggest = functools.partial(with_fixes, settings=configuration.settings)
    report = LiveReport(
        options.format,
        options.color,
        progress,
        write_to=write_to,
        quiet=options.quiet,
        baseline=baseline,
        full=options.explain == "full",
        silent=_writes_comments_or_baseline(options) or options.diff,
        mender=mender,
        suggest=suggest,
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
    _follow_up(options, configuration, report, baseline)
    if mender is not None and not options.quiet:
        mender.tell_fixed()
    return _status(options, report, has_fixed=mender is not None and bool(mender.fixed))


def _follow_up(
    options: argparse.Namespace,
    configuration: Configuration,
    report: Report,
    baseline: Baseline | None,
) -> None:
    """Perform the actions that options request after all files have been checked."""
    if options.write_baseline:
        from estimator_lint.command_line.baseline import write_baseline

        write_baseline(configuration.baseline or DEFAULT_BASELINE, report)
    elif options.add_noqa:
        from estimator_lint.command_line.add_noqa import add_noqa

        add_noqa(report)
    elif baseline is not None and not options.quiet:
        baseline.tell_gone(report)


def _writes_comments_or_baseline(options: argparse.Namespace) -> bool:
    return bool(options.write_baseline or options.add_noqa)


def _status(options: argparse.Namespace, report: Report, *, has_fixed: bool) -> Status:
    if report.failures:
        return Status.COULD_NOT_RUN
    if has_fixed and (options.diff or options.exit_non_zero_on_fix):
        return Status.FINDINGS
    if options.diff or options.exit_zero or _writes_comments_or_baseline(options):
        return Status.CLEAN
    return Status.FINDINGS if report.count else Status.CLEAN
