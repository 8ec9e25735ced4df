"""What a train_op runs: the optimizer's step, followed back from the returned spec."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.discovery.estimator_uses import UNKNOWN_ESTIMATOR
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Picture,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    holds,
)
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.results import returns_tensor
from estimator_lint.tensorflow_api.symbols import is_tensorflow
from estimator_lint.tensorflow_api.train_op_functions import (
    READING_ATTRIBUTES,
    changes_global_step,
    is_global_step,
    is_update_ops,
    makes_a_step,
    only_watches,
    reads_global_step,
    runs_nothing_that_trains,
    runs_what_it_is_given,
)
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import Origin, Origins
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace, WatchedCall

#: A watched call and what is known about it.
Made: TypeAlias = "tuple[WatchedCall, CallOf]"


@dataclass(frozen=True)
class TrainingPath:
    """One path of TRAIN that returns a spec.

    Attributes:
        returned: its end.
        trace: all that was recorded in TRAIN.
        steps: the optimizers' steps that the train_op runs; empty if the path may take others.
    """

    returned: Return
    trace: Trace
    steps: tuple[Made, ...]

    @property
    def step(self) -> Made | None:
        """The one step of the path; None if there are several, or it is unknown."""
        return self.steps[0] if len(self.steps) == 1 else None

    def calls(self) -> Iterator[Made]:
        """The watched calls that the path makes, or may make."""
        return of_returns([self.returned], self.trace.origins)


def training_paths(traces: FunctionTraces) -> list[TrainingPath]:
    """The paths of TRAIN; none if TRAIN is not checked."""
    if Mode.TRAIN not in traces.checked_modes or not traces.is_evident:
        return []
    if UNKNOWN_ESTIMATOR in traces.function.given_to:
        return []  # an Estimator of another library may count and update by itself
    trace = traces.traces[Mode.TRAIN]
    return [
        TrainingPath(returned, trace, _all_steps(returned, trace)) for returned in trace.returns
    ]


def of_returns(paths: Iterable[Return], origins: Origins) -> Iterator[Made]:
    """The watched calls of all ``paths``."""
    for returned in paths:
        for watched in returned.happened:
            origin = origins.get(watched.result.number)
            if isinstance(origin, CallOf):
                yield watched, origin


def _all_steps(returned: Return, trace: Trace) -> tuple[Made, ...]:
    spec = returned.value
    if not isinstance(spec, SpecValue) or len(spec.visits) != 1:
        return ()
    fields = spec.visits[0].fields
    for name in ("training_hooks", "training_chief_hooks"):
        if not _all_watch(fields.get(name), trace.origins):
            return ()
    return _made_steps(fields["train_op"], returned, trace)


def _made_steps(train_op: Value, returned: Return, trace: Trace) -> tuple[Made, ...]:
    """The steps that ``train_op`` runs, if they are all that a path takes."""
    steps = _steps_behind(train_op, trace.origins)
    if steps is None:
        return ()
    dropped = dropped_with_train_ops(returned, trace.origins) - steps
    made = [
        (watched, call)
        for watched, call in of_returns([returned], trace.origins)
        if call.path is not None
        and makes_a_step(call.path)
        and watched.result.number not in dropped
    ]
    # Code that is not seen may alternate between these steps and others.
    taken = [watched.result.number for watched, _ in made]
    if len(taken) != len(steps) or set(taken) != steps:
        return ()
    return tuple(made) if all(call.complete for _, call in made) else ()


def step_of_wrapper(returned: Return, trace: Trace) -> CallOf | None:
    """The step that replaces the train_op in the spec of an unknown model function."""
    replacing = _call_behind(returned.value, trace.origins)
    if replacing is None or replacing.name != "_replace" or not replacing.complete:
        return None
    train_op = replacing.keywords.get("train_op")
    wrapped = _call_behind(replacing.receiver, trace.origins)
    # If joined paths had different steps, the origin is unknown.
    calls = trace.origins.values() if wrapped is None else [wrapped]
    if train_op is None or not any(map(_calls_model_function, calls)):
        return None
    steps = _steps_behind(train_op, trace.origins, _looks_like_a_step)
    if steps is None or len(steps) != 1:
        return None
    step = trace.origins[steps.pop()]
    return step if isinstance(step, CallOf) and step.complete else None


def _calls_model_function(origin: Origin) -> bool:
    """Whether an unknown function is called like a model function."""
    return (
        isinstance(origin, CallOf)
        and origin.path is None
        and origin.name != "create_estimator_spec"
        and any(
            isinstance(value, Constant) and value.role == "mode"
            for value in (*origin.arguments, *origin.keywords.values())
        )
    )


def _looks_like_a_step(call: CallOf) -> bool:
    """Whether a call looks like the step of some optimizer."""
    return call.name in ("minimize", "apply_gradients")


def _call_behind(value: Value | None, origins: Origins) -> CallOf | None:
    """The call that returned a value."""
    origin = origins.get(value.number) if isinstance(value, SymbolicValue) else None
    return origin if isinstance(origin, CallOf) else None


def dropped_with_train_ops(returned: Return, origins: Origins) -> set[int]:
    """The numbers of values that only a dropped train_op would run."""
    if not isinstance(returned.value, SpecValue):
        return set()
    replaced = [earlier for visit in returned.value.visits for earlier in visit.replaced]
    for visit in replaced:
        replaced += visit.replaced
    dropped = behind_with_control((visit.fields["train_op"] for visit in replaced), origins)
    return dropped - behind_with_control(returned.value.fields.values(), origins)


def behind_with_control(values: Iterable[Value], origins: Origins) -> set[int]:
    """The numbers of all values that ``values`` are computed from, or run after."""
    seen: set[int] = set()
    pending = list(values)
    while pending:
        value = pending.pop()
        for number in numbers_in(value) - seen:
            seen.add(number)
            match origins.get(number):
                case CallOf() as call:
                    pending += (*call.arguments, *call.keywords.values(), *call.control)
                    pending += () if call.receiver is None else (call.receiver,)
                case ItemOf(base=base) | AttributeOf(base=base):
                    pending.append(base)
                case OperationOn(operands=operands):
                    pending += operands
    return seen


def numbers_in(value: Value) -> set[int]:
    """The numbers of ``value`` and of the values in it."""
    if isinstance(value, SymbolicValue):
        return {value.number}
    match value:
        case Picture(contents=DictContents() as contents):
            held = contents.values
        case Picture(contents=SequenceContents() as sequence):
            held = (*sequence.items, *sequence.held)
        case TupleValue(items=items):
            held = items
        case _:
            held = ()
    return {number for one in held for number in numbers_in(one)}


def _all_watch(hooks: Value | None, origins: Origins) -> bool:
    """Whether the hooks of a spec do not affect training."""
    if hooks is None or isinstance(hooks, Constant):
        return True
    items = items_of(hooks)
    return items is not None and all(
        isinstance(item, SymbolicValue)
        and item.result_of is not None
        and only_watches(item.result_of)
        for item in items
    )


def _is_step(call: CallOf) -> bool:
    return makes_a_step(call.path or "")


def _steps_behind(
    train_op: Value, origins: Origins, is_step: Callable[[CallOf], bool] = _is_step
) -> set[int] | None:
    """The numbers of the optimizers' steps that ``train_op`` runs; None if it may run others."""
    steps: set[int] = set()
    seen: set[int] = set()
    pending = [train_op]
    while pending:
        value = pending.pop()
        if isinstance(value, Constant):
            continue
        items = items_of(value)
        if items is not None:
            pending += items
            continue
        if not isinstance(value, SymbolicValue):
            return None
        if value.number in seen:
            continue
        seen.add(value.number)
        call = origins.get(value.number)
        run_with = op_behind(call)
        if run_with is None and isinstance(call, ItemOf):
            of_list = _is_list_of_a_step(call.base) or _is_metric(call.base, origins)
            run_with = call.base if of_list else None
        if run_with is not None:
            pending.append(run_with)
            continue
        if not isinstance(call, CallOf) or not call.complete:
            return None
        pending += call.control
        if is_step(call):
            steps.add(value.number)
        elif _only_computes(call.path):
            given = behind_with_control((*call.arguments, *call.keywords.values()), origins)
            steps.update(number for number in given if _is_step_of(number, origins, is_step))
        elif call.path is None:
            return None
        elif runs_what_it_is_given(call.path):
            pending += call.arguments
            pending += call.keywords.values()
        elif not (runs_nothing_that_trains(call.path) or reads_update_ops(call)):
            return None
    return steps


def _is_step_of(number: int, origins: Origins, is_step: Callable[[CallOf], bool]) -> bool:
    origin = origins.get(number)
    return isinstance(origin, CallOf) and is_step(origin)


def op_behind(origin: Origin | None) -> Value | None:
    """The tensor whose op a value is, if it is ``tensor.op``."""
    return origin.base if isinstance(origin, AttributeOf) and origin.name == "op" else None


def _is_metric(value: Value, origins: Origins) -> bool:
    """Whether ``value`` is the pair that a metric function returns."""
    origin = origins.get(value.number) if isinstance(value, SymbolicValue) else None
    return isinstance(origin, CallOf) and _returns_metric(origin.path)


def _returns_metric(path: str | None) -> bool:
    return path is not None and kind_of_result(path) is Kind.METRIC


def _only_computes(path: str | None) -> bool:
    """Whether the op of a call trains nothing, unless it is given something that does."""
    return path is not None and (
        _returns_metric(path)
        or kind_of_result(path.rpartition("()")[0]) is Kind.KERAS_METRIC
        or (returns_tensor(path) and not runs_what_it_is_given(path))
    )


def _is_list_of_a_step(value: Value) -> bool:
    """Whether each item of ``value`` is the step of a Keras optimizer, which returns a list."""
    return isinstance(value, SymbolicValue) and (value.result_of or "").endswith("().get_updates")


def items_of(value: Value) -> tuple[Value, ...] | None:
    """The items of a tuple, list or set; None for anything else, or if unknown."""
    if isinstance(value, TupleValue):
        return value.items
    if isinstance(value, Picture) and not isinstance(value.contents, DictContents):
        return None if value.contents.open else value.contents.items
    return None


def reads_update_ops(call: CallOf) -> bool:
    """Whether a call reads the collection UPDATE_OPS."""
    return (call.path or "").endswith("get_collection") and names_update_ops(call)


def names_update_ops(call: CallOf) -> bool:
    """Whether the first argument of a call is the name of the collection UPDATE_OPS."""
    return stands_for_update_ops(call.argument(0, "key"))


def stands_for_update_ops(value: Value | None) -> bool:
    """Whether a value is the name of the collection UPDATE_OPS, written out or as an attribute."""
    if isinstance(value, Constant):
        return is_update_ops(value.value)
    return isinstance(value, SymbolicValue) and is_update_ops(value.symbol)


def may_count_steps(trace: Trace) -> bool:
    """Whether something besides the optimizers might increment the global step."""
    calls = {
        number: origin for number, origin in trace.origins.items() if isinstance(origin, CallOf)
    }
    steps = {number for number, call in calls.items() if _is_global_step(call)}
    control = {value for call in calls.values() for value in call.control}
    return (
        any(_may_count(origin, steps) for origin in trace.origins.values())
        or any(changes_global_step(call.path or "") for call in calls.values())
        or any(_steps_behind(value, trace.origins) is None for value in control)
    )


def _is_global_step(call: CallOf) -> bool:
    """Whether a call returns the global step, also as the variable of that name."""
    return is_global_step(call.path or "") or any(
        isinstance(value, Constant) and value.value == "global_step"
        for value in (*call.arguments, *call.keywords.values())
    )


def _may_count(origin: object, steps: set[int]) -> bool:
    match origin:
        case AttributeOf(SymbolicValue(number=number), name):
            return number in steps and name not in READING_ATTRIBUTES
        case CallOf(path, arguments=arguments, keywords=keywords):
            if path is not None and reads_global_step(path):
                return False
            return any(
                holds(value, steps, closed=False) for value in (*arguments, *keywords.values())
            ) or any(
                isinstance(value, SymbolicValue)
                and (value.symbol or "").endswith("GraphKeys.GLOBAL_STEP")
                for value in arguments
            )
    return False


def is_left_alone(thing: Value | None, trace: Trace) -> bool:
    """Whether no code but TensorFlow's could have changed what an optimizer or a model does."""
    if not isinstance(thing, SymbolicValue):
        return False
    changed = any(number == thing.number for number, _ in trace.stored)
    return not changed and not any(
        isinstance(origin, CallOf)
        and not is_tensorflow(origin.path or "")
        and any(
            holds(value, {thing.number}, closed=False)
            for value in (*origin.arguments, *origin.keywords.values())
        )
        for origin in trace.origins.values()
    )
