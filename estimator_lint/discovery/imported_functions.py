"""Functions of other files that a file gives to Estimators.

Such a function is judged in its own file, which does not know of the Estimator, if it looks like a
model function there.  The file that constructs the Estimator is told what only it can know.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from estimator_lint.discovery.callables import MAX_HOPS, Callables, Given, filled
from estimator_lint.discovery.definitions import Definitions, Scope, look_up
from estimator_lint.discovery.estimator_uses import Construction, Finder
from estimator_lint.discovery.expected_errors import ExpectedErrors
from estimator_lint.discovery.exported_modes import not_on_tpu, other_modes_exported
from estimator_lint.discovery.model_functions import (
    ModelFunction,
    model_function,
    model_functions_of,
)
from estimator_lint.discovery.shown_runs import modes_never_run, runs_by_function
from estimator_lint.project.imports import Definition, Project
from estimator_lint.project.modules import Module
from estimator_lint.settings import Settings


@dataclass(frozen=True)
class ImportedFunction:
    """A function of another file, as the linted file gives it to an Estimator.

    Attributes:
        module: the other file.
        function: the function, with how the linted file hands it over.
        as_defined: the same as its own file knows it; None if it is no model function there.
        node: the constructor's argument in the linted file.
    """

    module: Module
    function: ModelFunction
    as_defined: ModelFunction | None
    node: ast.AST


def find_imported_functions(
    definitions: Definitions, settings: Settings, project: Project
) -> Iterator[ImportedFunction]:
    """The functions of other files that this file certainly gives to an Estimator."""
    others: dict[Module, Definitions] = {}
    following = _Following(definitions, settings, project, others)
    found = list(_given(definitions, settings, following))
    if not found:
        return
    never_run = modes_never_run(definitions, settings)
    runs = runs_by_function(
        definitions,
        {
            construction.call: given.function
            for construction, _, given in found
            if given.wrapped_by is None and not construction.calls_in_another_way
        },
        ExpectedErrors(definitions).around,
    )
    model_functions = {
        module: model_functions_of(others[module], settings)
        for module in dict.fromkeys(module for _, module, _ in found)
    }
    on_cpu = other_modes_exported(definitions)
    for construction, module, given in found:
        as_defined = next(
            (one for one in model_functions[module] if one.node is given.function), None
        )
        function = as_defined or model_function(others[module], given.function, ())
        uses = (not_on_tpu(construction.with_(given), on_cpu),)
        function = replace(
            function,
            estimator_uses=uses,
            never_run=never_run,
            runs=tuple(runs.get(given.function, {}).items()),
        )
        yield ImportedFunction(module, function, as_defined, construction.node)


def _given(
    definitions: Definitions, settings: Settings, following: _Following
) -> Iterator[tuple[Construction, Module, Given]]:
    """The constructions of Estimators that certainly get a function of another file."""
    callables = Callables(definitions, settings)
    for construction, scope in Finder(definitions, settings).constructions:
        if not any(callables.of(construction.node, scope, MAX_HOPS)):
            for module, given in following.given(construction.node, scope, MAX_HOPS):
                if given.certain:
                    yield construction, module, given


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
            case ast.Call(func=called, args=[first, *_]) if (
                self._definitions.path(called, scope) == "functools.partial"
            ):
                for module, function in self.given(first, scope, hops - 1):
                    yield module, replace(function, signature=filled(function.signature, node))
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
