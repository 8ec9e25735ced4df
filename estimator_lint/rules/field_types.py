"""MFN302-309 and 312-318: field values that TensorFlow rejects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import OperationOn
from estimator_lint.domain.values.values import Constant, DictContents, Picture
from estimator_lint.rules.export_outputs import wrong_outputs
from estimator_lint.rules.rule import Check, FineAt, Judgement, Rule
from estimator_lint.rules.sites import always_fail, visits_by_site
from estimator_lint.rules.sources import behind
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.field_checks import HOOK_FIELDS, RESERVED_METRICS
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.domain.paths.spec_values import Mistyped, SiteVisit
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Trace

_SUMS = frozenset({"Add", "AddAssign"})


def _mistyped(visit: SiteVisit, field: str, returned: frozenset[SiteVisit]) -> list[Mistyped]:
    """The wrong values of ``field`` that TensorFlow's checks, or the Estimator, notice."""
    return [
        mistyped
        for mistyped in visit.mistyped
        if mistyped.field == field
        and (visit in returned if mistyped.exception is None else visit.rejected)
    ]


def _returned(trace: Trace) -> frozenset[SiteVisit]:
    """The constructions of the specs that the Estimator gets."""
    return frozenset(
        visit
        for returned in trace.returns
        if isinstance(returned.value, SpecValue)
        for visit in returned.value.visits
    )


def _wrong_type(*fields: str) -> Check:
    """A check for values of ``fields`` that TensorFlow does not accept."""

    def check(traces: FunctionTraces) -> Iterator[Judgement]:
        for mode in traces.checked_modes:
            trace = traces.traces[mode]
            returned = _returned(trace)
            for site in visits_by_site(trace.visits, also_caught=True).values():
                for field in fields:
                    yield from _judge(mode, site, field, returned, trace)

    return check


def _judge(
    mode: Mode,
    site: list[SiteVisit],
    field: str,
    returned: frozenset[SiteVisit],
    trace: Trace,
) -> Iterator[Judgement]:
    bad = [visit for visit in site if not visit.caught and _mistyped(visit, field, returned)]
    if not one_exists(visit.doubts for visit in bad):
        return
    shown = clearest(bad)
    found = _mistyped(shown, field, returned)
    certain = always_fail(bad, site) and all(
        any(one.sure for one in _mistyped(visit, field, returned)) for visit in bad
    )
    place = found[0].place or shown.place_of(field)
    if field == "loss" and not certain and all(_is_empty_sum(one, site, trace) for one in bad):
        return
    text = _told(found, place)
    yield Judgement(place, mode, certain, text, passed=shown.passed, fact=shown)


def _is_empty_sum(bad: SiteVisit, site: list[SiteVisit], trace: Trace) -> bool:
    """Whether a loss is the initial zero of a sum; in practice, some term is always added."""
    start = bad.fields["loss"]
    return start in (Constant(0), Constant(0.0)) and any(
        isinstance(origin, OperationOn) and origin.name in _SUMS and start in origin.operands
        for visit in site
        for _, origin in behind(
            visit.fields["loss"], trace.origins, lambda made: isinstance(made, OperationOn)
        )
    )


def _told(found: list[Mistyped], place: Place) -> str:
    """What is wrong, and the line that created the value, if not that of the finding."""
    first = found[0]
    text = f"{first.field}{first.part} {first.problem}"
    if first.origin is not None and first.origin.position().line != place.position().line:
        text += f" (from line {first.origin.position().line})"
    if first.wanted:
        text += f", not {first.wanted}"
    return f"{text}, and {len(found) - 1} more" if len(found) > 1 else text


def _takes(*fields: str) -> FineAt:
    def fine_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
        trace = traces.traces[mode]
        returned = _returned(trace)
        return any(
            visit.place_of(field) == place and not _mistyped(visit, field, returned)
            for visit in trace.visits_about(place)
            for field in fields
            if not visit.caught
        )

    return fine_at


def _reserved_name(traces: FunctionTraces) -> Iterator[Judgement]:
    if Mode.EVAL not in traces.checked_modes:
        return
    for visit in traces.traces[Mode.EVAL].visits:
        metrics = visit.fields.get("eval_metric_ops")
        if visit.doubts or visit.rejected or not isinstance(metrics, Picture):
            continue
        if isinstance(metrics.contents, DictContents):
            for name in RESERVED_METRICS & metrics.contents.entries.keys():
                place = visit.place_of("eval_metric_ops")
                yield Judgement(place, Mode.EVAL, subject=name, passed=visit.passed)


_MESSAGE = "{subject}{possibly}, in {modes}"


def _rule(code: str, possible: str | None, name: str, summary: str, *fields: str) -> Rule:
    return Rule(code, possible, name, summary, _MESSAGE, _wrong_type(*fields), _takes(*fields))


def _wrong_exports(traces: FunctionTraces) -> Iterator[Judgement]:
    yield from _wrong_type("export_outputs")(traces)
    yield from wrong_outputs(traces)


FIELD_TYPE_RULES = (
    _rule(
        "MFN302",
        "MFN312",
        "eval-metric-ops",
        "`eval_metric_ops`, or the result of the function in `eval_metrics`, is not a dict of "
        "`(value, update_op)` tuples.",
        "eval_metric_ops",
        "eval_metrics",
    ),
    Rule(
        "MFN303",
        None,
        "reserved-metric-name",
        "A metric is named `loss` or `global_step`, which the Estimator reserves.",
        "metric name '{subject}' is reserved by the Estimator in {modes}",
        _reserved_name,
    ),
    _rule(
        "MFN304",
        "MFN314",
        "loss-type",
        "`loss` is not a scalar tensor.",
        "loss",
    ),
    _rule(
        "MFN305",
        "MFN315",
        "train-op-type",
        "`train_op` is not an op or tensor.",
        "train_op",
    ),
    _rule(
        "MFN306",
        "MFN316",
        "predictions-type",
        "`predictions` is neither a tensor nor a dict of tensors with string keys.",
        "predictions",
    ),
    Rule(
        "MFN307",
        "MFN317",
        "export-outputs",
        "`export_outputs` is not a dict of `ExportOutput` objects, has several entries but no "
        "default, or an entry is made of tensors of the wrong type.",
        _MESSAGE,
        _wrong_exports,
        _takes("export_outputs"),
    ),
    _rule(
        "MFN308",
        "MFN318",
        "hooks-type",
        "Hooks are not a list of `SessionRunHook` objects.",
        *HOOK_FIELDS,
    ),
    _rule(
        "MFN309",
        None,
        "scaffold-type",
        "`scaffold` is not a `Scaffold`.",
        "scaffold",
    ),
)
