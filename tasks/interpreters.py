"""Looking for Pythons on this machine: on PATH, and among pyenv's versions."""

import glob
import os
import re
import shutil
import subprocess
import sys
from typing import Iterator, List, Optional, Tuple

from tasks.commands import output_of

Version = Tuple[int, int]
#: The Pythons that the project is tested on.
OLDEST, NEWEST = (3, 10), (3, 13)
#: dev.py also looks for later ones by name, up to this minor version.
LAST_NAMED = 16


class Python:
    """An interpreter that was found on this machine."""

    def __init__(self, path: str, version: Version) -> None:
        self.path = path
        self.version = version

    @property
    def label(self) -> str:
        """Its part in the names of environments."""
        return "py%d.%d" % self.version


def possible_interpreters() -> Iterator[str]:
    """Paths where a Python may be, the one that runs this file first."""
    yield sys.executable
    minors = range(LAST_NAMED, 6, -1)
    names = ["python3.%d" % minor for minor in minors] + ["python3", "python"]
    for name in names:
        for folder in os.get_exec_path():
            path = shutil.which(name, path=folder)
            if path:
                yield path
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser(os.path.join("~", ".pyenv")))
    for pattern in ("versions/*/bin/python", "pyenv-win/versions/*/python.exe"):
        paths = glob.glob(os.path.join(pyenv, *pattern.split("/")))
        yield from sorted(paths, key=numbers_in, reverse=True)


def numbers_in(path: str) -> List[int]:
    """The numbers in a text, for sorting by version: 3.10 comes after 3.9."""
    return [int(number) for number in re.findall("[0-9]+", path)]


def version_of(path: str) -> Optional[Version]:
    """The version of the CPython at ``path``; None if it doesn't run (a bare pyenv shim)."""
    question = (
        "import platform, sys; assert platform.python_implementation() == 'CPython';"
        "print('%d.%d' % sys.version_info[:2])"
    )
    try:
        answer = output_of([path, "-c", question], timeout=60)
        major, minor = answer.split(".")
        return int(major), int(minor)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def fitting_interpreters(oldest: Version, newest: Version) -> Iterator[Python]:
    """Interpreters from ``oldest`` to ``newest``, without duplicates, in order of preference.

    If ``newest`` is just the newest version that the project is tested on, later ones follow: they
    may work.
    """
    later = []
    seen = set()
    for path in possible_interpreters():
        if path in seen:
            continue
        seen.add(path)
        version = version_of(path)
        if version is None or version < oldest:
            continue
        if version <= newest:
            yield Python(path, version)
        elif newest == NEWEST:
            later.append(Python(path, version))
    yield from later
