"""Locating the modules of a project by file path, from the linted file, never by ``sys.path``.

Python would look for modules in the folders of ``sys.path``, which a linter does not know. So it
guesses them: the folder that holds the linted file's package, and the folders around it up to the
root of the project, each with a ``src`` in it.

If the root of a project is a package itself, its modules may be imported relative to that root, as
scripts run there do, or as modules of the package. The source does not show which. An import counts
as resolved if one of these readings resolves it and none contradicts.
"""

from __future__ import annotations

import os
import sys
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from estimator_lint.project.buffers import buffer_of
from estimator_lint.project.disk import MAX_BYTES, content, exists, is_file, is_folder, real_path

__all__ = ["MAX_BYTES", "Folders", "Location", "has_project"]

#: How many folders above the linted file are examined.
_MAX_LEVELS = 24

#: Entries that mark the root of a repository, which bounds all packages.
_OF_REPOSITORIES = (".git", ".hg")

#: Entries that mark the root of a project, and are sometimes in its packages.
_MARKERS = (*_OF_REPOSITORIES, "pyproject.toml", "setup.py", "setup.cfg", "tox.ini", ".flake8")

#: In folders of these names, each package is a project of its own.
_INSTALLED = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True)
class Location:
    """A module or package of the project.

    Attributes:
        file: the file with its text; None for a namespace package.
        folders: for a package, the folders that contain its modules.
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
        file = os.path.abspath(filename)
        own = os.path.dirname(file)
        layout = _layout(own)
        self._top_level = ""
        self._root_package: str | None = None
        if source_roots:
            self._readings = [[os.path.abspath(root) for root in source_roots]]
        else:
            self._readings = _readings(layout, own)
            if _is_package(layout.top):
                self._root_package = layout.top
            if os.path.basename(layout.base) in _INSTALLED:
                relative = os.path.relpath(file, layout.base)
                self._top_level = os.path.splitext(relative.split(os.sep)[0])[0]
        limits = (layout.top, *(root for reading in self._readings for root in reading))
        self._limits = tuple(real_path(folder) for folder in limits)
        #: Earlier results: the disk is asked once.
        self._packages: dict[str, Location | None] = {}
        self._submodules: dict[tuple[str, tuple[str, ...]], Location | None] = {}
        self._inside: dict[str, bool] = {}

    def top_levels(self, name: str) -> list[Location]:
        """The modules and packages that ``import name`` may mean, one for each reading."""
        if name in sys.stdlib_module_names or (self._top_level and name != self._top_level):
            return []
        found = [self._in_folders(name, folders) for folders in self._readings]
        if self._root_package is not None and os.path.basename(self._root_package) == name:
            found.append(self._package(self._root_package))
        return list(dict.fromkeys(location for location in found if location is not None))

    def submodule(self, package: Location, name: str) -> Location | None:
        """The module or package ``name`` of ``package``."""
        key = (name, package.folders)
        if key not in self._submodules:
            self._submodules[key] = self._in_folders(*key)
        return self._submodules[key]

    def package_of(self, file: str, level: int) -> Location | None:
        """The package that ``level`` dots in an import of ``file`` refer to."""
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
            if is_file(path + ".py"):
                return Location(path + ".py")
            portions += [] if found is None else [path]
        return Location(None, tuple(portions)) if portions else None

    def _package(self, folder: str) -> Location | None:
        if folder not in self._packages:
            self._packages[folder] = self._package_on_disk(folder)
        return self._packages[folder]

    def _package_on_disk(self, folder: str) -> Location | None:
        if not is_folder(folder):
            return None
        init = os.path.join(folder, "__init__.py")
        return Location(init if is_file(init) else None, (folder,))

    def text(self, file: str) -> str | None:
        """The text of a module; None if it can't be read, or is outside of the project."""
        if not self._is_inside(file):
            return None
        buffer = buffer_of(file)
        if buffer is not None:
            return buffer
        data = content(file)
        if data is None:
            return None
        try:
            encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
            return data.decode(encoding)
        except (ValueError, SyntaxError, LookupError):
            return None

    def _is_inside(self, path: str) -> bool:
        """Whether ``path``, with links resolved, is in a folder of the project."""
        if path not in self._inside:
            self._inside[path] = self._leads_inside(path)
        return self._inside[path]

    def _leads_inside(self, path: str) -> bool:
        real = real_path(path)
        return any(real == limit or real.startswith(_with_end(limit)) for limit in self._limits)


def has_project(filename: str) -> bool:
    """Whether ``filename`` names a file, not a buffer outside of any folder."""
    if not filename or filename.startswith("<") or filename in ("-", "stdin"):
        return False
    return filename.endswith((".py", ".pyi", ".pyw", ".ipynb")) or is_file(filename)


def _with_end(folder: str) -> str:
    return folder if folder.endswith(os.sep) else folder + os.sep


def _parents(folder: str) -> list[str]:
    """``folder`` and those around it, the innermost first."""
    found = [folder]
    while len(found) < _MAX_LEVELS and os.path.dirname(found[-1]) != found[-1]:
        found.append(os.path.dirname(found[-1]))
    return found


def _is_package(folder: str) -> bool:
    return is_file(os.path.join(folder, "__init__.py"))


def _has_one_of(markers: Sequence[str], folder: str) -> bool:
    return any(exists(os.path.join(folder, marker)) for marker in markers)


@dataclass(frozen=True)
class _Layout:
    """The layout of the project around a folder.

    Attributes:
        base: the folder that contains its outermost package, or that package if it is the root.
        top: the root of the project; ``base`` if nothing looks like one.
        marked: the packages around the folder, within ``base``, that look like a root as well.
    """

    base: str
    top: str
    marked: tuple[str, ...]


def _layout(own: str) -> _Layout:
    packages = _packages_around(own)
    marked = tuple(folder for folder in packages if _has_one_of(_MARKERS, folder))
    if packages and _has_one_of(_OF_REPOSITORIES, packages[-1]):
        return _Layout(packages[-1], packages[-1], marked[:-1])
    base = os.path.dirname(packages[-1]) if packages else own
    if os.path.basename(base) in _INSTALLED:
        marked = ()
    for folder in _parents(base):
        if _has_one_of(_MARKERS, folder):
            return _Layout(base, folder, marked)
    if marked:
        return _Layout(marked[-1], marked[-1], marked[:-1])
    return _Layout(base, base, ())


def _packages_around(folder: str) -> list[str]:
    """``folder`` and the packages around it, up to the root of its repository."""
    packages: list[str] = []
    for candidate in _parents(folder):
        if not _is_package(candidate):
            break
        packages.append(candidate)
        if _has_one_of(_OF_REPOSITORIES, candidate):
            break
    return packages


def _readings(layout: _Layout, own: str) -> list[list[str]]:
    """The folders that absolute imports start from, for each reading."""
    around = _parents(layout.base)
    within = around[: around.index(layout.top) + 1] if layout.top in around else [layout.base]
    # A script in a package imports modules beside it.
    usual = list(dict.fromkeys([*_with_src(within), own]))
    return [usual, *(_with_src([folder]) for folder in layout.marked)]


def _with_src(folders: Sequence[str]) -> list[str]:
    """``folders``, each with the ``src`` in it."""
    paths = [path for folder in folders for path in (folder, os.path.join(folder, "src"))]
    return [path for path in paths if is_folder(path)]
