"""The command line and flake8 report the same findings for published packages."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from tests.ecosystem.packages import CACHE, ROOT, Package

#: Required modes, so that there are findings to compare.
_OPTIONS = ["--isolated", "--estimator-require-modes=TRAIN,EVAL,PREDICT"]


def disagreements(packages: Sequence[Package]) -> list[str]:
    """The lines that only one of the two prints, each with the program."""
    folders = [str(package.folder(CACHE)) for package in packages]
    ours = _lines(["estimator_lint", "check", "--format=concise", *_OPTIONS, *folders])
    flake8 = _lines(["flake8", "--select=MFN", *_OPTIONS, *folders])
    print(f"\nestimator-lint check: {len(ours)} findings, flake8: {len(flake8)}")
    told = [f"only estimator-lint: {line}" for line in ours if line not in flake8]
    told += [f"only flake8: {line}" for line in flake8 if line not in ours]
    if not told and ours != flake8:
        told.append("estimator-lint and flake8 differ in the order of their findings")
    return told + [
        f"docs/command-line.md shows something else than {package.name} {package.version} gives"
        for package in packages
        if not _is_recorded(package)
    ]


def _is_recorded(package: Package) -> bool:
    """Whether the documented output for a package, if there is any, is the actual one."""
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    block = re.search(
        rf"<!-- recorded: {re.escape(package.name)} -->\n```console\n\$ (.*)\n((?:.*\n)*?)```", page
    )
    if block is None:
        return True
    command = [sys.executable, "-m", *block.group(1).replace("-lint", "_lint", 1).split()]
    finished = subprocess.run(
        [*command, "--isolated"], capture_output=True, cwd=package.folder(CACHE)
    )
    return finished.stdout.decode("utf-8") == block.group(2)


def _lines(arguments: Sequence[str]) -> list[str]:
    command = [sys.executable, "-m", *arguments]
    finished = subprocess.run(command, capture_output=True, cwd=tempfile.gettempdir())
    # Not everything in those packages is Python 3, which only one of the two reports.
    return finished.stdout.decode("utf-8").splitlines()
