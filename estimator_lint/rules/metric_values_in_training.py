"""MFN509: the value of a metric is read in training, but never updated there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    Constant,
    Picture,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.rules.computed import computed_from
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.train_ops import numbers_in, of_returns, training_paths
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.metric_objects import KNOWN_OF_METRICS, RESULT, updates_metric
from estimator_lint.tensorflow_api.metric_predictions import UPDATES_COLLECTIONS, writes_summary
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import Origin, Origins
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, WatchedCall

_HOOKS = ("training_hooks", "training_chief_hooks")


def _not_updated(traces: FunctionTraces) -> Iterator[Judgement]:
    found: dict[Place, list[tuple[Return, str | None]]] = {}
    for path in training_paths(traces):
        if _has_own_hooks(path.returned):
            return
        for watched, call in of_returns([path.returned], path.trace.origins):
            if path.returned.happened[watched] and _is_run(watched, call, path.returned):
                metric = _metric_read(call, path.trace.origins)
                found.setdefault(watched.place, []).append((path.returned, metric))
    for place, at_place in found.items():
        names = [metric for _, metric in at_place]
        if None not in names and one_exists(returned.doubts for returned, _ in at_place):
            passed = clearest(returned for returned, _ in at_place).passed
            yield Judgement(place, Mode.TRAIN, subject=names[0] or "", passed=passed)


def _is_run(watched: WatchedCall, call: CallOf, returned: Return) -> bool:
    """Whether training runs the arguments of a call: of summaries, and of hooks in the spec."""
    if writes_summary(call.path or ""):
        return True
    if kind_of_result(call.path or "") is not Kind.HOOK or not isinstance(
        returned.value, SpecValue
    ):
        return False
    hooks = (visit.fields.get(name) for visit in returned.value.visits for name in _HOOKS)
    return any(value is not None and watched.result.number in numbers_in(value) for value in hooks)


def _has_own_hooks(returned: Return) -> bool:
    """Whether training gets a hook of a class of the project, which may run updates."""
    visits = returned.value.visits if isinstance(returned.value, SpecValue) else ()
    given = (visit.fields.get(name) for visit in visits for name in _HOOKS)
    return any(
        isinstance(part, SymbolicValue) and part.instance_of is not None
        for value in given
        if isinstance(value, TupleValue | Picture)
        for part in value.parts
    )


def _metric_read(call: CallOf, origins: Origins) -> str | None:
    """The name of a metric whose value a call gets, and whose update op is never run."""
    for given in (*call.arguments, *call.keywords.values()):
        for one in computed_from(given, origins):
            match origins.get(one.number):
                case ItemOf(base=base, key=Constant(value=0)):
                    metric = _metric(base, origins)
                    if metric is not None and not _may_be_updated(base, metric, origins):
                        return (metric.path or "").rpartition(".")[2]
                case CallOf(path=str() as path, receiver=SymbolicValue() as metric_object):
                    maker, _, method = path.rpartition("()")
                    is_value = method == RESULT and kind_of_result(maker) is Kind.KERAS_METRIC
                    if is_value and not _may_be_updated_object(metric_object, origins):
                        return maker.rpartition(".")[2]
    return None


def _metric(value: Value, origins: Origins) -> CallOf | None:
    call = origins.get(value.number) if isinstance(value, SymbolicValue) else None
    if isinstance(call, CallOf) and kind_of_result(call.path or "") is Kind.METRIC:
        return call
    return None


def _may_be_updated(pair: Value, metric: CallOf, origins: Origins) -> bool:
    """Whether something gets the update op of a metric."""
    collections = metric.keywords.get(UPDATES_COLLECTIONS)
    if not metric.complete or not (collections is None or same_as_none(collections)):
        return True
    updates = {
        number
        for number, origin in origins.items()
        if isinstance(origin, ItemOf) and origin.base == pair and origin.key != Constant(0)
    }
    updates |= numbers_in(pair)
    return any(
        _takes(origin, updates)
        for origin in origins.values()
        if not (isinstance(origin, ItemOf) and origin.base == pair)
    )


def _may_be_updated_object(metric: SymbolicValue, origins: Origins) -> bool:
    """Whether something gets what updates a Keras metric, or may do more with the metric."""
    updates = {
        number
        for number, origin in origins.items()
        if isinstance(origin, CallOf) and origin.receiver == metric and updates_metric(origin.path)
    }
    return any(
        _takes(origin, updates) or _may_update(origin, metric) for origin in origins.values()
    )


def _may_update(origin: Origin, metric: SymbolicValue) -> bool:
    """Whether something gets a Keras metric that may run its updates."""
    match origin:
        case AttributeOf(base=base, name=name):
            return base == metric and name not in KNOWN_OF_METRICS
        case CallOf(path=path, arguments=arguments, keywords=keywords):
            given = (*arguments, *keywords.values())
            return any(metric.number in numbers_in(value) for value in given) and not (
                path is not None and is_tensorflow(path)
            )
    return False


def _takes(origin: Origin, numbers: set[int]) -> bool:
    """Whether something is computed from one of the values of these numbers, or runs after it."""
    match origin:
        case ItemOf(base=base) | AttributeOf(base=base):
            given: tuple[Value, ...] = (base,)
        case OperationOn(operands=operands):
            given = operands
        case CallOf() as call:
            given = (*call.arguments, *call.keywords.values(), *call.control)
            given += () if call.receiver is None else (call.receiver,)
    return any(numbers_in(value) & numbers for value in given)


NOT_UPDATED = Rule(
    "MFN509",
    None,
    "metric-not-updated",
    "The value of a metric is read in training, where nothing runs its update op.",
    "the value of '{subject}' is read, but nothing runs its update op in {modes}",
    _not_updated,
)
