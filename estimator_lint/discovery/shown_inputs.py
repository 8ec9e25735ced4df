"""The input that a file gives to its model functions, as far as the source shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from estimator_lint.discovery.callables import MAX_HOPS, Callables, argument_of, is_closed
from estimator_lint.discovery.definitions import (
    AnyFunction,
    Definitions,
    Scope,
    enclosing_functions,
    look_up,
)
from estimator_lint.discovery.dict_keys import constants_in_dict, keys_of_dict
from estimator_lint.discovery.estimator_uses import Finder
from estimator_lint.discovery.run_guards import RunGuards
from estimator_lint.discovery.shown_runs import TRAIN_AND_EVALUATE, possible_values
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.input_functions import (
    EXPORTED_MODE,
    METHODS,
    SPEC_CLASSES,
    SPECS,
    Given,
    maker_of_input,
)
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow

_Params: TypeAlias = "tuple[tuple[str, str], ...]"


@dataclass(frozen=True)
class InputFunction:
    """A function of the file that returns features and labels, or a serving input receiver.

    Attributes:
        node: its definition.
        owner: the class it is a method of.
        enclosing: the functions around it, the outermost first, each with its class.
        gets_mode: whether the Estimator fills an argument ``mode`` of it.
    """

    node: AnyFunction
    owner: ast.ClassDef | None
    enclosing: tuple[tuple[AnyFunction, ast.ClassDef | None], ...]
    gets_mode: bool


@dataclass(frozen=True)
class ShownInput:
    """The input of one run of an Estimator.

    Attributes:
        mode: the mode of the run.
        way: the method that runs it: ``train``, ``export_saved_model``.
        function: the function that returns the input; None if it is unknown.
        features: the keys of the features, if the call itself shows them.
        labels: the keys of the labels.
        params: constants in the ``params`` of the Estimator that is run, as source, by their keys.
        guards: the attributes and keys that the tests around the run ask for.
    """

    mode: Mode
    way: str
    function: InputFunction | None = None
    features: frozenset[str] | None = None
    labels: frozenset[str] | None = None
    params: _Params = ()
    guards: frozenset[str] = frozenset()


class InputFinder:
    """Finds the inputs that a file gives to its model functions."""

    def __init__(self, definitions: Definitions, settings: Settings, finder: Finder) -> None:
        self._definitions = definitions
        self._callables = Callables(definitions, settings)
        self._finder = finder

    def inputs_by_function(self) -> dict[AnyFunction, list[ShownInput]]:
        """For each function that an Estimator certainly calls as it is, the inputs it gets."""
        made = dict(self._constructions())
        run_guards: RunGuards | None = None
        found: dict[AnyFunction, list[ShownInput]] = {}
        for estimator, scope, shown in self._runs() if any(one for one, _ in made.values()) else ():
            values = possible_values(self._definitions, estimator, scope, MAX_HOPS)
            run = dict.fromkeys(made[value] for value in values if value in made)
            if len({function for function, _ in run}) > 1:  # whose input it is, is not known
                shown = ShownInput(shown.mode, shown.way)
            guards: frozenset[str] = frozenset()
            if run:
                run_guards = run_guards or RunGuards(self._definitions)
                guards = run_guards.of(estimator, scope)
            for function, params in run:
                if function is not None:
                    guarded = replace(shown, params=params, guards=guards)
                    found.setdefault(function, []).append(guarded)
        return found

    def _constructions(self) -> Iterator[tuple[ast.AST, tuple[AnyFunction | None, _Params]]]:
        """The constructions of Estimators, each with its function and constants in its params.

        The function is None if it is not known, or wrapped.
        """
        for construction, scope in self._finder.constructions:
            params = construction.params
            params = params.value if isinstance(params, ast.keyword) else params
            constants = (
                {}
                if params is None
                else constants_in_dict(self._definitions, params, scope, MAX_HOPS)
            )
            function = self._finder.given_certainly.get(construction.call)
            yield construction.call, (function, tuple(constants.items()))

    def _runs(self) -> Iterator[tuple[ast.expr, Scope, ShownInput]]:
        """The runs of possible Estimators: each with its scope and its input."""
        for call, scope in self._definitions.calls:
            if not is_closed(call):
                continue
            path = self._definitions.path(call.func, scope)
            if path is not None and is_tensorflow(path):
                if path.rpartition(".")[2] == TRAIN_AND_EVALUATE:
                    yield from self._of_train_and_evaluate(call, scope)
            elif isinstance(call.func, ast.Attribute) and call.func.attr in METHODS:
                given = METHODS[call.func.attr]
                if given.mode is Mode.PREDICT and argument_of(call, *EXPORTED_MODE) is not None:
                    continue
                shown = self._shown(call, given, scope, call.func.attr)
                yield call.func.value, scope, shown

    def _of_train_and_evaluate(
        self, call: ast.Call, scope: Scope
    ) -> Iterator[tuple[ast.expr, Scope, ShownInput]]:
        estimator = argument_of(call, 0, "estimator")
        for name, given in SPECS.items():
            spec = argument_of(call, given.position, name)
            if estimator is None or spec is None:
                continue
            shown = ShownInput(given.mode, TRAIN_AND_EVALUATE)
            made, where = self._single(spec, scope)
            if isinstance(made, ast.Call) and is_closed(made) and self._is_spec(made, where):
                first = Given(0, given.name, given.mode)
                shown = self._shown(made, first, where, TRAIN_AND_EVALUATE)
            yield estimator, scope, shown

    def _is_spec(self, call: ast.Call, scope: Scope) -> bool:
        """Whether a call makes what ``train_and_evaluate`` takes besides an Estimator."""
        path = self._definitions.path(call.func, scope)
        return path is not None and is_tensorflow(path) and path.rpartition(".")[2] in SPEC_CLASSES

    def _shown(self, call: ast.Call, given: Given, scope: Scope, way: str) -> ShownInput:
        """The input that a call passes."""
        unknown = ShownInput(given.mode, way)
        written = argument_of(call, given.position, given.name)
        if written is None:
            return unknown
        value, where = self._single(written, scope)
        if isinstance(value, ast.Call) and is_closed(value):
            path = self._definitions.path(value.func, where)
            maker = None if path is None else maker_of_input(path)
            if maker is not None:
                features = self._keys(value, maker.features, where)
                labels = None if maker.labels is None else self._keys(value, maker.labels, where)
                return ShownInput(given.mode, way, None, features, labels)
        found = list(self._callables.of(written, scope, MAX_HOPS))
        if len(found) != 1 or not found[0].certain or found[0].wrapped_by is not None:
            return unknown
        signature, node = found[0].signature, found[0].function
        if signature is None or self._definitions.scopes[node].yields:
            return unknown
        function = InputFunction(
            node,
            self._definitions.owners[node],
            enclosing_functions(self._definitions, self._definitions.scopes[node]),
            signature.named("mode") is not None,
        )
        return ShownInput(given.mode, way, function)

    def _keys(self, call: ast.Call, given: tuple[int, str], scope: Scope) -> frozenset[str] | None:
        value = argument_of(call, *given)
        return None if value is None else keys_of_dict(self._definitions, value, scope, MAX_HOPS)

    def _single(self, node: ast.expr, scope: Scope) -> tuple[ast.AST, Scope]:
        """The expression that another one certainly evaluates to, with names resolved."""
        found: ast.AST = node
        for _ in range(MAX_HOPS):
            if not isinstance(found, ast.Name):
                break
            values, certain = look_up(scope, found.id)
            if not certain:
                break
            found, scope = values[0]
        return found, scope
