"""The argument parser with all commands, and the way into them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from estimator_lint import __version__
from estimator_lint.command_line import check, explain, modes
from estimator_lint.command_line.output import nobody_reads
from estimator_lint.command_line.parser import Parser
from estimator_lint.command_line.status import Status

#: The modules of the commands, in the order in which help shows them.
_COMMANDS = (check, modes, explain)


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = Parser(
        prog="estimator-lint",
        description="Check TensorFlow Estimator model functions mode by mode (TRAIN, EVAL, PREDICT)"
        " without running them.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    options = make_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], Status] = options.run
    try:
        return run(options)
    except BrokenPipeError:
        nobody_reads()
        return Status.COULD_NOT_RUN
    except KeyboardInterrupt:
        print("estimator-lint: interrupted", file=sys.stderr)
        return Status.COULD_NOT_RUN
