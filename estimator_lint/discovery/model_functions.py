"""Finding the model functions of a file, on its index.

A model function is named like one, decorated like one, or given to an Estimator;
or it takes just what an Estimator passes, and builds a spec.
"""

from __future__ import annotations

import ast
import fnmatch
from dataclasses import dataclass, replace
from functools import cached_property

from estimator_lint.discovery.callables import decorators_of, last_name
from estimator_lint.discovery.default_arguments import defaults_kept
from estimator_lint.discovery.definitions import (
    AnyFunction,
    Definitions,
    Scope,
    does_nothing,
    enclosing_functions,
    is_static,
)
from estimator_lint.discovery.estimator_uses import EstimatorUse, Finder
from estimator_lint.discovery.expected_errors import ExpectedErrors
from estimator_lint.discovery.exported_modes import not_on_tpu, other_modes_exported
from estimator_lint.discovery.shown_inputs import InputFinder, ShownInput
from estimator_lint.discovery.shown_runs import modes_never_run, runs_by_function
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.model_fn_arguments import MODEL_FN_ARGUMENTS
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.serving import serves_dicts
from estimator_lint.tensorflow_api.tensor_refusals import converts_to_graph

#: A function that takes these and no others but those that an Estimator passes, and builds a spec,
#: is a model function under any name.
_SIGNATURE = frozenset({"features", "labels", "mode"})


@dataclass(frozen=True)
class ModelFunction:
    """A function that an Estimator calls, or looks made for that.

    Attributes:
        node: its definition.
        name: its name; of a lambda the name it is assigned to, if any.
        owner: the class it is a method of.
        enclosing: the functions around it, the outermost first, each with the
            class that it is a method of.
        estimator_uses: how it is passed to Estimators, or marked by a decorator.
        never_run: the modes in which a file that runs its Estimators runs none.
        runs: the modes in which the file runs an Estimator that certainly calls it, each with the
            first of these runs.
        fails_on_purpose: the modes in which the tests that it is for never run it without
            expecting an error; none where the test expects none.
        changes_arguments: the file may change what one of its functions is given.
        is_converted: the file has it converted by AutoGraph.
        is_served_dicts: the file exports models whose features are dicts when they are served.
        inputs: what its Estimators give it, as far as the file shows their runs.
        defaults_kept: its parameters, and those of the functions around it, whose default each
            call in the file keeps, each with whether the default is true.
    """

    node: AnyFunction
    name: str
    owner: ast.ClassDef | None
    enclosing: tuple[tuple[AnyFunction, ast.ClassDef | None], ...]
    estimator_uses: tuple[EstimatorUse, ...] = ()
    never_run: frozenset[Mode] = frozenset()
    runs: tuple[tuple[Mode, ast.Call], ...] = ()
    fails_on_purpose: frozenset[Mode] = frozenset()
    changes_arguments: bool = True
    is_converted: bool = False
    is_served_dicts: bool = False
    inputs: tuple[ShownInput, ...] = ()
    defaults_kept: frozenset[tuple[str, bool]] = frozenset()

    def runs_on_tpu(self, mode: Mode) -> bool:
        """Whether every Estimator runs it on a TPU, and without a wrapper."""
        return bool(self.estimator_uses) and all(
            mode in one.on_tpu
            and one.given.certain
            and one.given.signature is not None
            and one.given.wrapped_by is None
            for one in self.estimator_uses
        )

    @property
    def qualified_name(self) -> str:
        """Its name with the classes and functions around it, joined by dots."""
        names: list[str] = []
        for node, owner in (*self.enclosing, (self.node, self.owner)):
            if owner is not None:
                names.append(owner.name)
            names.append(getattr(node, "name", "<lambda>"))
        if isinstance(self.node, ast.Lambda) and self.name:
            names[-1] = self.name
        return ".".join(names)

    @property
    def given_to(self) -> frozenset[str]:
        """The classes of the Estimators that the file gives it to."""
        return frozenset(h.estimator for h in self.estimator_uses if h.estimator is not None)

    @property
    def certainly_run(self) -> frozenset[Mode]:
        """The modes in which the file certainly runs it."""
        return frozenset(mode for mode, _ in self.runs)

    @property
    def params_keys(self) -> frozenset[str] | None:
        """The keys that ``params`` has with some Estimator of the file; None: not known."""
        given = [
            estimator_use for estimator_use in self.estimator_uses if _passes_params(estimator_use)
        ]
        if not given or len(given) < len(self.estimator_uses) or self.changes_arguments:
            return None
        keys: set[str] = set()
        for estimator_use in given:
            if estimator_use.params_keys is None:
                return None
            keys |= estimator_use.params_keys
        return frozenset(keys)

    @property
    def decorated(self) -> bool:
        """Whether it is marked by a decorator."""
        return any(estimator_use.estimator is None for estimator_use in self.estimator_uses)


def _passes_params(estimator_use: EstimatorUse) -> bool:
    """Whether an Estimator certainly passes ``params`` to the function itself."""
    signature = estimator_use.given.signature
    return (
        estimator_use.estimator is not None
        and estimator_use.given.certain
        and estimator_use.given.wrapped_by is None
        and signature is not None
        and signature.named("params") is not None
    )


def find_model_functions(source: SourceFile, settings: Settings) -> list[ModelFunction]:
    """The model functions of ``source`` in the order of their definitions."""
    return model_functions_of(Definitions(source), settings)


def model_functions_of(definitions: Definitions, settings: Settings) -> list[ModelFunction]:
    """The model functions of a file in the order of their definitions."""
    finder = Finder(definitions, settings)
    estimator_uses = finder.uses_by_function()
    # A function that comes from a parameter, say, may be any function of the file.
    any_may_be_run = finder.gives_unseen()
    file = _FileFacts(definitions)
    is_run = bool(estimator_uses) or any_may_be_run
    never_run = modes_never_run(definitions, settings) if is_run else frozenset()
    inputs = InputFinder(definitions, settings, finder).inputs_by_function() if is_run else {}
    given = finder.given_certainly if is_run else {}
    runs = runs_by_function(definitions, given, file.expected_errors.around)
    on_cpu = other_modes_exported(definitions) if is_run else frozenset()
    found = [
        replace(
            _model_function(
                file, node, tuple(not_on_tpu(one, on_cpu) for one in estimator_uses.get(node, ()))
            ),
            never_run=never_run if any_may_be_run or node in estimator_uses else frozenset(),
            runs=tuple(runs.get(node, {}).items()),
            inputs=tuple(inputs.get(node, ())),
        )
        for node, scope in definitions.scopes.items()
        if _may_be_called(node, scope)
        and (node in estimator_uses or _looks_like_one(definitions, node, scope, settings))
    ]
    return sorted(found, key=lambda function: (function.node.lineno, function.node.col_offset))


def model_function(
    definitions: Definitions, node: AnyFunction, estimator_uses: tuple[EstimatorUse, ...]
) -> ModelFunction:
    """A function of a file as a model function."""
    return _model_function(_FileFacts(definitions), node, estimator_uses)


class _FileFacts:
    """Facts shared by all model functions of a file."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions

    @cached_property
    def expected_errors(self) -> ExpectedErrors:
        """What the file expects to raise."""
        return ExpectedErrors(self.definitions)

    @cached_property
    def changes_arguments(self) -> bool:
        """Whether the file changes in place what has the name of some function's parameter."""
        changed = self.definitions.source.names_changed
        return any(
            argument.arg in changed
            for function in self.definitions.scopes
            for argument in (
                *function.args.posonlyargs,
                *function.args.args,
                *function.args.kwonlyargs,
            )
        )

    @cached_property
    def serves_dicts(self) -> bool:
        """Whether the file makes serving input receivers, all of them for dicts of features."""
        found = {
            serves_dicts(path)
            for call, scope in self.definitions.calls
            if "erving" in last_name(call.func)
            if (path := self.definitions.path(call.func, scope)) is not None
        } - {None}
        return found == {True}

    @cached_property
    def calls_by_name(self) -> dict[str, list[ast.Call]]:
        """The calls of the file, by the last name of what is called."""
        found: dict[str, list[ast.Call]] = {}
        for call, _ in self.definitions.calls:
            found.setdefault(last_name(call.func), []).append(call)
        return found

    @cached_property
    def called_with(self) -> dict[str, list[ast.expr]]:
        """The functions called with an argument that is a name, by that name."""
        found: dict[str, list[ast.expr]] = {}
        for call, _ in self.definitions.calls:
            arguments = (*call.args, *(keyword.value for keyword in call.keywords))
            for name in {last_name(argument) for argument in arguments}:
                found.setdefault(name, []).append(call.func)
        return found


def _model_function(
    file: _FileFacts, node: AnyFunction, estimator_uses: tuple[EstimatorUse, ...]
) -> ModelFunction:
    definitions = file.definitions
    enclosing = enclosing_functions(definitions, definitions.scopes[node])
    errors = file.expected_errors
    return ModelFunction(
        node=node,
        name=definitions.names.get(node, "<lambda>"),
        owner=definitions.owners[node],
        enclosing=enclosing,
        estimator_uses=tuple(one for one in estimator_uses if not errors.around(one.node)),
        fails_on_purpose=(
            errors.modes_of(enclosing[0][0])
            if enclosing
            else errors.modes_of_uses([one.node for one in estimator_uses])
        ),
        changes_arguments=file.changes_arguments,
        is_converted=_is_converted(file, node),
        is_served_dicts=file.serves_dicts,
        defaults_kept=frozenset(
            kept
            for around, owner in ((node, definitions.owners[node]), *enclosing)
            if definitions.names.get(around) not in file.called_with
            for kept in defaults_kept(around, file.calls_by_name, is_method=owner is not None)
            if around is not node or kept[0] not in MODEL_FN_ARGUMENTS
        ),
    )


def _is_converted(file: _FileFacts, node: AnyFunction) -> bool:
    """Whether a decorator, or a call of the file that is given it, lets AutoGraph convert it."""
    called = [
        decorator.func if isinstance(decorator, ast.Call) else decorator
        for decorator in decorators_of(node)
    ]
    name = file.definitions.names.get(node)
    called += file.called_with.get(name, ()) if name is not None else ()
    paths = (file.definitions.path(function) for function in called)
    return any(path is not None and converts_to_graph(path) for path in paths)


def _may_be_called(node: AnyFunction, scope: Scope) -> bool:
    return not (isinstance(node, ast.AsyncFunctionDef) or scope.yields or does_nothing(node))


def _looks_like_one(
    definitions: Definitions, node: AnyFunction, scope: Scope, settings: Settings
) -> bool:
    arguments = node.args
    names = [
        argument.arg
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    ]
    if definitions.owners[node] is not None and not is_static(node):
        names = names[1:]
    if scope.builds_spec and _SIGNATURE <= set(names) <= MODEL_FN_ARGUMENTS:
        return True
    name = definitions.names.get(node)
    if name is None or not any(fnmatch.fnmatchcase(name, glob) for glob in settings.model_fn_globs):
        return False
    return "mode" in names or (scope.builds_spec and bool(names))
