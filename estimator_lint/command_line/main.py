"""The argument parser with all commands, and the way into them."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from estimator_lint import __version__
from estimator_lint.command_line import check, explain, modes
from estimator_lint.command_line.failures import OutputError
from estimator_lint.command_line.output import discard_output, tell, write
from estimator_lint.command_line.status import Status
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

#: The modules of the commands, in the order in which help shows them.
_COMMANDS = (check, modes, explain)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints quote nothing that a terminal would obey.

    That its help can't be written it reports, as of anything else.
    """

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is sys.stdout:
            write(message)
        else:
            super()._print_message(message, file)

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = _Parser(
        prog="estimator-lint",
        description="Tell which mode of a TensorFlow Estimator model function lacks what.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    for name in ("COLUMNS", "LINES"):
        # rich takes whatever Python calls a digit for a number.
        if not re.fullmatch("[0-9]{1,5}", os.environ.get(name, "0")):
            del os.environ[name]
    try:
        if sys.stdout is None:
            raise OutputError("standard output is closed")
        options = make_parser().parse_args(arguments)
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
