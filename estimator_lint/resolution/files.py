"""Where the modules of a project are: by file path, from the linted file, never by ``sys.path``.

Python would look for modules in the folders of ``sys.path``, of which a linter knows
nothing.  They are guessed: the folder that holds the linted file's package, and the
folders around it up to the root of the project, each with a ``src`` in it.
"""

from __future__ import annotations

import os
import stat
import sys
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

#: Larger files are data, not what somebody wrote.
MAX_BYTES = 1_000_000

#: Folders above the linted file that are looked at.
_MAX_LEVELS = 24

#: What stands in the root of a project.
_MARKERS = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg", "tox.ini", ".flake8")

#: Below these, each package is a project of its own.
_INSTALLED = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True)
class Location:
    """A module or package of the project.

    Attributes:
        file: the file with its text; None of a namespace package.
        folders: of a package the folders that its modules are in.
    """

    file: str | None
    folders: tuple[str, ...] = ()

    @property
    def short_name(self) -> str:
        """Its name without those of the packages that it is in."""
        if self.folders:
            return os.path.basename(self.folders[0])
        return os.path.splitext(os.path.basename(self.file or ""))[0]


class Folders:
    """The folders in which the modules of one project are looked for.

    Args:
        filename: the linted file.
        source_roots: the folders that absolute imports start from; empty: to be guessed.
    """

    def __init__(self, filename: str, source_roots: Sequence[str] = ()) -> None:
        self._own = os.path.dirname(os.path.abspath(filename))
        base = _package_root(self._own)
        top = _project_root(base)
        self._top_level = ""
        if source_roots:
            self._roots = [os.path.abspath(root) for root in source_roots]
        else:
            self._roots = _guessed_roots(self._own, base, top)
            if os.path.basename(base) in _INSTALLED:
                relative = os.path.relpath(os.path.abspath(filename), base)
                self._top_level = os.path.splitext(relative.split(os.sep)[0])[0]
        self._limits = tuple(os.path.realpath(folder) for folder in (top, *self._roots))

    def top_level(self, name: str) -> Location | None:
        """The module or package that ``import name`` means."""
        if name in sys.stdlib_module_names or (self._top_level and name != self._top_level):
            return None
        return self._in_folders(name, self._roots)

    def submodule(self, package: Location, name: str) -> Location | None:
        """The module or package ``name`` of ``package``."""
        return self._in_folders(name, package.folders)

    def package_of(self, file: str, level: int) -> Location | None:
        """What ``level`` dots in an import of ``file`` mean."""
        folder = os.path.dirname(file)
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return self._package(folder) if self._is_inside(folder) else None

    def _in_folders(self, name: str, folders: Sequence[str]) -> Location | None:
        portions = []
        for folder in folders:
            path = os.path.join(folder, name)
            found = self._package(path)
            if found is not None and found.file is not None:
                return found
            if _is_file(path + ".py"):
                return Location(path + ".py")
            portions += [] if found is None else [path]
        return Location(None, tuple(portions)) if portions else None

    def _package(self, folder: str) -> Location | None:
        if not os.path.isdir(folder):
            return None
        init = os.path.join(folder, "__init__.py")
        return Location(init if _is_file(init) else None, (folder,))

    def text(self, file: str) -> str | None:
        """The text of a module; None where it can't be read, or is none of the project's."""
        if not self._is_inside(file):
            return None
        try:
            status = os.stat(file)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
                return None
            with open(file, "rb") as stream:
                data = stream.read(MAX_BYTES + 1)
            encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
            return data.decode(encoding)
        except (OSError, ValueError, SyntaxError, LookupError):
            return None

    def _is_inside(self, path: str) -> bool:
        """Whether ``path``, its links followed, is in a folder of the project."""
        real = os.path.realpath(path)
        return any(real == limit or real.startswith(_with_end(limit)) for limit in self._limits)


def has_project(filename: str) -> bool:
    """Whether ``filename`` is the name of a file, not of a buffer that is in no folder."""
    if not filename or filename.startswith("<") or filename in ("-", "stdin"):
        return False
    return filename.endswith((".py", ".pyi", ".pyw")) or os.path.isfile(filename)


def _with_end(folder: str) -> str:
    return folder if folder.endswith(os.sep) else folder + os.sep


def _is_file(path: str) -> bool:
    return os.path.isfile(path)


def _parents(folder: str) -> list[str]:
    """``folder`` and those around it, the innermost first."""
    found = [folder]
    while len(found) < _MAX_LEVELS and os.path.dirname(found[-1]) != found[-1]:
        found.append(os.path.dirname(found[-1]))
    return found


def _package_root(folder: str) -> str:
    """The folder in which the outermost package around ``folder`` is."""
    for candidate in _parents(folder):
        if not _is_file(os.path.join(candidate, "__init__.py")):
            return candidate
    return folder


def _project_root(base: str) -> str:
    """The nearest folder from ``base`` upwards that looks like a project's; else ``base``."""
    for folder in _parents(base):
        if any(os.path.exists(os.path.join(folder, marker)) for marker in _MARKERS):
            return folder
    return base


def _guessed_roots(own: str, base: str, top: str) -> list[str]:
    around = _parents(base)
    within = around[: around.index(top) + 1] if top in around else [base]
    roots = [path for folder in within for path in (folder, os.path.join(folder, "src"))]
    # A script in a package imports what stands beside it.
    return list(dict.fromkeys([*(root for root in roots if os.path.isdir(root)), own]))
