"""Functions that TensorFlow calls while it builds the graph: those of ``tf.cond`` and the like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from estimator_lint.domain.values.values import (
    Argument,
    BoundMethod,
    Constant,
    FunctionValue,
    PartialValue,
    Value,
)
from estimator_lint.interpreter.arguments import Arguments, bind, spread
from estimator_lint.interpreter.calls.history import (
    note_watched,
    runs_conditionally,
    set_runs_conditionally,
)
from estimator_lint.interpreter.conditions.none_uses import expression_of
from estimator_lint.interpreter.objects import items_of
from estimator_lint.interpreter.provenance_records import control_inputs, note_call
from estimator_lint.interpreter.specs.type_inference import is_symbolic, kind_of
from estimator_lint.tensorflow_api.callback_arguments import (
    SLICED,
    Callback,
    calls_at_once,
    chooses,
    converts_callbacks,
)
from estimator_lint.tensorflow_api.results import returns_not_none
from estimator_lint.tensorflow_api.value_types import TENSOR_LIKE, Kind

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import SymbolicValue
    from estimator_lint.interpreter.evaluator import Evaluator, Result


class _Callback(NamedTuple):
    """A function of the project that TensorFlow calls: with what, and where it is written.

    Each of the arguments is a tensor for certain, or unknown.
    """

    function: Value
    taken: tuple[bool, ...]
    node: cst.BaseExpression


def call_callbacks(
    ev: Evaluator,
    path: str,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    """The results of a call of ``path`` that calls its functions at once; None if it does not.

    Also None unless all these functions are of the project, and accept the arguments.
    """
    taken = calls_at_once(path)
    if not taken:
        return None
    given = spread(ev, arguments, state)
    calls = [_callback_of(ev, callback, given, node, state) for callback in taken]
    followed = [call for call in calls if call is not None]
    if len(followed) < len(calls):
        return None
    outside = runs_conditionally(state)
    set_runs_conditionally(True, state)
    paths: list[tuple[tuple[Value, ...], State]] = [((), state)]
    with ev.converting(converts_callbacks(path)), ev.collecting_exits() as exits:
        for call in followed:
            passed = [Argument(_passed(ev, call, index)) for index in range(len(call.taken))]
            paths = [
                ((*before, value), after)
                for before, reached in paths
                for value, after in ev.call(call.function, passed, call.node, reached)
            ]
    for raised in exits.raises:
        set_runs_conditionally(outside, raised.state)
    ev.exits.raises += exits.raises
    results: list[Result] = []
    for values, after in paths:
        set_runs_conditionally(outside, after)
        results.append((_result(ev, path, given, values, node, after), after))
    return results


def _callback_of(
    ev: Evaluator, callback: Callback, given: Arguments, node: cst.BaseExpression, state: State
) -> _Callback | None:
    """The function that is given as a callback, if it is known and accepts the arguments."""
    argument = _argument(given, callback.position, callback.name)
    taken = _taken(ev, callback, given, state)
    if argument is None or taken is None:
        return None
    function = ev.resolve(argument.value, state)
    inner, first, keywords = _innermost(ev, function, state)
    if not isinstance(inner, FunctionValue):
        return None
    unknown = ev.unknown()
    tried = Arguments([*first, *(Argument(unknown) for _ in taken)], dict(keywords))
    written = expression_of(argument) or node
    if isinstance(bind(ev, inner, tried, written, state.fork()), str):
        return None
    return _Callback(function, taken, written)  # type: ignore[arg-type]


def _innermost(
    ev: Evaluator, function: Value, state: State
) -> tuple[Value, list[Argument], dict[str, Argument]]:
    """The function behind methods and partials, and what they give it."""
    match function:
        case BoundMethod(receiver=receiver, function=inner):
            return inner, [Argument(receiver)], {}
        case PartialValue(function=below, arguments=arguments, keywords=keywords):
            behind, first, others = _innermost(ev, ev.resolve(below, state), state)
            named = {name: Argument(value, keyword=name) for name, value in keywords}
            return behind, [*first, *map(Argument, arguments)], {**others, **named}
    return function, [], {}


def _argument(given: Arguments, position: int, name: str) -> Argument | None:
    if name in given.keywords:
        return given.keywords[name]
    return given.positional[position] if position < len(given.positional) else None


def _taken(
    ev: Evaluator, callback: Callback, given: Arguments, state: State
) -> tuple[bool, ...] | None:
    """For each argument that a callback gets whether it is a tensor; None if unknown."""
    if callback.given_items_of is None:
        slices = _argument(given, *SLICED)
        of_tensor = slices is not None and is_symbolic(ev, ev.resolve(slices.value, state))
        # The last argument is a part of the tensor; the others are what was computed before.
        count = callback.given or 0
        return tuple(of_tensor and index == count - 1 for index in range(count))
    held = _argument(given, *callback.given_items_of)
    items = None if held is None else items_of(ev.resolve(held.value, state), state)
    if items is None:
        return None
    return tuple(_becomes_tensor(ev, ev.resolve(item, state)) for item in items)


def _passed(ev: Evaluator, call: _Callback, index: int) -> SymbolicValue:
    """What TensorFlow passes to a callback: a tensor, or a structure of tensors."""
    return ev.symbolic_value(
        *("passed", id(call.node), index, ev.identity(call.function), call.taken[index]),
        not_none=True,
        tensor=call.taken[index],
    )


def _result(
    ev: Evaluator,
    path: str,
    given: Arguments,
    values: tuple[Value, ...],
    node: cst.BaseExpression,
    state: State,
) -> SymbolicValue:
    """The result of the whole call, computed from what the functions returned."""
    functions = [
        argument
        for one in calls_at_once(path)
        if (argument := _argument(given, one.position, one.name))
    ]
    others = [one for one in (*given.positional, *given.keywords.values()) if one not in functions]
    tensor = chooses(path) and all(_becomes_tensor(ev, value) for value in values)
    operands = [*(one.value for one in others), *values]
    result = ev.symbolic_value(
        *("call of functions", path, id(node)),
        *(ev.identity(value) for value in operands),
        *(("under", ev.identity(value)) for value in control_inputs(state)),
        not_none=tensor or (not chooses(path) and returns_not_none(path)),
        result_of=None if tensor else path,
        tensor=tensor,
        imprecise=ev.depends_on_mode(*operands),
    )
    computed = Arguments([*others, *map(Argument, values)])
    note_call(ev, result.number, path, None, computed, ev.place(node), state)
    note_watched(ev, node, result, state)
    return result


def _becomes_tensor(ev: Evaluator, value: Value) -> bool:
    """Whether what a function returns is a tensor, or a number that becomes one."""
    kind = kind_of(ev, value)
    is_flag = isinstance(value, Constant) and isinstance(value.value, bool)
    return kind in TENSOR_LIKE or kind is Kind.NUMBER or is_flag
