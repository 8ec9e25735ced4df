"""Functions of other files that a file gives to Estimators.

Such a function is judged in its own file, which does not know of the Estimator.  The
file that constructs the Estimator is told what only it can know.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from estimator_lint.discovery.callables import MAX_HOPS, Callables, Given
from estimator_lint.discovery.definitions import Definitions, Scope, look_up
from estimator_lint.discovery.estimator_uses import EstimatorUse, Finder, find_estimator_uses
from estimator_lint.discovery.model_functions import ModelFunction, model_function
from estimator_lint.project.imports import Definition, Project
from estimator_lint.project.modules import Module
from estimator_lint.settings import Settings


@dataclass(frozen=True)
class ImportedFunction:
    """A function of another file, as the linted file gives it to an Estimator.

    Attributes:
        module: the other file.
        function: the function, with how the linted file hands it over.
        as_defined: the same as its own file knows it.
        node: the constructor's argument in the linted file.
    """

    module: Module
    function: ModelFunction
    as_defined: ModelFunction
    node: ast.AST


def find_imported_functions(
    definitions: Definitions, settings: Settings, project: Project
) -> Iterator[ImportedFunction]:
    """The functions of other files that this file certainly gives to an Estimator."""
    callables = Callables(definitions, settings)
    others: dict[Module, Definitions] = {}
    for construction, scope in Finder(definitions, settings).constructions():
        if any(callables.of(construction.node, scope, MAX_HOPS)):
            continue
        following = _Following(definitions, settings, project, others)
        for module, given in following.given(construction.node, scope, MAX_HOPS):
            if given.certain:
                yield _imported(module, given, others[module], construction.with_(given), settings)


def _imported(
    module: Module,
    given: Given,
    definitions: Definitions,
    estimator_use: EstimatorUse,
    settings: Settings,
) -> ImportedFunction:
    estimator_uses = find_estimator_uses(definitions, settings).get(given.function, [])
    as_defined = model_function(definitions, given.function, tuple(estimator_uses))
    function = replace(as_defined, estimator_uses=(estimator_use,))
    return ImportedFunction(module, function, as_defined, estimator_use.node)


class _Following:
    """Follows an expression of the linted file to functions of others."""

    def __init__(
        self,
        definitions: Definitions,
        settings: Settings,
        project: Project,
        others: dict[Module, Definitions],
    ) -> None:
        self._definitions = definitions
        self._settings = settings
        self._project = project
        self._others = others

    def given(self, node: ast.AST, scope: Scope, hops: int) -> Iterator[tuple[Module, Given]]:
        """The functions that ``node`` may be."""
        if hops == 0:
            return
        match node:
            case ast.Name(id=name) if look_up(scope, name)[0]:
                values, certain = look_up(scope, name)
                if certain:
                    yield from self.given(*values[0], hops - 1)
            case ast.Name() | ast.Attribute():
                yield from self._named(node, hops)
            case ast.Call(func=called):
                for module, builder in self.given(called, scope, hops - 1):
                    callables = Callables(self._others[module], self._settings)
                    for returned in callables.returned(builder, hops):
                        yield module, returned

    def _named(self, node: ast.expr, hops: int) -> Iterator[tuple[Module, Given]]:
        path = self._definitions.path(node)
        if path is None:
            return
        meaning = self._project.imported(self._project.linted, path)
        if not isinstance(meaning, Definition):
            return
        module = meaning.module
        if module not in self._others:
            self._others[module] = Definitions(module.source)
        definitions = self._others[module]
        callables = Callables(definitions, self._settings)
        for given in callables.of(ast.Name(meaning.name), definitions.module, hops - 1):
            yield module, given
