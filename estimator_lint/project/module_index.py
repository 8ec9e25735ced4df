"""Evaluation's questions to the index of a module; each question is about a name.

Answers do not depend on positions, so they can be compared with those for an edited text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from typing import Final

from estimator_lint.syntax.attribute_stores import Store
from estimator_lint.syntax.module_bindings import Binding
from estimator_lint.syntax.reads import Question
from estimator_lint.syntax.source import SourceFile


class ModuleIndex:
    """The names of a module.

    Args:
        source: the text of the module.
    """

    def __init__(self, source: SourceFile) -> None:
        self._source = source

    def bindings(self, name: str) -> list[Binding]:
        """Every place where the module binds ``name``."""
        self._source.note_question("bindings", name)
        return self._source.bindings.get(name, [])

    def is_imported(self, name: str) -> bool:
        """Whether an import binds ``name`` anywhere in the file."""
        self._source.note_question("is_imported", name)
        return name in self._source.imports

    def changes(self, name: str) -> bool:
        """Whether the file mutates the object of that name, or stores another under it."""
        self._source.note_question("changes", name)
        return name in self._source.names_changed or name in self._source.namespace_stores

    def replaces(self, name: str) -> bool:
        """Whether the file stores something under that name other than by naming it as a target."""
        self._source.note_question("replaces", name)
        return name in self._source.namespace_stores.names

    def changes_on_import(self, name: str) -> bool:
        """Whether importing the file stores something in the object of that global name."""
        self._source.note_question("changes_on_import", name)
        return name in self._source.import_effects.names

    def stores_on_import(self, name: str) -> bool:
        """Whether importing the file assigns to an attribute of that name, of any object."""
        self._source.note_question("stores_on_import", name)
        return name in self._source.import_effects.attributes

    def only_compares(self, name: str) -> bool:
        """Whether the file reads ``name`` as an operand of comparisons only."""
        self._source.note_question("only_compares", name)
        return name not in self._source.names_not_only_compared

    def stores_attribute(self, name: str) -> bool:
        """Whether the file assigns to an attribute of that name, on any object."""
        self._source.note_question("stores_attribute", name)
        return name in self._source.attributes_stored

    def stores(self, name: str) -> Sequence[Store]:
        """The places that assign to an attribute of that name."""
        self._source.note_question("stores", name)
        return self._source.attribute_stores.of(name)

    def shares_instances(self, class_name: str) -> bool:
        """Whether methods of a class pass ``self`` on, or set attributes with computed names."""
        self._source.note_question("shares_instances", class_name)
        return class_name in self._source.attribute_stores.sharing

    def calls(self, name: str) -> bool:
        """Whether the file calls an object of that name."""
        self._source.note_question("calls", name)
        return name in self._source.attribute_stores.called

    def mentions(self, text: str) -> bool:
        """Whether the file has that text anywhere."""
        self._source.note_question("mentions", text)
        return text in self._source.text

    def makes_batches_of_one(self, name: str = "") -> bool:
        """Whether the batches whose size the file writes are of one example."""
        self._source.note_question("makes_batches_of_one", name)
        return self._source.makes_batches_of_one

    def star_imports(self) -> Sequence[str]:
        """The modules of ``from module import *``."""
        self._source.note_question("star_imports", "")
        return self._source.star_imports

    def direct_subclasses(self, class_name: str) -> Sequence[ast.ClassDef]:
        """The top-level classes that have a base of that name."""
        self._source.note_question("direct_subclasses", class_name)
        return self._classes_by_base.get(class_name, ())

    @cached_property
    def _classes_by_base(self) -> dict[str, list[ast.ClassDef]]:
        found: dict[str, list[ast.ClassDef]] = {}
        for node in self._source.tree.body:
            if isinstance(node, ast.ClassDef):
                for base in node.bases:
                    if isinstance(base, ast.Name):
                        found.setdefault(base.id, []).append(node)
        return found

    def answer(self, asked: Question) -> Hashable:
        """The answer to a recorded question, in a comparable form."""
        question, name = asked
        return _ANSWERS[question](self, name)

    def content_of(self, node: ast.AST) -> str:
        """The text of the chunk that contains a node of the index."""
        return self._source.content_at(node.lineno)  # type: ignore[attr-defined]


def _bindings(index: ModuleIndex, name: str) -> Hashable:
    return tuple(
        (binding.kind, binding.path, index.content_of(binding.node))
        for binding in index.bindings(name)
    )


def _direct_subclasses(index: ModuleIndex, name: str) -> Hashable:
    return tuple(map(index.content_of, index.direct_subclasses(name)))


_ANSWERS: Final[Mapping[str, Callable[[ModuleIndex, str], Hashable]]] = {
    "bindings": _bindings,
    "calls": ModuleIndex.calls,
    "changes": ModuleIndex.changes,
    "changes_on_import": ModuleIndex.changes_on_import,
    "direct_subclasses": _direct_subclasses,
    "is_imported": ModuleIndex.is_imported,
    "makes_batches_of_one": ModuleIndex.makes_batches_of_one,
    "mentions": ModuleIndex.mentions,
    "only_compares": ModuleIndex.only_compares,
    "replaces": ModuleIndex.replaces,
    "shares_instances": ModuleIndex.shares_instances,
    "star_imports": lambda index, _: tuple(index.star_imports()),
    "stores": lambda index, name: tuple(index.stores(name)),
    "stores_attribute": ModuleIndex.stores_attribute,
    "stores_on_import": ModuleIndex.stores_on_import,
}
