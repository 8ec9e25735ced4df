"""``estimator-lint check``: the findings of flake8, without flake8's other checks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from estimator_lint.command_line.status import Status

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("check", help="say what is wrong with model functions")
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="(Default: .)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Status:
    """Check all files below the paths."""
    status = Status.CLEAN
    for name in options.paths:
        for path in _python_files(Path(name)):
            status = max(status, _check_file(path))
    return status


def _python_files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(path.rglob("*.py"))
    else:
        yield path


def _check_file(path: Path) -> Status:
    import tokenize

    from estimator_lint.linting import lint_text

    try:
        with tokenize.open(path) as file:
            findings = lint_text(file.read(), str(path))
    except (OSError, SyntaxError, ValueError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return Status.COULD_NOT_RUN
    for finding in findings:
        print(f"{path}:{finding.line}:{finding.column + 1}: {finding.message}")
    return Status.FINDINGS if findings else Status.CLEAN
