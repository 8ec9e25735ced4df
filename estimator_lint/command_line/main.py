"""The argument parser with all commands, and the way into them."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from estimator_lint.command_line import check, clean, explain
from estimator_lint.command_line import migrate_command as migrate
from estimator_lint.command_line import modes_command as modes
from estimator_lint.command_line import report_command as report
from estimator_lint.command_line import reveal_command as reveal
from estimator_lint.command_line.output import discard_output, tell
from estimator_lint.command_line.parser import Parser
from estimator_lint.command_line.status import Status
from estimator_lint.configuration.failures import OutputError
from estimator_lint.version import VERSION

#: The modules of the commands, in the order in which help shows them.
_COMMANDS = (check, modes, reveal, report, migrate, explain, clean)


class Command(Protocol):
    """A module with a command."""

    def register(self, commands: argparse._SubParsersAction[Any]) -> None:
        """Add the command to the parser."""


def make_parser(further_commands: Iterable[Command] = ()) -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = Parser(
        prog="estimator-lint",
        description="Check TensorFlow Estimator model functions mode by mode (TRAIN, EVAL, PREDICT)"
        " without running them.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (*_COMMANDS, *further_commands):
        command.register(commands)
    return parser


def main(
    arguments: Sequence[str] | None = None, *, further_commands: Iterable[Command] = ()
) -> int:
    """Run a command; the exit status.

    Args:
        arguments: default: those of the program.
        further_commands: what other packages than this one add.
    """
    for name in ("COLUMNS", "LINES"):
        # rich highlights everything that Python calls a digit as a number.
        if not re.fullmatch("[0-9]{1,5}", os.environ.get(name, "0")):
            del os.environ[name]
    try:
        if sys.stdout is None:
            raise OutputError("standard output is closed")
        options = make_parser(further_commands).parse_args(arguments)
        run: Callable[[argparse.Namespace], Status] = options.run
        return run(options)
    except BrokenPipeError:
        discard_output()
        return Status.COULD_NOT_RUN
    except OutputError as error:
        discard_output()
        tell(f"estimator-lint: error: {error}")
        return Status.COULD_NOT_RUN
    except MemoryError:
        tell("estimator-lint: error: out of memory")
        return Status.COULD_NOT_RUN
    except KeyboardInterrupt:
        tell("estimator-lint: interrupted")
        return Status.COULD_NOT_RUN
