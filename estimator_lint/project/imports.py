"""Resolving imports: to a definition in the project, to a module, or to another library.

Meanings are followed through re-exports, module aliases and star imports, up to the module that
defines the name. None means unknown; nothing here is an error.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from estimator_lint.project.disk import real_path
from estimator_lint.project.locations import Folders, Location, has_project
from estimator_lint.project.modules import Module, ModuleCache
from estimator_lint.syntax.module_bindings import Binding, import_path
from estimator_lint.syntax.reads import Reads
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.symbols import is_tensorflow

#: Characters of source text whose modules are kept from one run to the next.
_MAX_CHARACTERS_KEPT: Final = 4_000_000

#: How many other modules are read for one linted file.
_MAX_MODULES: Final = 200

#: The modules that the last run left for the next one.
_kept: deque[ModuleCache] = deque(maxlen=1)


class _Borrowed(threading.local):
    cache: ModuleCache | None = None


_borrowed = _Borrowed()


@contextlib.contextmanager
def modules_kept() -> Iterator[None]:
    """Within, the modules parsed in earlier runs belong to this thread alone.

    Results about a module are stored in it, by one thread at a time.
    """
    if _borrowed.cache is not None:
        yield
        return
    try:
        cache = _kept.pop()
    except IndexError:
        cache = ModuleCache(_MAX_CHARACTERS_KEPT)
    _borrowed.cache = cache
    try:
        yield
    finally:
        _borrowed.cache = None
        _kept.append(cache)


def is_kept(module: Module) -> bool:
    """Whether this thread would get this very module object for its file and text."""
    return _borrowed.cache is not None and _borrowed.cache.holds(module.file, module)


@dataclass(frozen=True)
class Definition:
    """A name that ``module`` defines itself: a function, a class, or an assigned value."""

    module: Module
    name: str


@dataclass(frozen=True)
class External:
    """What a dotted path names outside of the project."""

    path: str


Meaning: TypeAlias = "Definition | External | Location | None"


class Project:
    """The modules that a linted file can import from its own project.

    Args:
        source: the linted file; its text counts, not the one on the disk.
        filename: its path.
        source_roots: the folders that absolute imports start from; empty: guess them.
    """

    def __init__(self, source: SourceFile, filename: str, source_roots: Sequence[str] = ()) -> None:
        self._exists = has_project(filename)
        file = os.path.abspath(filename) if self._exists else ""
        self.linted = Module(file, source)
        self._filename = filename
        self._source_roots = source_roots
        self._cache = _borrowed.cache or ModuleCache(_MAX_CHARACTERS_KEPT)
        self._folders: Folders | None = None
        #: By resolved paths, and by paths as requested.
        self._modules: dict[str, Module | None] = {}
        self._asked_for: dict[str, Module | None] = {}
        self._found: dict[tuple[Module, str], tuple[Meaning, Reads]] = {}
        self._pending: set[tuple[Module, str]] = set()

    @property
    def folders(self) -> Folders:
        """The folders with its modules; the disk is not read before they are needed."""
        if self._folders is None:
            self._folders = Folders(self._filename, self._source_roots)
            self._modules[real_path(self.linted.file)] = self.linted
        return self._folders

    @property
    def others(self) -> tuple[Module, ...]:
        """The modules read so far, without the linted file."""
        return tuple(
            module
            for module in self._modules.values()
            if module is not None and module is not self.linted
        )

    def imported(self, importer: Module, path: str) -> Meaning:
        """What the dotted path of an import in ``importer`` means."""
        if not self._exists or is_tensorflow(path):
            return External(path)
        modules, names = self._starts(importer, path)
        found = _agreed(self._below(module, names) for module in modules)
        return External(path) if found is None and not path.startswith(".") else found

    def _starts(self, importer: Module, path: str) -> tuple[list[Location], list[str]]:
        """The modules that a dotted path may begin with, and the remaining names."""
        names = path.lstrip(".").split(".") if path.strip(".") else []
        level = len(path) - len(path.lstrip("."))
        if not level:
            return self.folders.top_levels(names[0]), names[1:]
        package = self.folders.package_of(importer.file, level)
        return [] if package is None else [package], names

    def _below(self, module: Location, names: Sequence[str]) -> Meaning:
        """The meaning of the names that follow a module."""
        if not names:
            return module
        package = self._submodule(module, names[:-1])
        return None if package is None else self.attribute(package, names[-1])

    def _submodule(self, module: Location | None, names: Sequence[str]) -> Location | None:
        for name in names:
            module = None if module is None else self.folders.submodule(module, name)
        return module

    def _location(self, importer: Module, path: str) -> Location | None:
        """The module that a dotted path names."""
        modules, names = self._starts(importer, path)
        found = _agreed(self._submodule(module, names) for module in modules)
        return found if isinstance(found, Location) else None

    def attribute(self, location: Location, name: str) -> Meaning:
        """The meaning of ``name`` in a module, or the submodule of a package."""
        if location.file is not None:
            module = self.module_at(location.file)
            if module is None:
                return None
            if (module, name) not in self._pending:
                found = self.named(module, name)
                if found is not None or module.bindings(name):
                    return found
        return self.folders.submodule(location, name)

    def named(self, module: Module, name: str) -> Meaning:
        """The meaning of a name at the top level of ``module``."""
        key = (module, name)
        if key in self._found:
            meaning, reads = self._found[key]
            self.linted.source.note(reads)
            return meaning
        if key in self._pending:
            return None  # a cycle of imports
        self._pending.add(key)
        with self.linted.source.reads_noted() as reads:
            meaning = self._named(module, name)
        self._found[key] = meaning, reads
        self._pending.discard(key)
        return meaning

    def _named(self, module: Module, name: str) -> Meaning:
        bindings = in_force(module, name)
        if not bindings:
            return self._from_stars(module, name)
        if any(binding.kind != "import" for binding in bindings):
            return Definition(module, name)
        meanings = [self.imported(module, binding.path) for binding in bindings]
        first = meanings[0]
        if all(meaning == first for meaning in meanings):
            return first
        # For other libraries, either will do; within the project, the choice matters.
        return first if all(isinstance(meaning, External) for meaning in meanings) else None

    def _from_stars(self, module: Module, name: str) -> Meaning:
        of_tensorflow = None
        for star in reversed(module.index.star_imports()):
            if is_tensorflow(star):
                of_tensorflow = External(import_path(star, name))
                continue
            location = self._location(module, star) if self._exists else None
            if location is None or location.file is None:
                continue
            other = self.module_at(location.file)
            if other is None or other is module or not other.exports(name):
                continue
            found = self.named(other, name)
            if other.index.bindings(name):
                return found
            # It may have the name from a star import of its own.
            if isinstance(found, External) and is_tensorflow(found.path):
                of_tensorflow = of_tensorflow or found
            elif found is not None:
                return found
        return of_tensorflow

    def module_at(self, file: str) -> Module | None:
        """The module of a file; None if it can't be read or parsed."""
        if file not in self._asked_for:
            self._asked_for[file] = self._module_at(real_path(file), file)
        return self._asked_for[file]

    def _module_at(self, real: str, file: str) -> Module | None:
        if real not in self._modules:
            text = self.folders.text(file) if len(self._modules) < _MAX_MODULES else None
            self._modules[real] = None if text is None else self._cache.module(real, text)
        return self._modules[real]


def _agreed(found: Iterable[Meaning]) -> Meaning:
    """The common result of several ways to resolve an import; None if they differ."""
    different = {each for each in found if each is not None}
    return different.pop() if len(different) == 1 else None


def in_force(module: Module, name: str) -> list[Binding]:
    """The bindings of ``name`` that count.

    If there are others, the fallback for a failed import does not count, nor does a binding that
    only type checkers see. Of several imports, the one from TensorFlow itself counts before those
    that select ``compat.v1``.
    """
    bindings = module.bindings(name)
    for beside in (module.source.stand_ins, module.source.for_type_checkers):
        others = [binding for binding in bindings if binding.node not in beside]
        if any(binding.kind == "import" for binding in others) or (
            others and beside is module.source.for_type_checkers
        ):
            bindings = others
    of_tensorflow = [
        binding for binding in bindings if binding.kind == "import" and is_tensorflow(binding.path)
    ]
    return of_tensorflow[:1] or bindings
