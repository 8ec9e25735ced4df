"""Lints the Python files and notebooks of a folder over a Dask cluster.

    python lint_corpus.py FOLDER                            # processes of this machine
    python lint_corpus.py FOLDER --scheduler tcp://HOST:8786

Every worker has to see the folder under the same path, and to have estimator-lint installed.
A batch whose worker dies is linted again by another.  Exit status: 0, nothing was found;
1, something was; 2, some file could not be checked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dask.distributed import Client, LocalCluster, as_completed

from estimator_lint import CannotCheckError, check_file

#: Enough work to be worth sending, and not too much to lose with a worker.
FILES_IN_A_BATCH = 50


def lint_batch(paths: Sequence[str]) -> tuple[list[tuple[str, int, int, str]], list[str]]:
    """The findings in some files (path, line, column, message), and what was not checked.

    Runs on a worker.  Lines and columns are counted from 1; in a notebook, in its module.
    """
    found: list[tuple[str, int, int, str]] = []
    problems: list[str] = []
    for path in paths:
        try:
            found += [
                (path, finding.line, finding.column + 1, finding.message)
                for finding in check_file(path)
            ]
        except (OSError, CannotCheckError) as reason:
            problems.append(f"{path}: {reason}")
    return found, problems


def lint_corpus(client: Client, paths: Sequence[str]) -> Iterator[Any]:
    """What ``lint_batch`` says of the files, batch by batch, as the batches are done."""
    batches = [
        paths[start : start + FILES_IN_A_BATCH] for start in range(0, len(paths), FILES_IN_A_BATCH)
    ]
    # Files may change between two runs, so that nothing is taken from an earlier one.
    futures = client.map(lint_batch, batches, pure=False)
    for _, result in as_completed(futures, with_results=True):
        yield result


def main() -> int:
    """Print what is found, sorted; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scheduler", help="address; default: a cluster on this machine")
    options = parser.parse_args()
    folder = options.folder.resolve()
    files = [path for pattern in ("*.py", "*.ipynb") for path in folder.rglob(pattern)]
    cluster = options.scheduler or LocalCluster(threads_per_worker=1, dashboard_address=None)
    with Client(cluster) as client:
        results = list(lint_corpus(client, sorted(map(str, files))))
    findings = sorted(finding for found, _ in results for finding in found)
    problems = sorted(problem for _, told in results for problem in told)
    for path, line, column, message in findings:
        print(f"{path}:{line}:{column}: {message}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 2 if problems else 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
