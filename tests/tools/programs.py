"""The programs under test, as installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: The folder with the programs of this environment, flake8 with the plugin among them.
SCRIPTS = Path(sys.executable).parent


def program(name: str, package: str = "") -> str:
    """The path of a program; if it is not installed, the test is skipped.

    Args:
        name: the program.
        package: the package to install, if its name differs from the program's.
    """
    path = shutil.which(name, path=search_path())
    if path is None:
        pytest.skip(f"{package or name} is not installed")
    return path


def search_path() -> str:
    """PATH, beginning with this environment."""
    return os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", "")])


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """Environment variables for a program, without the settings of the user who runs the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PRE_COMMIT", "PYTEST_", "RUFF_", "XDG_"))
    }
    return {**kept, "PATH": search_path(), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", **more}


def run(
    command: Sequence[str | Path],
    folder: Path,
    *,
    status: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """The output of ``command``, standard error included.

    Args:
        command: program and arguments.
        folder: the folder in which it runs.
        status: the expected exit status, if it is known.
        environment: variables to add.
    """
    finished = subprocess.run(
        command,
        cwd=folder,
        env=surroundings(environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=240,
    )
    output = finished.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
    assert status is None or finished.returncode == status, output
    assert "Traceback" not in output, output
    return output
