"""``estimator-lint report``: a small example of a finding, to paste into a report about it."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from estimator_lint.command_line.options import add_plugin_options, configuration_of
from estimator_lint.command_line.output import tell, write
from estimator_lint.command_line.place_argument import Place, parse_place
from estimator_lint.command_line.status import Status
from estimator_lint.command_line.viewing import NotShownError, reading
from estimator_lint.configuration.failures import ConfigurationError
from estimator_lint.version import VERSION

if TYPE_CHECKING:
    from estimator_lint.findings import Finding
    from estimator_lint.notebooks.module import Notebook
    from estimator_lint.reduction.example import Example
    from estimator_lint.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "report",
        help="write a small example of a finding, for a bug report",
        description="Write a small program that has the same finding for the same reason, with all"
        " comments removed and names and strings replaced, to paste into an issue.",
        epilog="Exit status: 0, success; 2, there is no such finding, it cannot be reduced to an"
        " example, or the usage is wrong.",
    )
    parser.add_argument(
        "place",
        metavar="FILE:LINE[:COLUMN]",
        help="the place of the finding, as it is reported; in a notebook,"
        " 'FILE:cell N:LINE[:COLUMN]'; the file may be - for standard input",
    )
    parser.add_argument("--code", help="which of several findings at that place")
    parser.add_argument("--keep-names", action="store_true", help="keep names and strings")
    parser.add_argument(
        "--max-evaluations",
        metavar="N",
        type=_positive_number,
        default=2_000,
        help="lint at most this many smaller programs (default: %(default)s)",
    )
    add_plugin_options(parser)
    parser.set_defaults(run=run)


def _positive_number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 10 and int(word)):
        raise argparse.ArgumentTypeError(f"{word!r} is not a positive number")
    return int(word)


def run(options: argparse.Namespace) -> Status:
    """Write the example that was asked for."""
    try:
        settings = configuration_of(options).settings
        place = parse_place(options.place)
        example, before = _example(place, settings, options)
    except (ConfigurationError, NotShownError) as reason:
        tell(f"estimator-lint report: error: {reason}")
        return Status.COULD_NOT_RUN
    header = "".join(_header(example))
    write(header + example.text)
    after = example.text.count("\n")
    tell(f"reduced from {before} lines to {after}; {example.evaluations} programs were linted")
    if not example.is_smallest:
        tell(
            f"stopped by --max-evaluations={options.max_evaluations}: "
            "the example may not be minimal"
        )
    if example.kept_words:
        words = ", ".join(map(repr, example.kept_words))
        tell(f"names and strings kept because the finding depends on them: {words}")
    return Status.CLEAN


def _example(place: Place, settings: Settings, options: argparse.Namespace) -> tuple[Example, int]:
    """The example, and how many lines the file has."""
    from estimator_lint.linting import lint_text
    from estimator_lint.reduction.example import NoExampleError, make_example

    with reading(place.path) as (shown, (text, notebook)):
        line = _line_in_module(place, shown, notebook)
        findings = [each for each in lint_text(text, shown, settings) if each.line == line]
        finding = _chosen(findings, place, options.code)
        try:
            example = make_example(
                text,
                finding,
                settings,
                filename=shown,
                keep_names=options.keep_names,
                limit=options.max_evaluations,
            )
        except NoExampleError as reason:
            raise NotShownError(f"{options.place}: {finding.code}: {reason}") from reason
    return example, text.count("\n")


def _line_in_module(place: Place, shown: str, notebook: Notebook | None) -> int:
    if notebook is None:
        if place.cell is not None:
            raise NotShownError(f"{shown}: only notebooks have cells")
        return place.line
    for number, first, last in notebook.cells:
        if number == place.cell and place.line <= last - first + 1:
            return first + place.line - 1
    where = f"no line {place.line} in a code cell {place.cell}" if place.cell else "no cell given"
    raise NotShownError(f"{shown}: {where}")


def _chosen(findings: Sequence[Finding], place: Place, code: str | None) -> Finding:
    """The finding that is meant.

    Raises:
        NotShownError: there is none, or more than one.
    """
    chosen = [
        each
        for each in findings
        if place.column in (None, each.column) and code in (None, each.code)
    ]
    where = f"{place.path}:{place.line}"
    if not chosen:
        others = ", ".join(f"{each.code} at column {each.column + 1}" for each in findings)
        raise NotShownError(f"{where}: no such finding" + (f", but {others}" if others else ""))
    if len(chosen) > 1:
        several = ", ".join(f"{each.code} at column {each.column + 1}" for each in chosen)
        raise NotShownError(f"{where}: several findings ({several}); give --code or the column")
    return chosen[0]


def _header(example: Example) -> Iterator[str]:
    """Comments that say what the example shows, with what."""
    options = " ".join(_options(example.settings))
    line = example.finding.line + (2 if options else 1)
    with_what = f"estimator-lint {VERSION}, Python {platform.python_version()}"
    yield f"# {with_what}; line {line}: {example.finding.message}\n"
    if options:
        yield f"# options: {options}\n"


def _options(settings: Settings) -> Iterator[str]:
    """The options that say what the defaults do not."""
    from estimator_lint.settings import Settings as Defaults

    defaults = Defaults()
    if settings.model_fn_globs != defaults.model_fn_globs:
        yield f"--estimator-model-fns={','.join(dict.fromkeys(settings.model_fn_globs))}"
    if settings.decorators != defaults.decorators:
        yield f"--estimator-decorators={','.join(dict.fromkeys(settings.decorators))}"
    if settings.require_modes:
        modes = ",".join(sorted(mode.name for mode in settings.require_modes))
        yield f"--estimator-require-modes={modes}"
    if settings.tensorflow_version is not None:
        yield f"--estimator-tf-version={settings.tensorflow_version}"
    if settings.hints:
        yield "--estimator-hints"
