"""Which modes a file runs its Estimators in, as far as it shows that."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from estimator_lint.discovery.callables import MAX_HOPS
from estimator_lint.discovery.definitions import Definitions, Scope, look_up
from estimator_lint.discovery.estimator_uses import Finder
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.input_functions import METHODS_THAT_RUN
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow

#: The function that trains, evaluates and exports as its arguments say.
TRAIN_AND_EVALUATE = "train_and_evaluate"
#: The class of ``tf.contrib.learn`` that does the same.
EXPERIMENT = "Experiment"
#: The monitor of ``tf.contrib.learn`` that evaluates while an Estimator trains.
VALIDATION_MONITOR = "ValidationMonitor"


def modes_never_run(definitions: Definitions, settings: Settings) -> frozenset[Mode]:
    """The modes in which a file that runs Estimators runs none.

    None of them where the file constructs an Estimator and does not run it, or gives it to code
    that may run it: others do.
    """
    made = {construction.call for construction, _ in Finder(definitions, settings).constructions()}
    run = set(_modes_run(definitions, made))
    if not run or _is_handed_on(definitions, made):
        return frozenset()
    # Everything else that may run something counts, too: a method of any object, an exporter.
    return frozenset(Mode) - run - set(_modes_mentioned(definitions))


def _modes_run(definitions: Definitions, made: Set[ast.AST]) -> Iterator[Mode]:
    """The modes in which the file runs Estimators: what the calls in ``made`` construct."""
    for call, scope in definitions.calls:
        path = definitions.path(call.func, scope)
        if path is not None and is_tensorflow(path):
            if path.rpartition(".")[2] in (TRAIN_AND_EVALUATE, EXPERIMENT):
                yield from (Mode.TRAIN, Mode.EVAL)
        elif isinstance(call.func, ast.Attribute) and call.func.attr in METHODS_THAT_RUN:
            if any(
                one in made
                for one in possible_values(definitions, call.func.value, scope, MAX_HOPS)
            ):
                yield METHODS_THAT_RUN[call.func.attr]


def _is_handed_on(definitions: Definitions, made: Set[ast.AST]) -> bool:
    """Whether the file gives an Estimator to a function that is not known."""
    return any(
        one in made
        for call, scope in definitions.calls
        if not _is_seen(definitions, call.func, scope)
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(argument, ast.Name)
        for one in possible_values(definitions, argument, scope, MAX_HOPS)
    )


def _is_seen(definitions: Definitions, function: ast.expr, scope: Scope) -> bool:
    """Whether a called function is TensorFlow's, a built-in, or of the file, which is looked at."""
    path = definitions.path(function, scope)
    if path is None:
        return isinstance(function, ast.Name)
    return is_tensorflow(path)


def possible_values(
    definitions: Definitions, node: ast.AST, scope: Scope, hops: int
) -> Iterator[ast.AST]:
    """The possible values of an expression: calls, followed through names and builders."""
    if hops == 0:
        return
    yield node
    match node:
        case ast.Name(id=name):
            for value, where in look_up(scope, name)[0]:
                yield from possible_values(definitions, value, where, hops - 1)
        case ast.Call(func=ast.Name(id=name)):
            for function, where in look_up(scope, name)[0]:
                inner = definitions.scopes.get(function)  # type: ignore[call-overload]
                for returned in () if inner is None else inner.returns:
                    yield from possible_values(definitions, returned, inner or where, hops - 1)


def _modes_mentioned(definitions: Definitions) -> Iterator[Mode]:
    """The modes in which something of the file may be run, by the names of what it reads.

    A function of the file is seen to run what it runs, whatever its name.
    """
    own = {
        definitions.names.get(function)
        for function in definitions.scopes
        if definitions.owners[function] is None
    }
    for node in definitions.source.nodes:
        name = getattr(node, "attr", None) if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Name) and node.id not in own:
            name = node.id
        if name is None:
            continue
        if name in METHODS_THAT_RUN and not _is_tensorflow_itself(definitions, node):
            yield METHODS_THAT_RUN[name]
        elif name in (TRAIN_AND_EVALUATE, VALIDATION_MONITOR) or name.endswith("EvalSpec"):
            yield Mode.EVAL
        if "export" in name.lower() and name != "export_outputs":
            yield Mode.PREDICT


def _is_tensorflow_itself(definitions: Definitions, node: ast.AST) -> bool:
    """Whether a name is one of TensorFlow, as the module ``tf.train`` is."""
    path = definitions.path(node) if isinstance(node, ast.Name | ast.Attribute) else None
    return path is not None and is_tensorflow(path)
