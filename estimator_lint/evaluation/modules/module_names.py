"""The names of a module, and the code that stands behind them."""

from __future__ import annotations

import ast
import contextlib
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.attribute_stores import AttributeStores
from estimator_lint.evaluation.code.effects import Effects
from estimator_lint.evaluation.code.scopes import ClassCode, FunctionCode
from estimator_lint.pieces import NotAnalysable
from estimator_lint.resolution.project import Project, in_force

if TYPE_CHECKING:
    from estimator_lint.module_bindings import Binding
    from estimator_lint.pieces import Piece
    from estimator_lint.resolution.modules import Module
    from estimator_lint.source import SourceFile


class ModuleNames:
    """The names of one module, shared by all evaluations of its functions.

    Args:
        source: the linted file.
        project: what it can import from; None: nothing.

    Attributes:
        module: the module; ``source`` is its text.
        project: what it can import from.
    """

    def __init__(self, source: SourceFile, project: Project | None = None) -> None:
        self.project = project or Project(source, "")
        self._others: dict[Module, ModuleNames] = {}
        self._stand_for(self.project.linted)

    def of(self, module: Module) -> ModuleNames:
        """The names of another module of the project, the same each time."""
        other = self._others.get(module)
        if other is None:
            other = ModuleNames.__new__(ModuleNames)
            other.project, other._others = self.project, self._others
            other._stand_for(module)
        return other

    def _stand_for(self, module: Module) -> None:
        self._others[module] = self
        self.module = module
        self.source = module.source
        self._functions: dict[cst.CSTNode, FunctionCode] = {}
        self._classes: dict[cst.CSTNode, ClassCode] = {}
        self._effects: dict[cst.CSTNode, Effects] = {}
        self._literals: dict[cst.CSTNode, object] = {}

    def effects(self, block: cst.CSTNode) -> Effects:
        """What running ``block`` may change."""
        known = self._effects.get(block)
        if known is None:
            known = self._effects[block] = Effects.of(block)
        return known

    def literal(self, node: cst.CSTNode) -> object:
        """The value of a number or string; None where an f-string is in it."""
        if node not in self._literals:
            self._literals[node] = getattr(node, "evaluated_value", None)
        return self._literals[node]

    def function(self, node: ast.AST, owner: ast.ClassDef | None = None) -> FunctionCode:
        """The code of a function or lambda of the index.

        Raises:
            NotAnalysable: as ``SourceFile.piece_at``.
        """
        piece, counterpart = self.source.counterpart(node)
        assert isinstance(counterpart, cst.FunctionDef | cst.Lambda)
        owning = None if owner is None else self.class_(owner)
        return self.function_at(counterpart, piece, owning)

    def function_at(
        self, node: cst.FunctionDef | cst.Lambda, piece: Piece, owner: ClassCode | None = None
    ) -> FunctionCode:
        """The code of a function or lambda that stands in ``piece``, the same each time."""
        code = self._functions.get(node)
        if code is None:
            code = self._functions[node] = FunctionCode(node, piece, self, owner)
        return code

    def class_(self, node: ast.AST) -> ClassCode:
        """The code of a class of the index.

        Raises:
            NotAnalysable: as ``SourceFile.piece_at``.
        """
        piece, counterpart = self.source.counterpart(node)
        assert isinstance(counterpart, cst.ClassDef)
        return self.class_at(counterpart, piece)

    def class_at(self, node: cst.ClassDef, piece: Piece, *, is_nested: bool = False) -> ClassCode:
        """The code of a class that stands in ``piece``, the same each time."""
        code = self._classes.get(node)
        if code is None:
            code = self._classes[node] = ClassCode(node, piece, self, is_nested)
        return code

    def binding(self, name: str) -> Binding | None:
        """What binds ``name``, where that is certain."""
        bindings = in_force(self.module, name)
        return bindings[0] if len(bindings) == 1 else None

    @cached_property
    def attribute_stores(self) -> AttributeStores:
        """Where the module assigns to attributes."""
        return AttributeStores(self.source.nodes)

    def subclasses(self, code: ClassCode) -> list[ClassCode]:
        """The top-level classes of the module that inherit from a class, by the bases' names."""
        if code.module is not self or code.is_nested:
            return []
        found: list[ClassCode] = []
        pending = [code.name]
        while pending:
            for node in self._direct_subclasses.get(pending.pop(), ()):
                with contextlib.suppress(NotAnalysable):
                    subclass = self.class_(node)
                    if subclass is not code and subclass not in found:
                        found.append(subclass)
                        pending.append(node.name)
        return found

    @cached_property
    def _direct_subclasses(self) -> dict[str, list[ast.ClassDef]]:
        found: dict[str, list[ast.ClassDef]] = {}
        for node in self.source.tree.body:
            if isinstance(node, ast.ClassDef):
                for base in node.bases:
                    if isinstance(base, ast.Name):
                        found.setdefault(base.id, []).append(node)
        return found
