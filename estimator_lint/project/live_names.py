"""What a module's names are bound to once it has been run, as astroid infers from its text.

astroid determines which of several definitions of a name are in force: a later one replaces an
earlier one, exclusive branches keep both, ``del`` removes all.

astroid must not load modules by itself. Its transforms are off (they infer, and inference imports),
and so are two later steps of building a tree that also infer: a star import takes the names of the
other module, and ``x.name = value`` asks what ``x`` is. Nothing is inferred; the meaning of a name
in another module is looked up in that module. astroid's process-wide cache keeps none of these
trees.
"""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import Any

from astroid import nodes
from astroid.builder import AstroidBuilder
from astroid.exceptions import AstroidError
from astroid.manager import AstroidManager

from estimator_lint.process_settings import parsed, room_for_recursion
from estimator_lint.syntax.module_bindings import Binding
from estimator_lint.syntax.source import SourceFile

#: A unique name for each tree: astroid treats trees with the same name as one.
_numbers = itertools.count()


class _Builder(AstroidBuilder):  # type: ignore[misc]
    """Builds trees without looking at other modules."""

    def add_from_names_to_locals(self, node: nodes.ImportFrom, *others: Any) -> None:
        """Bind what ``from … import`` binds, except for a star import."""
        if node.names[0][0] != "*":
            super().add_from_names_to_locals(node, *others)

    def delayed_assattr(self, node: nodes.AssignAttr) -> None:
        """Ignore assignments to attributes."""


class LiveNames:
    """The names of one module.

    Args:
        source: its text.

    Raises:
        AstroidError, RecursionError: astroid can't make a tree of it.
    """

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        manager = AstroidManager()
        name = f"estimator_lint project {next(_numbers)}"
        try:
            with room_for_recursion():
                builder = _Builder(manager, apply_transforms=False)
                self._module: nodes.Module = parsed(lambda: builder.string_build(source.text, name))
        finally:
            manager.astroid_cache.pop(name, None)

    def bindings(self, name: str) -> list[Binding]:
        """The definitions of ``name`` that may be in force when the module has been run."""
        if name not in self._module.locals:
            return []
        _, live = self._module.lookup(name)
        return [self._binding(name, node) for node in live]

    def _binding(self, name: str, node: nodes.NodeNG) -> Binding:
        statement = node.statement()
        unknown = Binding("other", self._source.tree)
        if node.frame() is not self._module and node is not statement:
            return unknown  # a function declares it global
        for bound, binding in self._index.get(_place_of(statement), ()):
            if bound == name:
                return binding
        return unknown

    @cached_property
    def _index(self) -> dict[tuple[int, int], list[tuple[str, Binding]]]:
        """The bindings of the index, by the place of the statement."""
        places: dict[tuple[int, int], list[tuple[str, Binding]]] = {}
        for name, bindings in self._source.own_bindings.items():
            for binding in bindings:
                where = getattr(binding.node, "lineno", 0), getattr(binding.node, "col_offset", 0)
                places.setdefault(where, []).append((name, binding))
        return places


def _place_of(statement: nodes.NodeNG) -> tuple[int, int]:
    """Where the statement begins in the index: for a function or class, at ``def`` or ``class``."""
    position = getattr(statement, "position", None) or statement
    return position.lineno or 0, position.col_offset or 0


__all__ = ["AstroidError", "LiveNames"]
