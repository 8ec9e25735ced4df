"""Calls: of functions, methods and classes of the file, of libraries, of the unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.evaluation.arguments import bind, spread
from estimator_lint.evaluation.builtin_functions import call_builtin, local_variables
from estimator_lint.evaluation.builtin_methods import call_method
from estimator_lint.evaluation.evaluator import CallTooLongError, Evaluator, expression
from estimator_lint.evaluation.history import note_watched
from estimator_lint.evaluation.instantiation import call_instance, instantiate
from estimator_lint.evaluation.joining import SIMILAR, parts_of
from estimator_lint.evaluation.memory import Ending, RaisedInCall
from estimator_lint.evaluation.names import scope_of
from estimator_lint.evaluation.none_uses import labels_to_library, labels_use, spread_none
from estimator_lint.evaluation.objects import (
    copied,
    escape,
)
from estimator_lint.evaluation.origins import (
    AttributeOf,
    ItemOf,
    control_inputs,
    note_call,
    set_control_inputs,
)
from estimator_lint.evaluation.paths import Frame, Raised
from estimator_lint.evaluation.records import (
    make_named_tuple,
    named_tuple_class,
)
from estimator_lint.evaluation.scopes import FunctionCode
from estimator_lint.evaluation.specs import construct_spec
from estimator_lint.evaluation.values import (
    NONE,
    UNBOUND,
    Argument,
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    FunctionValue,
    NamedTupleClass,
    Opaque,
    PartialValue,
    Reference,
    SuperValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.tensorflow_api.kinds import Kind, kind_of_result
from estimator_lint.tensorflow_api.results import (
    method_returns_op,
    returns_not_none,
    returns_tensor,
)
from estimator_lint.tensorflow_api.symbols import is_tensorflow, spec_class
from estimator_lint.tensorflow_api.training import is_watched

if TYPE_CHECKING:
    from estimator_lint.evaluation.evaluator import Result
    from estimator_lint.evaluation.scopes import Scope
    from estimator_lint.evaluation.state import State

#: Calls inside calls that are followed.
MAX_CALL_DEPTH: Final = 12
#: Statements of the file run inside followed calls, in one mode, past which no call is followed.
MAX_STEPS_IN_CALLS: Final = 3_000
#: The same for what one call in the model function itself leads to.
MAX_STEPS_IN_CALL: Final = 600
#: The same for a call that leads to another file; more is a model's layers, mostly.
MAX_STEPS_ABROAD: Final = 80
#: The same for all calls in one mode that do.
MAX_STEPS_ABROAD_IN_ALL: Final = 400
#: Statements in a call from which on it is remembered what the call came to.
_WORTH_REMEMBERING: Final = 3
#: Outcomes of one followed call past which they are merged.
_MAX_OUTCOMES: Final = 8

_EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "exit", "quit", "absl.logging.fatal"})


@expression(cst.Call)
def _call(ev: Evaluator, node: cst.Call, state: State) -> list[Result]:
    if isinstance(node.func, cst.Name) and not node.args and scope_of(ev, node.func.value) is None:
        special = _special_call(ev, node.func.value, node, state)
        if special is not None:
            return special
    results: list[Result] = []
    for function, before in ev.evaluate(node.func, state):
        for values, after in ev.evaluate_all([arg.value for arg in node.args], before):
            arguments = [
                Argument(value, arg.keyword.value if arg.keyword else None, arg.star, arg)
                for value, arg in zip(values, node.args, strict=True)
            ]
            spread_out = ((arg.value, arg.node or node, arg.star) for arg in arguments if arg.star)
            failed = spread_none(ev, spread_out, after)
            results += call(ev, function, arguments, node, after) if failed is None else failed
    return results


def _special_call(ev: Evaluator, name: str, node: cst.Call, state: State) -> list[Result] | None:
    """``super()`` and ``locals()``, which read the frame."""
    frame = ev.frame
    if name == "locals" and frame.scope is not None:
        return [(local_variables(ev, frame.scope, node, state), state)]
    if name == "super" and frame.code.owner is not None and frame.scope is not None:
        receiver = state.variable(frame.scope, frame.code.parameters[0].name)
        if receiver is not None and receiver is not UNBOUND:
            return [(SuperValue(frame.code.owner, receiver), state)]
    return None


def call(
    ev: Evaluator,
    function: Value,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of calling ``function``; ``node`` is the whole call."""
    function = ev.resolve(function, state)
    use = labels_use(ev, function, node, "is called", state)
    if same_as_none(function):
        return ev.fails(state, "TypeError", use)
    match function:
        case FunctionValue():
            return _follow(ev, function, arguments, node, state)
        case BoundMethod():
            first = Argument(function.receiver)
            return _follow(ev, function.function, [first, *arguments], node, state)
        case PartialValue():
            return call(ev, function.function, _completed(function, arguments), node, state)
        case ClassValue():
            return instantiate(ev, function, arguments, node, state)
        case NamedTupleClass():
            return make_named_tuple(ev, function, arguments, state)
        case BoundBuiltin():
            results = call_method(ev, function, arguments, node, state)
        case BuiltinValue() if function.name not in _EXITS:
            results = call_builtin(ev, function, arguments, node, state)
        case Opaque(instance_of=code) if code is not None:
            return call_instance(ev, function, arguments, node, state)
        case Opaque(symbol=path) if path is not None:
            results = _call_library(ev, path, arguments, node, state)
        case _:
            results = None
    if results is not None:
        return results
    if isinstance(function, BuiltinValue) and function.name in _EXITS:
        ev.raise_(state, "SystemExit")
        return []
    result = unknown_call(ev, function, arguments, node, state)
    if result.result_of is not None and kind_of_result(result.result_of) is Kind.METRIC:
        return [(_metric(ev, result), state)]
    return [(result, state)]


def _metric(ev: Evaluator, made: Opaque) -> TupleValue:
    """The value and the update op that a function of ``tf.metrics`` (v1) returns."""
    parts = []
    for index in (0, 1):
        key = Constant(index)
        part = ev.derived("item", of=[made, key], not_none=True)
        ev.origins[part.number] = ItemOf(made, key)
        parts.append(part)
    return TupleValue(tuple(parts))


def _completed(partial: PartialValue, arguments: Sequence[Argument]) -> list[Argument]:
    """The arguments of a call of a partial; keywords of the call replace its own."""
    given = {argument.keyword for argument in arguments}
    return [
        *(Argument(value) for value in partial.arguments),
        *arguments,
        *(Argument(value, keyword=name) for name, value in partial.keywords if name not in given),
    ]


def _call_library(
    ev: Evaluator,
    path: str,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    """The results of calling what a dotted import path names; None: nothing special."""
    if path in _EXITS:
        ev.raise_(state, "SystemExit")
        return []
    specs = spec_class(path)
    if specs is not None:
        return construct_spec(ev, specs, spread(ev, arguments, state), node, state)
    rejected = labels_to_library(ev, path, arguments, state)
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


def _make_partial(
    ev: Evaluator, arguments: Sequence[Argument], state: State
) -> PartialValue | None:
    given = spread(ev, arguments, state)
    if not given.positional or given.more_positional or given.more_keywords:
        return None
    function, *rest = (argument.value for argument in given.positional)
    keywords = tuple((name, argument.value) for name, argument in given.keywords.items())
    return PartialValue(function, tuple(rest), keywords)


def unknown_call(
    ev: Evaluator,
    function: Value,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> Opaque:
    """The result of a call that is not followed; what it is given may be changed by it."""
    values = [argument.value for argument in arguments]
    path, receiver = _library_path(ev, function)
    if _calls_method(ev, function, "create_estimator_spec"):
        ev.trace.creates_estimator_spec = True
    of_tensorflow = path is not None and is_tensorflow(path)
    given = spread(ev, arguments, state)
    control = control_inputs(state)
    tensor, sure = _returns(path, receiver)
    result = ev.opaque(
        "call",
        tuple(argument.keyword or argument.star for argument in arguments),
        ev.identity(function),
        *(ev.identity(value) for value in values),
        *(("under", ev.identity(value)) for value in control),
        not_none=sure or tensor,
        result_of=path,
        tensor=tensor,
        tainted=ev.depends_on_mode(function, *values),
    )
    note_call(ev, result.number, path, receiver, given, ev.place(node), state)
    if path is not None and is_watched(path):
        note_watched(ev, node, result, state)
    for value in values:
        # TensorFlow's functions change no container, but call what they are given.
        if not of_tensorflow or isinstance(value, FunctionValue | BoundMethod | PartialValue):
            escape(ev, value, state)
    if receiver is not None and receiver is not function:
        escape(ev, receiver, state)
    elif not isinstance(function, Opaque):
        escape(ev, function, state)
    return result


def _calls_method(ev: Evaluator, function: Value, name: str) -> bool:
    """Whether ``function`` is the attribute of that name of something that is not followed."""
    origin = ev.origins.get(function.number) if isinstance(function, Opaque) else None
    return isinstance(origin, AttributeOf) and origin.name == name


def _library_path(ev: Evaluator, function: Value) -> tuple[str | None, Value | None]:
    """What a call calls, as the path of ``CallOf``, and of a method the object."""
    if not isinstance(function, Opaque):
        return None, None
    if function.symbol is not None:
        return function.symbol, None
    origin = ev.origins.get(function.number)
    if isinstance(origin, AttributeOf):
        made_by = origin.base.result_of if isinstance(origin.base, Opaque) else None
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


def _follow(
    ev: Evaluator,
    function: FunctionValue,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """Call a function of the project."""
    code = function.code
    if not _may_follow(ev, code):
        ev.trace.calls_not_followed += 1
        return [(unknown_call(ev, function, arguments, node, state), state)]
    bound = bind(ev, function, spread(ev, arguments, state), node, state)
    if bound is None:
        return ev.fails(state, "TypeError")
    if len(ev.frames) == 1:
        ev.call_began_at = ev.steps_in_calls
    scope = ev.new_scope(code.local_names, code, function.scope, node, state)
    endings = ev.memory.recall(scope, bound, state, ev.new_doubt)
    if endings is None and (code.module is ev.home or ev.give_up_at < math.inf):
        return _evaluate_call(ev, scope, bound, node, state)
    if endings is None:
        before = state.copy()
        found = _evaluate_abroad(ev, scope, bound, node, state)
        if found is not None:
            return found
        ev.home.too_long.add((code, ev.mode))
        ev.trace.calls_not_followed += 1
        return [(unknown_call(ev, function, arguments, node, before), before)]
    results: list[Result] = []
    for ending, after in endings:
        if isinstance(ending, RaisedInCall):
            ev.raise_(after, ending.kind, by=ending.by)
        else:
            results.append((ending, after))
    return results


def _evaluate_abroad(
    ev: Evaluator, scope: Scope, bound: dict[str, Value], node: cst.CSTNode, state: State
) -> list[Result] | None:
    """As ``_evaluate_call``, in another file; None where nothing is gained by it."""
    doubts, raises, facts = state.doubts, len(ev.exits.raises), ev.trace.count_by_kind()
    steps = min(MAX_STEPS_ABROAD, MAX_STEPS_ABROAD_IN_ALL - ev.steps_abroad)
    try:
        with ev.giving_up_after(steps):
            results = _evaluate_call(ev, scope, bound, node, state)
    except CallTooLongError:
        return None
    doubtful = any(after.doubts - doubts for _, after in results)
    if doubtful and ev.trace.count_by_kind() == facts and not any(map(_tells, results)):
        del ev.exits.raises[raises:]
        return None
    return results


def _tells(result: Result) -> bool:
    """Whether a result is something that is known, and not only that there is none."""
    value = result[0]
    return not same_as_none(value) and not (isinstance(value, Opaque) and not value.not_none)


def _evaluate_call(
    ev: Evaluator, scope: Scope, bound: dict[str, Value], node: cst.CSTNode, state: State
) -> list[Result]:
    """Run the body of a function with its parameters bound, and remember what comes of it."""
    outer, doubts, passed = state.log, state.doubts, state.passed
    events = ev.trace.count_of_events()
    steps = ev.steps_in_calls
    start, log = state.begin_call()
    control = control_inputs(state)
    for name in scope.names:
        state.bind(scope, name, bound.get(name, UNBOUND))
    results, raised = _outcomes(ev, Frame(scope, scope.code, called_by=node), bound.values(), state)
    costly = ev.steps_in_calls - steps >= _WORTH_REMEMBERING
    if costly and events == ev.trace.count_of_events():
        # What is recorded of a path must be recorded again on the next.
        endings: list[tuple[Ending, State]] = [
            *results,
            *((RaisedInCall(ending.exception, ending.by), ending.state) for ending in raised),
        ]
        ev.memory.remember(scope, bound, start, doubts, passed, log, endings, ev.is_live)
    for _, after in results:
        after.log = outer
        set_control_inputs(control, after)  # a return leaves the blocks it stands in
    for ending in raised:
        ending.state.log = outer
    ev.exits.raises += raised
    return results


def _may_follow(ev: Evaluator, code: FunctionCode) -> bool:
    return (
        code.runs_when_called
        and (code, ev.mode) not in ev.home.too_long
        and len(ev.frames) < MAX_CALL_DEPTH
        and ev.steps_in_calls - ev.steps_abroad < MAX_STEPS_IN_CALLS
        and (len(ev.frames) == 1 or ev.steps_in_calls - ev.call_began_at < MAX_STEPS_IN_CALL)
        and all(frame.code is not code for frame in ev.frames)
    )


def _outcomes(
    ev: Evaluator, frame: Frame, arguments: Iterable[Value], state: State
) -> tuple[list[Result], list[Raised]]:
    """What running the body of a called function comes to, merged where nothing is lost."""
    code = frame.code
    with ev.entering(frame), ev.collecting_exits() as exits:
        if isinstance(code.node, cst.Lambda):
            results = ev.evaluate(code.node.body, state)
        else:
            ends = ev.run_body(code.node.body, [state])
            results = [(value, after) for value, after, _ in exits.returns]
            results += [(NONE, after) for after in ends]
    raised: list[Raised] = []
    for ending in exits.raises:
        if ending.exception == "NotImplementedError" and code.owner is not None:
            # An abstract method: what a subclass makes of it is not known.
            for given in arguments:
                escape(ev, given, ending.state)
            results.append((ev.unknown(tainted=True), ending.state))
        else:
            raised.append(ending)
    if len(results) > 1:
        paired = [([value], after) for value, after in results]
        merged = ev.merger.merged_outcomes(paired, _MAX_OUTCOMES)
        if code.module is not ev.home and all(_is_data(*result) for result in results):
            # Which of two lists another file returns is seldom worth a path of this one's.
            merged = ev.merger.merged_if_similar(merged, SIMILAR)
        results = [(values[0], after) for values, after in merged]
    return results, raised


def _is_data(value: Value, state: State) -> bool:
    """Whether a value is a container, without anything of the project that can be called."""
    return isinstance(value, Reference) and not any(
        isinstance(part, FunctionValue | BoundMethod | PartialValue | ClassValue)
        or (isinstance(part, Opaque) and part.instance_of is not None)
        for part in parts_of(value, state)
    )
