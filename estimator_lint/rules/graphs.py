"""MFN602-604: variables and ops missing from the graph of a mode, or from its checkpoint."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from estimator_lint.discovery.estimator_uses import UNKNOWN_ESTIMATOR
from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Picture,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.rules.names_in_graphs import (
    OpNames,
    Variables,
    calls_of,
    layers_called_again,
    may_be_named,
    names_of_variables,
    op_names,
    variables_of,
)
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.train_ops import items_of
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.metric_predictions import writes_summary
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import short_name

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace

#: Parts of the names of functions that restore variables by other means than the Estimator.
_RESTORING = ("checkpoint", "saver", "warm_start")
_HOOKS = {
    Mode.TRAIN: ("training_hooks", "training_chief_hooks"),
    Mode.EVAL: ("evaluation_hooks",),
    Mode.PREDICT: ("prediction_hooks",),
}
_LOGGING_HOOK = "LoggingTensorHook"


def _judged(mode: Mode, found: dict[Place, tuple[str, list[Return]]]) -> Iterator[Judgement]:
    """Judgements of places that are wrong on every path that reaches them."""
    for place, (subject, returns) in found.items():
        if one_exists(returned.doubts for returned in returns):
            yield Judgement(place, mode, subject=subject, passed=clearest(returns).passed)


def _made(
    returned: Return, trace: Trace, unclear: Collection[int]
) -> Iterator[tuple[Place, Variables]]:
    """The variables that a path creates or reuses, each with the call.

    Except for those of the layer objects with the numbers ``unclear``.
    """
    for watched in returned.made:
        call = trace.origins.get(watched.result.number)
        if not isinstance(call, CallOf) or "collections" in call.keywords:
            continue
        if isinstance(call.receiver, SymbolicValue) and call.receiver.number in unclear:
            continue
        made = variables_of(call, trace.origins)
        if made is not None:
            yield watched.place, made


def _not_trained(traces: FunctionTraces) -> Iterator[Judgement]:
    """Variables of EVAL or PREDICT that training never creates, so that no checkpoint has them."""
    training = traces.traces[Mode.TRAIN]
    if Mode.TRAIN not in traces.checked_modes or not training.returns:
        return
    if UNKNOWN_ESTIMATOR in traces.function.given_to:
        return  # it may restore in any way
    if _goes_wrong(training):
        return  # variables that would be created later are unknown
    trained = names_of_variables(training)
    if trained is None or any(map(_restores, traces.traces.values())):
        return
    for mode in (Mode.EVAL, Mode.PREDICT):
        found: dict[Place, tuple[str, list[Return]]] = {}
        trace = traces.traces[mode]
        unclear = layers_called_again(trace.origins)
        for returned in trace.returns if mode in traces.checked_modes else ():
            if not _has_own_scaffold(returned):
                for place, made in _made(returned, trace, unclear):
                    if made.reused is None and not may_be_named(made.name, trained):
                        found.setdefault(place, (made.name, []))[1].append(returned)
        yield from _judged(mode, found)


def _goes_wrong(trace: Trace) -> bool:
    """Whether some path of a mode ends early, before it has created all its variables."""
    return bool(
        trace.unbound_reads
        or trace.argument_mismatches
        or trace.missing_params
        or trace.missing_items
        or trace.rejected_calls
        or any(visit.rejected for visit in trace.visits)
    )


def _restores(trace: Trace) -> bool:
    """Whether something may restore variables other than by their names."""
    return any(
        part in (call.path or call.name or "").lower()
        for call in calls_of(trace)
        for part in _RESTORING
    )


def _has_own_scaffold(returned: Return) -> bool:
    """Whether the spec of a path may restore variables through its own scaffold."""
    if not isinstance(returned.value, SpecValue):
        return True
    return not all(
        same_as_none(visit.fields[name])
        for visit in returned.value.visits
        for name in ("scaffold", "scaffold_fn")
        if name in visit.fields
    )


def _reuses_nothing(traces: FunctionTraces) -> Iterator[Judgement]:
    """``reuse=True`` for variables that the mode's own graph does not have."""
    for mode in traces.checked_modes:
        trace = traces.traces[mode]
        names = names_of_variables(trace)
        if names is None:
            continue
        unclear = layers_called_again(trace.origins)
        found: dict[Place, tuple[str, list[Return]]] = {}
        for returned in trace.returns:
            for _, made in _made(returned, trace, unclear):
                if made.reused is not None and not may_be_named(made.name, names):
                    found.setdefault(made.reused, (made.name, []))[1].append(returned)
        yield from _judged(mode, found)


def _names_nothing(traces: FunctionTraces) -> Iterator[Judgement]:
    """Hooks that name a tensor of another mode, or a summary."""
    names = {mode: op_names(traces.traces[mode]) for mode in Mode}
    for mode in traces.checked_modes:
        found: dict[Place, tuple[str, list[Return]]] = {}
        elsewhere = {name for other in Mode if other is not mode for name in names[other].certain}
        trace = traces.traces[mode]
        for returned in trace.returns:
            for hook in _hooks(returned, mode, trace):
                fault = _fault_of(hook, names[mode], elsewhere, trace)
                if fault is not None:
                    found.setdefault(hook.place, (fault, []))[1].append(returned)
        yield from _judged(mode, found)


def _hooks(returned: Return, mode: Mode, trace: Trace) -> Iterator[CallOf]:
    """The hooks that log tensors, in the spec of a path."""
    visits = returned.value.visits if isinstance(returned.value, SpecValue) else ()
    for visit in visits:
        for field in _HOOKS[mode]:
            for hook in items_of(visit.fields.get(field, TupleValue(()))) or ():
                call = trace.origins.get(hook.number) if isinstance(hook, SymbolicValue) else None
                if isinstance(call, CallOf) and (call.path or "").endswith(_LOGGING_HOOK):
                    yield call


def _fault_of(hook: CallOf, here: OpNames, elsewhere: set[str], trace: Trace) -> str | None:
    """What is wrong with the names or tensors that a hook gets."""
    for value in _given(hook.argument(0, "tensors")):
        made_by = trace.origins.get(value.number) if isinstance(value, SymbolicValue) else None
        if isinstance(made_by, CallOf) and writes_summary(made_by.path or ""):
            return f"the result of 'tf.{short_name(made_by.path or '')}' is a summary, not a tensor"
        given = value.value if isinstance(value, Constant) else None
        if not isinstance(given, str):
            continue
        name = given.partition(":")[0]
        if not here.closed or name in here.possible:
            continue
        if name in here.summaries:
            return f"'{given}' is a summary, not a tensor"
        if name in elsewhere:
            return f"'{given}' is not in the graph"
    return None


def _given(tensors: Value | None) -> tuple[Value, ...]:
    """The names or tensors that a hook logs."""
    match tensors:
        case Picture(contents=DictContents() as contents):
            return contents.values
        case None:
            return ()
        case _:
            return items_of(tensors) or ()


GRAPH_RULES = (
    Rule(
        "MFN602",
        None,
        "variable-not-trained",
        "EVAL or PREDICT creates a variable that TRAIN does not create, so no checkpoint has it.",
        "variable '{subject}' is not created in TRAIN, so no checkpoint has it in {modes}",
        _not_trained,
    ),
    Rule(
        "MFN603",
        None,
        "reuse-of-nothing",
        "`reuse=True` asks for variables that the graph of the mode does not contain.",
        "variable '{subject}' is reused (reuse=True) but never created in {modes}",
        _reuses_nothing,
    ),
    Rule(
        "MFN604",
        None,
        "hook-names-nothing",
        "A `LoggingTensorHook` names a tensor of another mode, or a summary.",
        "{subject} in {modes}",
        _names_nothing,
    ),
)
