"""``estimator-lint reveal``: what an expression can be in each mode."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from estimator_lint.command_line.options import add_plugin_options, configuration_of
from estimator_lint.command_line.output import tell, write
from estimator_lint.command_line.place_argument import Place, parse_place
from estimator_lint.command_line.status import Status
from estimator_lint.command_line.viewing import NotShownError, revealed_at
from estimator_lint.configuration.failures import ConfigurationError
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.revealing.revealed import Revealed, RevealedExpression
    from estimator_lint.tensorflow_api.modes import Mode

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

#: Goes up when something that was there is gone, or means something else.
VERSION: Final = 1


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "reveal",
        help="show the possible values of an expression in each mode",
        description="Show the possible values of the innermost expression at a place in each mode,"
        " and whether the line runs. Without a column, show the names that the line assigns to, or"
        " else its main expression.",
        epilog="Exit status: 0, success; 2, there is nothing to show, or the usage is wrong.",
    )
    parser.add_argument(
        "place",
        metavar="FILE:LINE[:COLUMN]",
        help="lines and columns are counted from 1, as in findings; in a notebook,"
        " 'FILE:cell N:LINE[:COLUMN]'; the file may be - for standard input",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="(default: %(default)s)"
    )
    add_plugin_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Show what was asked for."""
    try:
        settings = configuration_of(options).settings
        asked = parse_place(options.place)
        found = revealed_at(asked.path, asked.cell, asked.line, asked.column, settings)
    except (ConfigurationError, NotShownError) as reason:
        tell(f"estimator-lint reveal: error: {reason}")
        return Status.COULD_NOT_RUN
    if options.format == "json":
        write(_as_json(asked, found))
    else:
        write("".join(_lines(found)))
    if not found.functions:
        what = "line" if asked.column is None else "place"
        tell(f"{options.place}: no model function reaches this {what}")
        return Status.COULD_NOT_RUN
    return Status.CLEAN


def _lines(found: Revealed) -> Iterator[str]:
    """A line for each expression; model functions are named if there are several."""
    several = len(found.functions) > 1
    for function in found.functions:
        if several:
            yield f"in {function.name}:\n"
        indentation = "  " * several
        for expression in function.expressions:
            yield f"{indentation}{in_words(expression)}\n"
        if not function.expressions:
            runs = [mode.name for mode, runs in function.runs.items() if runs]
            yield f"{indentation}this line runs in {', '.join(runs) or 'no mode'}\n"


def in_words(expression: RevealedExpression) -> str:
    """The values of an expression, mode by mode, on one line."""
    return f"{printable(expression.source)}: {' · '.join(_values(expression.values))}"


def _values(values: Mapping[Mode, str]) -> Iterator[str]:
    """The values of an expression in each mode, without repeating those of the mode before."""
    before: str | None = None
    for mode, value in values.items():
        yield f"{mode.name} {'the same' if value == before else value}"
        before = value


def _as_json(asked: Place, found: Revealed) -> str:
    from estimator_lint.json_output import to_json

    content: dict[str, Any] = {
        "version": VERSION,
        "file": asked.path,
        "cell": asked.cell,
        "line": asked.line,
        "column": None if asked.column is None else asked.column + 1,
        "functions": [
            {
                "name": function.name,
                "runs": {mode.name: runs for mode, runs in function.runs.items()},
                "expressions": list(map(_expression, function.expressions)),
            }
            for function in found.functions
        ],
    }
    return to_json(content)


def _expression(expression: RevealedExpression) -> dict[str, Any]:
    return {
        "source": expression.source,
        "cell": expression.cell,
        "line": expression.line,
        "column": expression.column + 1,
        "end_line": expression.end_line,
        "end_column": expression.end_column + 1,
        "values": {mode.name: value for mode, value in expression.values.items()},
    }
