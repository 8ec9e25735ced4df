"""The program ``estimator-lint``: all of its commands."""

from __future__ import annotations

from collections.abc import Sequence

from estimator_lint.command_line.main import main as run_command
from estimator_lint.language_server import command as server


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    return run_command(arguments, further_commands=[server])
