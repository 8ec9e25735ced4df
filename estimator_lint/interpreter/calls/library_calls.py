"""Calls that are not followed: of libraries, and of what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.values.provenance import AttributeOf, ItemOf
from estimator_lint.domain.values.values import (
    FALSE,
    TRUE,
    Argument,
    BoundMethod,
    BuiltinValue,
    Constant,
    FunctionValue,
    PartialValue,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.arguments import spread
from estimator_lint.interpreter.calls.builtin_functions import call_builtin
from estimator_lint.interpreter.calls.history import note_watched
from estimator_lint.interpreter.calls.records import named_tuple_class
from estimator_lint.interpreter.conditions.correlation import note_method
from estimator_lint.interpreter.conditions.none_uses import none_to_library
from estimator_lint.interpreter.conditions.tensor_uses import tensor_to_library
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.objects import copied, escape
from estimator_lint.interpreter.provenance_records import control_inputs, note_call
from estimator_lint.interpreter.specs.construction import construct_spec
from estimator_lint.interpreter.specs.type_inference import is_symbolic
from estimator_lint.tensorflow_api.layer_functions import is_sequential
from estimator_lint.tensorflow_api.results import (
    method_returns_op,
    returns_not_none,
    returns_tensor,
)
from estimator_lint.tensorflow_api.symbols import is_tensorflow, spec_class
from estimator_lint.tensorflow_api.tensor_uses import asks_whether_eager, asks_whether_tensor
from estimator_lint.tensorflow_api.train_op_functions import HEAD_TRAINS_WITH, is_watched

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Result


EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "exit", "quit", "absl.logging.fatal"})


def metric_pair(ev: Evaluator, made: SymbolicValue) -> TupleValue:
    """The value and the update op that a function of ``tf.metrics`` (v1) returns."""
    parts = []
    for index in (0, 1):
        key = Constant(index)
        part = ev.derived("item", of=[made, key], not_none=True)
        ev.origins[part.number] = ItemOf(made, key)
        parts.append(part)
    return TupleValue(tuple(parts))


def call_library(
    ev: Evaluator,
    path: str,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    """The results of calling what a dotted import path names; None: nothing special."""
    if path in EXITS:
        ev.raise_(state, "SystemExit")
        return []
    specs = spec_class(path)
    if specs is not None:
        return construct_spec(ev, specs, spread(ev, arguments, state), node, state)
    if asks_whether_eager(path):
        return [(FALSE, state)]
    if asks_whether_tensor(path) and len(arguments) == 1:
        if is_symbolic(ev, ev.resolve(arguments[0].value, state)):
            return [(TRUE, state)]
    rejected = none_to_library(ev, path, arguments, state)
    if rejected is None:
        rejected = tensor_to_library(ev, path, arguments, state)
    if rejected is not None:
        return rejected
    match path:
        case "functools.partial" | "partial":
            partial = _make_partial(ev, arguments, state)
            return None if partial is None else [(partial, state)]
        case "collections.namedtuple":
            named = named_tuple_class(ev, arguments, state)
            return None if named is None else [(named, state)]
        case "collections.OrderedDict":
            return call_builtin(ev, BuiltinValue("dict"), arguments, node, state)
        case "copy.copy" | "copy.deepcopy" if len(arguments) == 1:
            deep = path == "copy.deepcopy"
            return [(copied(ev, node, arguments[0].value, state, deep=deep), state)]
        case "typing.cast" if len(arguments) == 2:
            return [(arguments[1].value, state)]
    return None


def _make_partial(ev: Evaluator, arguments: Sequence[Argument], state: State) -> Value | None:
    given = spread(ev, arguments, state)
    if not given.positional or given.more_positional or given.more_keywords:
        return None
    function, *rest = (argument.value for argument in given.positional)
    keywords = tuple((name, argument.value) for name, argument in given.keywords.items())
    return ev.bounded(PartialValue(function, tuple(rest), keywords))


def unknown_call(
    ev: Evaluator,
    function: Value,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> SymbolicValue:
    """The result of a call that is not followed; what it is given may be changed by it."""
    values = [argument.value for argument in arguments]
    path, receiver = _library_path(ev, function)
    of_tensorflow = path is not None and is_tensorflow(path)
    given = spread(ev, arguments, state)
    if _calls_method(ev, function, "create_estimator_spec"):
        _note_head(ev, given, state)
    control = control_inputs(state)
    # What is filled later on is another one each time.
    making = (ev.allocate(node, state),) if path is not None and is_sequential(path) else ()
    tensor, sure = _returns(path, receiver)
    result = ev.symbolic_value(
        "call",
        tuple(argument.keyword or argument.star for argument in arguments),
        ev.identity(function),
        *(ev.identity(value) for value in values),
        *(("under", ev.identity(value)) for value in control),
        *(("making", number) for number in making),
        not_none=sure or tensor,
        result_of=path,
        tensor=tensor,
        imprecise=ev.depends_on_mode(function, *values),
    )
    note_call(ev, result.number, path, receiver, given, ev.place(node), state)
    called = ev.origins.get(function.number) if isinstance(function, SymbolicValue) else None
    if isinstance(called, AttributeOf):
        note_method(ev, result, called.base, called.name, values)
    if path is not None and is_watched(path):
        note_watched(ev, node, result, state)
    for value in values:
        # TensorFlow's functions change no container, but call what they are given.
        if not of_tensorflow or isinstance(value, FunctionValue | BoundMethod | PartialValue):
            escape(ev, value, state)
    if receiver is not None and receiver is not function:
        escape(ev, receiver, state)
    elif not isinstance(function, SymbolicValue):
        escape(ev, function, state)
    return result


def _note_head(ev: Evaluator, given: Arguments, state: State) -> None:
    """Record that a head makes the spec, and whether it is given something to train with."""
    ev.trace.creates_estimator_spec = True
    ev.trace.trains_by_head |= any(
        name in given.keywords and not same_as_none(ev.resolve(given.keywords[name].value, state))
        for name in HEAD_TRAINS_WITH
    )


def _calls_method(ev: Evaluator, function: Value, name: str) -> bool:
    """Whether ``function`` is the attribute of that name of something that is not followed."""
    origin = ev.origins.get(function.number) if isinstance(function, SymbolicValue) else None
    return isinstance(origin, AttributeOf) and origin.name == name


def _library_path(ev: Evaluator, function: Value) -> tuple[str | None, Value | None]:
    """What a call calls, as the path of ``CallOf``, and of a method the object."""
    if not isinstance(function, SymbolicValue):
        return None, None
    if function.symbol is not None:
        return function.symbol, None
    origin = ev.origins.get(function.number)
    if isinstance(origin, AttributeOf):
        made_by = origin.base.result_of if isinstance(origin.base, SymbolicValue) else None
        return None if made_by is None else f"{made_by}().{origin.name}", origin.base
    return None if function.result_of is None else f"{function.result_of}()", function


def _returns(path: str | None, receiver: Value | None) -> tuple[bool, bool]:
    """Whether a call returns a tensor or an op, and whether something other than None."""
    if path is None:
        return False, False
    if receiver is None:
        return returns_tensor(path), returns_not_none(path)
    made_by, _, method = path.rpartition("().")
    return method_returns_op(made_by, method), False
