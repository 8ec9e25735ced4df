"""``estimator-lint clean``: the cache of ``check``, removed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from estimator_lint.command_line.output import tell, write
from estimator_lint.command_line.status import Status
from estimator_lint.printable import printable

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "clean",
        help="delete the cache",
        description="Delete the results that 'check' keeps on disk for unchanged files.",
    )
    parser.add_argument("--cache-dir", metavar="FOLDER", help="folder of the cache")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Remove it, and say what that was."""
    from estimator_lint.kept_findings import clear, default_folder

    folder = options.cache_dir or default_folder()
    try:
        count, total = clear(folder) if folder else (0, 0)
    except (OSError, ValueError) as error:  # a ValueError: the path has a null character
        reason = getattr(error, "strerror", None) or error
        tell(f"estimator-lint clean: error: {folder}: {reason}")
        return Status.COULD_NOT_RUN
    noun = "entry" if count == 1 else "entries"
    write(f"{printable(folder)}: {count} {noun} removed ({total / 1_000_000:.1f} MB)\n")
    return Status.CLEAN
