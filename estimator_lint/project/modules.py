"""The modules of a project, each with its text and its names.

A language server runs for days, and files change. A module is kept between runs under its path and
its text, and only as long as the text is the same, so findings never depend on what was linted
before.
"""

from __future__ import annotations

import ast
import os
from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING

from estimator_lint.project.module_index import ModuleIndex
from estimator_lint.syntax.module_bindings import Binding
from estimator_lint.syntax.source import SourceFile

if TYPE_CHECKING:
    from estimator_lint.project.live_names import LiveNames


class Module:
    """A module whose names are known from its index: the linted file.

    Attributes:
        file: its path; empty if it is in no folder.
        source: its text.
        index: answers questions about the text.
    """

    def __init__(self, file: str, source: SourceFile) -> None:
        self.file = file
        self.source = source
        self.index = ModuleIndex(source)

    @property
    def short_name(self) -> str:
        """Its name without those of the packages that it is in."""
        folder, base = os.path.split(self.file)
        name = os.path.splitext(base)[0]
        return os.path.basename(folder) if name == "__init__" else name

    def bindings(self, name: str) -> list[Binding]:
        """The bindings of ``name``, if no later one replaces them."""
        return self.index.bindings(name)

    def exports(self, name: str) -> bool:
        """Whether ``from module import *`` imports ``name`` if the module has it."""
        return not name.startswith("_")


class ProjectModule(Module):
    """Another module of the project.

    astroid determines which of several definitions of a name are in force. Most names have one
    definition and need no astroid, which is slow to import.
    """

    def bindings(self, name: str) -> list[Binding]:
        """The definitions of ``name`` that may be in force in the end."""
        found = super().bindings(name)
        if _need_no_choice(found):
            return found
        return [] if self._live is None else self._live.bindings(name)

    def exports(self, name: str) -> bool:
        """Whether ``from module import *`` imports ``name`` if the module has it."""
        listed = self._listed
        return not name.startswith("_") if listed is None else name in listed

    @cached_property
    def _listed(self) -> frozenset[str] | None:
        """The names in ``__all__``; None if there is none, or it is not a plain list."""
        found = self.bindings("__all__")
        if len(found) != 1 or found[0].kind != "assign":
            return None
        value = getattr(found[0].node, "value", None)
        if not isinstance(value, ast.List | ast.Tuple):
            return None
        names = [item.value for item in value.elts if isinstance(item, ast.Constant)]
        if len(names) != len(value.elts):
            return None
        return frozenset(name for name in names if isinstance(name, str))

    @cached_property
    def _live(self) -> LiveNames | None:
        # astroid is imported only here: most files need nothing from other modules.
        from estimator_lint.project.live_names import AstroidError, LiveNames

        try:
            return LiveNames(self.source)
        except (AstroidError, RecursionError):
            return None


def _need_no_choice(bindings: list[Binding]) -> bool:
    """Whether there is only one binding, or none that defines the name."""
    return len(bindings) == 1 or all(binding.kind == "other" for binding in bindings)


class ModuleCache:
    """An LRU cache of modules by path, valid as long as their text is the same.

    Args:
        max_characters: the limit for the sum of their texts.
    """

    def __init__(self, max_characters: int) -> None:
        self._max_characters = max_characters
        self._modules: OrderedDict[str, ProjectModule | None] = OrderedDict()
        self._texts: dict[str, str] = {}
        self._characters = 0

    def module(self, file: str, text: str) -> ProjectModule | None:
        """The module for a file with this text; None if Python can't parse it."""
        if self._texts.get(file) == text:
            self._modules.move_to_end(file)
            return self._modules[file]
        self._drop(file)
        module = _parsed(file, text)
        self._modules[file] = module
        self._texts[file] = text
        self._characters += len(text)
        while self._characters > self._max_characters and len(self._modules) > 1:
            self._drop(next(iter(self._modules)))
        return module

    def holds(self, file: str, module: Module) -> bool:
        """Whether this very module object is the one kept for its file."""
        return self._modules.get(file) is module

    def _drop(self, file: str) -> None:
        if file in self._modules:
            del self._modules[file]
            self._characters -= len(self._texts.pop(file))


def _parsed(file: str, text: str) -> ProjectModule | None:
    try:
        return ProjectModule(file, SourceFile(text, filename=file))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
