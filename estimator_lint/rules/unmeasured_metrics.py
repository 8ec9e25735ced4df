"""MFN507/517 and 508: metrics that measure nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import CallOf, ItemOf
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Picture,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.rules.computed import reads_input
from estimator_lint.rules.ranges_of_elements import classes_of, range_of
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.watched_calls import argument_place
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.element_ranges import Range
from estimator_lint.tensorflow_api.metric_predictions import Wanted, metric_input
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import Origins
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return


@dataclass(frozen=True)
class _Metric:
    """An entry of the metrics that an Estimator evaluates with.

    Attributes:
        name: its key.
        value: the ``(value, update_op)`` pair.
        place: where the spec gets it.
    """

    name: object
    value: Value
    place: Place


@dataclass(frozen=True)
class _Found:
    """The state of a place on a path: a fault in words, or none."""

    returned: Return
    fault: str | None


def _metrics(returned: Return) -> Iterator[_Metric]:
    """The metrics of the spec that a path of EVAL returns."""
    visits = returned.value.visits if isinstance(returned.value, SpecValue) else ()
    for visit in visits:
        for value, place in _dicts(visit):
            if isinstance(value, Picture) and isinstance(value.contents, DictContents):
                for name, entry in value.contents.entries.items():
                    yield _Metric(name, entry, place)


def _dicts(visit: SiteVisit) -> Iterator[tuple[Value, Place]]:
    if "eval_metric_ops" in visit.fields:
        yield visit.fields["eval_metric_ops"], visit.place_of("eval_metric_ops")
    if visit.host_metrics is not None:
        place = visit.host_metrics.place or visit.place_of("eval_metrics")
        for value in visit.host_metrics.results:
            yield value, place


def _judged(mode: Mode, found: dict[Place, list[_Found]]) -> Iterator[Judgement]:
    """Judgements of places that are wrong on some path; certain if they are right on none."""
    for place, at_place in found.items():
        wrong = [one for one in at_place if one.fault is not None]
        if wrong and one_exists(one.returned.doubts for one in wrong):
            passed = clearest(one.returned for one in wrong).passed
            certain = len(wrong) == len(at_place)
            yield Judgement(place, mode, certain, wrong[0].fault or "", passed=passed)


def _not_accumulated(traces: FunctionTraces) -> Iterator[Judgement]:
    """Metrics whose value is computed from the current batch only."""
    if Mode.EVAL not in traces.checked_modes:
        return
    trace = traces.traces[Mode.EVAL]
    found: dict[Place, list[_Found]] = {}
    for returned in trace.returns:
        faults: dict[Place, str | None] = {}
        for metric in _metrics(returned):
            faults.setdefault(metric.place, None)
            if isinstance(metric.value, TupleValue) and len(metric.value.items) == 2:
                if reads_input(metric.value.items[0], trace.origins):
                    fault = (
                        f"the value of metric '{metric.name}' is computed from the current batch"
                    )
                    faults[metric.place] = faults[metric.place] or fault
        for place, one in faults.items():
            found.setdefault(place, []).append(_Found(returned, one))
    yield from _judged(Mode.EVAL, found)


def _wrong_input(traces: FunctionTraces) -> Iterator[Judgement]:
    """Metrics that get predictions of another kind than they compare."""
    if Mode.EVAL not in traces.checked_modes:
        return
    trace = traces.traces[Mode.EVAL]
    found: dict[Place, list[_Found]] = {}
    for returned in trace.returns:
        faults: dict[Place, str | None] = {}
        for call in _metric_calls(returned, trace.origins):
            taken = metric_input(call.path or "")
            if taken is not None:
                at = argument_place(call.place, (taken.position, taken.name))
                faults[at] = faults.get(at) or _fault_of(call, trace.origins)
        for at, fault in faults.items():
            found.setdefault(at, []).append(_Found(returned, fault))
    yield from (judgement for judgement in _judged(Mode.EVAL, found) if judgement.certain)


def _metric_calls(returned: Return, origins: Origins) -> Iterator[CallOf]:
    """The calls that made the metrics of a path."""
    for metric in _metrics(returned):
        for part in metric.value.items if isinstance(metric.value, TupleValue) else ():
            call = metric_call(part, origins)
            if call is not None:
                yield call


def metric_call(part: Value, origins: Origins) -> CallOf | None:
    """The call of a metric that created a value or an update op."""
    item = origins.get(part.number) if isinstance(part, SymbolicValue) else None
    if not isinstance(item, ItemOf) or not isinstance(item.base, SymbolicValue):
        return None
    call = origins.get(item.base.number)
    is_metric = isinstance(call, CallOf) and kind_of_result(call.path or "") is Kind.METRIC
    return call if is_metric and isinstance(item.key, Constant) else None  # type: ignore[return-value]


def _fault_of(call: CallOf, origins: Origins) -> str | None:
    """What is wrong with the predictions that a metric gets."""
    taken = metric_input(call.path or "")
    given = None if taken is None else call.argument(taken.position, taken.name)
    if taken is None or given is None or not call.complete:
        return None
    name = (call.path or "").rpartition(".")[2]
    start = f"'{taken.name}' of {name}"
    found = range_of(given, origins)
    if taken.wanted is Wanted.CLASSES and found is not None:
        return f"{start} is a tensor of {found.value}, not of {taken.wanted.value}"
    if taken.wanted is Wanted.PROBABILITIES:
        classes = classes_of(given, origins)
        if classes is not None and classes > 2:
            return f"{start} is a tensor of ids of {classes} classes, not of {taken.wanted.value}"
        if found is Range.UNBOUNDED:
            return f"{start} is a tensor of {found.value}, not of {taken.wanted.value}"
    return None


METRIC_RULES = (
    Rule(
        "MFN507",
        "MFN517",
        "metric-of-one-batch",
        "The value of a metric is computed from the current batch, not from accumulated values.",
        "{subject}{possibly}, not from accumulated values, in {modes}",
        _not_accumulated,
    ),
    Rule(
        "MFN508",
        None,
        "metric-input",
        "A metric is given predictions of the wrong kind, such as logits where it needs class ids.",
        "{subject}, in {modes}",
        _wrong_input,
    ),
)
