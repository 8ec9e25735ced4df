"""Which modes a file runs its Estimators in, as far as it shows that."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator, Mapping, Set
from functools import partial
from typing import TypeVar

from estimator_lint.discovery.callables import MAX_HOPS, argument_of, last_name
from estimator_lint.discovery.definitions import Definitions, Scope, look_up_all
from estimator_lint.discovery.estimator_uses import Finder
from estimator_lint.discovery.exported_modes import exports_other_mode
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.input_functions import METHODS_THAT_RUN
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow

_Function = TypeVar("_Function", bound=Hashable)

#: The function that trains, evaluates and exports as its arguments say.
TRAIN_AND_EVALUATE = "train_and_evaluate"
#: Its argument with what it does besides training: position and name.
_EVAL_SPEC = (2, "eval_spec")
#: The argument of an ``EvalSpec`` with what exports the model after each evaluation.
_EXPORTERS = (4, "exporters")
#: The class of ``tf.contrib.learn`` that does the same.
EXPERIMENT = "Experiment"
#: The monitor of ``tf.contrib.learn`` that evaluates while an Estimator trains.
VALIDATION_MONITOR = "ValidationMonitor"


def modes_never_run(definitions: Definitions, settings: Settings) -> frozenset[Mode]:
    """The modes in which a file that runs Estimators runs none.

    None of them where the file constructs an Estimator and does not run it, or gives it to code
    that may run it: others do.
    """
    made = {construction.call for construction, _ in Finder(definitions, settings).constructions}
    run = set(_modes_run(definitions, made))
    if not run or _is_handed_on(definitions, made):
        return frozenset()
    # Everything else that may run something counts, too: a method of any object, an exporter.
    return frozenset(Mode) - run - set(_modes_mentioned(definitions))


def _modes_run(definitions: Definitions, made: Set[ast.AST]) -> Iterator[Mode]:
    """The modes in which the file runs Estimators: what the calls in ``made`` construct."""
    for call, scope in definitions.calls:
        modes = modes_run_by(definitions, call, scope)
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        # What trains and evaluates is a function, which may get its Estimator from anywhere.
        if len(modes) > 1 or (
            modes
            and receiver is not None
            and any(one in made for one in possible_values(definitions, receiver, scope, MAX_HOPS))
        ):
            yield from modes


def runs_by_function(
    definitions: Definitions,
    given: Mapping[ast.AST, _Function],
    is_to_fail: Callable[[ast.AST], bool],
) -> dict[_Function, dict[Mode, ast.Call]]:
    """For each function the modes in which the file certainly runs an Estimator with it.

    Each mode has the first such run.

    ``given`` has the function that each construction of an Estimator certainly gets; ``is_to_fail``
    tells whether an error is expected of a call.
    """
    found: dict[_Function, dict[Mode, ast.Call]] = {}
    without_effect = set(_unread_predictions(definitions)) if given else set()
    for call, scope in definitions.calls if given else ():
        estimator = None if call in without_effect else _estimator_run(call)
        modes = () if estimator is None else modes_run_by(definitions, call, scope)
        if estimator is None or not modes or exports_other_mode(call) or is_to_fail(call):
            continue
        run = {
            given.get(one)
            for one in possible_values(definitions, estimator, scope, MAX_HOPS)
            if not (isinstance(one, ast.Constant) and one.value is None)  # it is bound again
        }
        function = run.pop() if len(run) == 1 else None
        if function is not None:
            if _exports_meanwhile(definitions, call, scope):
                modes = (*modes, Mode.PREDICT)
            first = found.setdefault(function, {})
            for mode in modes:
                first.setdefault(mode, call)
    return found


def _unread_predictions(definitions: Definitions) -> Iterator[ast.AST]:
    """The calls of ``predict`` whose result nothing reads: it is a generator, which only waits."""
    nodes = definitions.source.nodes
    read = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for node in nodes:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="predict")) as call):
                yield call
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(attr="predict")) as call,
            ) if name not in read:
                yield call


def _estimator_run(call: ast.Call) -> ast.expr | None:
    """The Estimator that a call runs, if it runs one."""
    if last_name(call.func) == TRAIN_AND_EVALUATE:
        return argument_of(call, 0, "estimator")
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _exports_meanwhile(definitions: Definitions, call: ast.Call, scope: Scope) -> bool:
    """Whether ``train_and_evaluate`` certainly exports the model, by an exporter of TensorFlow."""
    spec = argument_of(call, *_EVAL_SPEC)
    if spec is None or last_name(call.func) != TRAIN_AND_EVALUATE:
        return False
    return all(
        isinstance(made, ast.Call)
        and (exporters := argument_of(made, *_EXPORTERS)) is not None
        and any(map(partial(_is_exporter, definitions, scope), _items(exporters)))
        for made in possible_values(definitions, spec, scope, MAX_HOPS)
    )


def _is_exporter(definitions: Definitions, scope: Scope, node: ast.expr) -> bool:
    """Whether an expression certainly is an exporter of TensorFlow."""
    for made in possible_values(definitions, node, scope, MAX_HOPS):
        path = definitions.path(made.func, scope) if isinstance(made, ast.Call) else None
        if path is None or not is_tensorflow(path) or not path.endswith("Exporter"):
            return False
    return True


def _items(node: ast.expr) -> list[ast.expr]:
    """The items of a list or tuple as it is written; otherwise the expression itself."""
    return node.elts if isinstance(node, ast.List | ast.Tuple) else [node]


def modes_run_by(definitions: Definitions, call: ast.Call, scope: Scope) -> tuple[Mode, ...]:
    """The modes in which a call runs an Estimator, if it is a call of one's method."""
    path = definitions.path(call.func, scope)
    if path is not None and is_tensorflow(path):
        both = path.rpartition(".")[2] in (TRAIN_AND_EVALUATE, EXPERIMENT)
        return (Mode.TRAIN, Mode.EVAL) if both else ()
    if isinstance(call.func, ast.Attribute) and call.func.attr in METHODS_THAT_RUN:
        return (METHODS_THAT_RUN[call.func.attr],)
    return ()


def _is_handed_on(definitions: Definitions, made: Set[ast.AST]) -> bool:
    """Whether the file gives an Estimator to a function that is not known."""
    return any(
        one in made
        for call, scope in definitions.calls
        if not _is_seen(definitions, call.func, scope)
        for argument in names_given(call)
        for one in possible_values(definitions, argument, scope, MAX_HOPS)
    )


def names_given(call: ast.Call) -> list[ast.Name]:
    """The arguments of a call that are names."""
    arguments = (*call.args, *(keyword.value for keyword in call.keywords))
    return [argument for argument in arguments if isinstance(argument, ast.Name)]


def _is_seen(definitions: Definitions, function: ast.expr, scope: Scope) -> bool:
    """Whether a called function is TensorFlow's, a built-in, or of the file, which is looked at."""
    path = definitions.path(function, scope)
    if path is not None:
        return is_tensorflow(path)
    match function:
        case ast.Attribute(value=ast.Name(id=name)):
            of_the_file = definitions.source.own_bindings.get(name, [])
            return bool(of_the_file) and all(
                isinstance(binding.node, ast.ClassDef) for binding in of_the_file
            )
    return isinstance(function, ast.Name)


def possible_values(
    definitions: Definitions, node: ast.AST, scope: Scope, hops: int
) -> Iterator[ast.AST]:
    """The expressions that may give an expression its value, through names and builders.

    A name that is bound otherwise than by an assignment, too, is one of them itself.
    """
    found: list[tuple[ast.AST, Scope]] = []
    is_all = False
    match node:
        case ast.Name(id=name) if hops:
            found, is_all = look_up_all(scope, name)
        case ast.Call(func=ast.Name(id=name)) if hops:
            builders, is_all = look_up_all(scope, name)
            for function, _ in builders:
                inner = definitions.scopes.get(function)  # type: ignore[call-overload]
                is_all &= inner is not None
                found += [(returned, inner) for returned in (inner.returns if inner else ())]
    if not found or not is_all:
        yield node
    for value, where in found:
        yield from possible_values(definitions, value, where, hops - 1)


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
