"""Bundling: a file and what it imports from its own project, as one program.

Only the needed definitions are copied, each under a unique name. Imports are resolved as the linter
resolves them.
"""

from __future__ import annotations

import ast
import copy
from typing import Final

from estimator_lint.process_settings import no_warnings, room_for_recursion
from estimator_lint.project.imports import (
    Definition,
    External,
    Meaning,
    Project,
    in_force,
    modules_kept,
)
from estimator_lint.project.locations import Location
from estimator_lint.project.modules import Module
from estimator_lint.settings import Settings
from estimator_lint.syntax.module_bindings import bindings_of
from estimator_lint.syntax.source import SourceFile


def bundled(text: str, filename: str, settings: Settings) -> str:
    """The text of a file in which imports from its project are replaced by the definitions.

    Raises:
        SyntaxError, ValueError, RecursionError: it can't be parsed.
    """
    with modules_kept(), room_for_recursion(), no_warnings():
        source = SourceFile(text, filename=filename)
        project = Project(source, filename, settings.source_roots)
        return _Bundle(project).text()


class _Bundle:
    """The statements of the new program, in the order in which they have to run."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._statements: list[ast.stmt] = []
        self._futures: list[ast.stmt] = []
        self._names: dict[tuple[Module, str], str] = {}
        self._done: set[tuple[Module, int]] = set()
        self._taken = {
            node.id for node in project.linted.source.nodes if isinstance(node, ast.Name)
        } | set(project.linted.source.bindings)

    def text(self) -> str:
        """The whole program."""
        linted = self.project.linted
        for index in range(len(linted.source.tree.body)):
            self._add(linted, index)
        body = [*self._futures, *self._statements]
        return ast.unparse(ast.fix_missing_locations(ast.Module(body, []))) + "\n"

    def name_of(self, module: Module, name: str) -> str:
        """The name in the program for what ``module`` calls ``name``; adds its definition."""
        if module is self.project.linted:
            return name
        key = (module, name)
        if key not in self._names:
            self._names[key] = self._free(f"{name}_of_{module.short_name}")
            bindings = in_force(module, name)
            nodes = {binding.node for binding in bindings}
            if bindings and bindings[0].kind == "import":
                self._import(bindings[0].node, name, self._names[key])
            else:
                for index, statement in enumerate(module.source.tree.body):
                    if nodes & set(ast.walk(statement)):
                        self._add(module, index)
        return self._names[key]

    def _free(self, wanted: str) -> str:
        number, name = 1, wanted
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name

    def _import(self, node: ast.AST, name: str, new_name: str) -> None:
        """An import from outside of the project, under another name."""
        statement = copy.deepcopy(node)
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                if (alias.asname or alias.name.split(".", 1)[0]) == name:
                    path = alias.name if alias.asname else alias.name.split(".", 1)[0]
                    statement.names = [ast.alias(path, new_name)]
                    self._statements.append(statement)
                    return

    def _add(self, module: Module, index: int) -> None:
        """Add a statement of a module after the definitions that it needs."""
        if (module, index) in self._done:
            return
        self._done.add((module, index))
        statement = module.source.tree.body[index]
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            self._futures += [statement] if module is self.project.linted else []
            return
        changed = _Linked(self, module).visit(copy.deepcopy(statement))
        if changed is not None:
            self._statements.append(changed)


#: The meanings of the names of a scope; None: bound in the scope itself.
_Scope = dict[str, Meaning]


class _Linked(ast.NodeTransformer):
    """Replaces the names of one module by those of the program."""

    def __init__(self, bundle: _Bundle, module: Module) -> None:
        self._bundle = bundle
        self._module = module
        self._scopes: list[_Scope] = []

    def _meaning(self, name: str) -> Meaning:
        """The meaning of a name, unless an inner scope binds it."""
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        known = self._bundle.project.named(self._module, name)
        if known is None and name in self._module.source.bindings:
            return Definition(self._module, name)
        return known

    def _new_name(self, name: str) -> str:
        meaning = self._meaning(name)
        if isinstance(meaning, Definition):
            return self._bundle.name_of(meaning.module, meaning.name)
        is_imported = isinstance(meaning, External | Location)
        if is_imported and not any(name in scope for scope in self._scopes):
            return self._bundle.name_of(self._module, name)
        return name

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name."""
        return ast.Name(self._new_name(node.id), node.ctx)

    def visit_Global(self, node: ast.Global) -> ast.Global:
        """Names of the module that a function assigns to."""
        return ast.Global([self._new_name(name) for name in node.names])

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """An attribute, perhaps of a module of the project."""
        found = self._member(node)
        if isinstance(found, Definition):
            return ast.Name(self._bundle.name_of(found.module, found.name), node.ctx)
        around = self._member(node.value)
        if isinstance(around, Location) and around.file is not None:
            module = self._bundle.project.module_at(around.file)
            if module is not None and module.bindings(node.attr):  # which it imported itself
                return ast.Name(self._bundle.name_of(module, node.attr), node.ctx)
        self.generic_visit(node)
        return node

    def _member(self, node: ast.expr) -> Meaning:
        if isinstance(node, ast.Name):
            return self._meaning(node.id)
        if isinstance(node, ast.Attribute):
            around = self._member(node.value)
            if isinstance(around, Location):
                return self._bundle.project.attribute(around, node.attr)
        return None

    def visit_Import(self, node: ast.Import) -> ast.stmt:
        """An import of modules."""
        return self._without_own(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        """An import of names."""
        return self._without_own(node)

    def _without_own(self, node: ast.Import | ast.ImportFrom) -> ast.stmt:
        """An import without the project's own definitions; modules may be used as a whole.

        Top-level imports of other modules are copied where they are used.
        """
        kept = [alias for alias in node.names if not self._is_own(node, alias)]
        if not kept or not (self._scopes or self._module is self._bundle.project.linted):
            return ast.Pass()
        node.names = kept
        return node

    def _is_own(self, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> bool:
        """Whether an import resolves to something in the project."""
        if alias.name == "*" and isinstance(node, ast.ImportFrom):
            path = "." * node.level + (node.module or "")
            return isinstance(self._bundle.project.imported(self._module, path), Location)
        name = alias.asname or alias.name.split(".", 1)[0]
        return isinstance(self._meaning(name), Definition)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function, whose decorators and defaults are read outside of it."""
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """A coroutine, in the same way."""
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        if not self._scopes:
            node.name = self._new_name(node.name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.args = self.visit(node.args)
        in_class = self._scopes and self._scopes[-1].get("", None) is not None
        hidden = self._scopes.pop() if in_class else None  # methods don't see names of the class
        self._scopes.append(self._scope(node))
        node.body = [self.visit(each) for each in node.body]
        self._scopes.pop()
        if hidden is not None:
            self._scopes.append(hidden)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """A class."""
        if not self._scopes:
            node.name = self._new_name(node.name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.bases = [self.visit(each) for each in node.bases]
        node.keywords = [self.visit(each) for each in node.keywords]
        self._scopes.append({**self._scope(node), "": External("class")})
        node.body = [self.visit(each) for each in node.body]
        self._scopes.pop()
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Lambdas and comprehensions are scopes of their own."""
        if not isinstance(node, _INNER_SCOPES):
            return super().generic_visit(node)
        self._scopes.append(self._scope(node))
        super().generic_visit(node)
        self._scopes.pop()
        return node

    def _scope(self, node: ast.AST) -> _Scope:
        """The names that a scope binds, with the meanings of the imported ones."""
        scope: _Scope = {}
        outer: set[str] = set()
        pending = list(ast.iter_child_nodes(node))
        while pending:
            inner = pending.pop()
            match inner:
                case ast.Global(names=names) | ast.Nonlocal(names=names):
                    outer.update(names)
                case ast.Import() | ast.ImportFrom():
                    for name, binding in bindings_of(inner, top_level=False):
                        scope[name] = self._bundle.project.imported(self._module, binding.path)
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                    scope.setdefault(name, None)
                case _ if isinstance(getattr(inner, "name", None), str):
                    # Functions, classes, exceptions, patterns.
                    scope.setdefault(inner.name, None)  # type: ignore[attr-defined]
            if not isinstance(inner, _SCOPES):
                pending.extend(ast.iter_child_nodes(inner))
        return {name: meaning for name, meaning in scope.items() if name not in outer}


_INNER_SCOPES: Final = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, *_INNER_SCOPES)
