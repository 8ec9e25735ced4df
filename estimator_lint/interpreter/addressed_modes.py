"""Which modes a model function addresses, and which it rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import NONE, SymbolicValue, TupleValue, Value, same_as_none
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY, Mode
from estimator_lint.tensorflow_api.train_op_functions import makes_a_step

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.trace import Trace
    from estimator_lint.project.code import FunctionCode

#: Fields of a spec that is made for prediction, and of any other.
_FOR_PREDICTING = ("predictions", "export_outputs")
_METRICS = ("eval_metric_ops", "eval_metrics")
_NOT_FOR_PREDICTING = ("loss", "train_op", *_METRICS)


def addressed_modes(
    function: ModelFunction, code: FunctionCode, traces: list[Trace]
) -> frozenset[Mode]:
    """The modes that a model function addresses.

    It names them in a test (for PREDICT, a test of ``labels`` against None counts, too); or it
    tests for both other modes, and does not end the remaining one with a ``raise``, and for PREDICT
    predicts something there, and the file, if it runs its Estimators, also runs that mode; or
    (TRAIN) one of its specs has a train_op, or one that TRAIN reaches has a loss and is not made
    for evaluation, or a head is given something to train with, but not if the file runs its
    Estimators without training them and no spec has a loss; or (EVAL) a spec that EVAL reaches has
    metrics; or the file runs an Estimator with the function in this mode. A mode that the file
    never runs and that builds no spec is not addressed by tests that only configure layers. A
    function that only predicts, or only evaluates, in every mode tests for TRAIN only to configure
    its layers. A function that takes no ``mode`` and is a model function only by its name
    addresses the modes whose keys it uses.
    """
    takes_mode = any(parameter.name == "mode" for parameter in code.parameters)
    if not takes_mode and not function.given_to and not function.decorated:
        return frozenset(
            MODE_OF_KEY[visit.key]
            for trace in traces
            for visit in trace.visits
            if isinstance(visit.key, str) and visit.key in MODE_OF_KEY
        )
    tested = {mode for trace in traces for mode in trace.tested}
    if any(trace.labels_tested for trace in traces):
        tested.add(Mode.PREDICT)
    if Mode.EVAL not in tested and (_only_predicts(traces, code) or _only_evaluates(traces)):
        tested.discard(Mode.TRAIN)
    tested -= {mode for mode in function.never_run if _is_left_out(mode, traces)}
    addressed = set(tested)
    for mode in Mode:
        others_tested = all(other in tested for other in Mode if other is not mode)
        if (
            others_tested
            and mode not in function.never_run
            and not is_rejected(mode, traces, but_for_refused_specs=True)
            and (mode is not Mode.PREDICT or _predicts(traces))
        ):
            addressed.add(mode)
    if any(_trains(trace, bool(tested)) for trace in traces) and not (
        Mode.TRAIN in function.never_run and _lacks_losses(traces)
    ):
        addressed.add(Mode.TRAIN)
    if any(_evaluates(trace) for trace in traces):
        addressed.add(Mode.EVAL)
    addressed.update(shown.mode for shown in function.inputs if shown.is_sole)
    return frozenset(addressed)


def is_rejected(mode: Mode, traces: list[Trace], *, but_for_refused_specs: bool = False) -> bool:
    """Whether every path of ``mode`` is meant to end in a ``raise``, some in one of its own.

    With ``but_for_refused_specs``, paths that TensorFlow ends at a spec made for another mode do
    not count.
    """
    last = {trace.mode: trace for trace in traces}  # the run past faults, if any
    others = set().union(
        *(trace.raised_by for other, trace in last.items() if other is not mode and trace.returns)
    )
    returns = [
        returned
        for returned in last[mode].returns
        if not (but_for_refused_specs and _is_for_another_mode(returned.value, mode))
    ]
    return not returns and bool(last[mode].raised_by - others)


def _is_for_another_mode(value: Value, mode: Mode) -> bool:
    """Whether a value is a spec without what ``mode`` requires."""
    return (
        isinstance(value, SpecValue)
        and bool(value.visits)
        and all(
            any(
                same_as_none(visit.fields.get(field, NONE))
                for field in visit.spec_class.required[mode]
            )
            for visit in value.visits
        )
    )


def _is_left_out(mode: Mode, traces: list[Trace]) -> bool:
    """Whether ``mode`` reaches no spec and returns nothing, whereas another mode builds specs."""
    own = [trace for trace in traces if trace.mode is mode]
    return any(trace.visits for trace in traces) and not any(
        trace.visits or trace.creates_estimator_spec or not same_as_none(returned.value)
        for trace in own
        for returned in trace.returns
    )


def _only_predicts(traces: list[Trace], code: FunctionCode) -> bool:
    """Whether all specs are for prediction only, and all modes reach the same ones.

    Or PREDICT alone reaches some, the others return nothing, and nothing shows that the function is
    meant to train.
    """
    return (
        (_all_come_to_the_same_specs(traces) or _leaves_out_all_but_predict(traces, code))
        and all(
            any(not same_as_none(visit.fields.get(field, NONE)) for field in _FOR_PREDICTING)
            for trace in traces
            if trace.mode is Mode.PREDICT
            for visit in trace.visits
        )
        and not any(
            _is_given(visit, field)
            for trace in traces
            for visit in trace.visits
            for field in _NOT_FOR_PREDICTING
        )
    )


def _leaves_out_all_but_predict(traces: list[Trace], code: FunctionCode) -> bool:
    return (
        all(_is_left_out(mode, traces) for mode in Mode if mode is not Mode.PREDICT)
        and all(trace.labels_name not in code.names_read for trace in traces)
        and not any(
            isinstance(origin, CallOf)
            and (makes_a_step(origin.path or "") or origin.name in ("minimize", "apply_gradients"))
            for trace in traces
            for origin in trace.origins.values()
        )
    )


def _only_evaluates(traces: list[Trace]) -> bool:
    """Whether TRAIN reaches the specs of EVAL, all of them with metrics and no train_op.

    PREDICT may end before it reaches them, because it has no labels.
    """
    labelled = [trace for trace in traces if trace.mode is not Mode.PREDICT]
    return _all_come_to_the_same_specs(labelled) and all(
        any(not same_as_none(visit.fields.get(field, NONE)) for field in _METRICS)
        and all(
            same_as_none(visit.fields.get(field, NONE)) for field in ("train_op", *_FOR_PREDICTING)
        )
        for trace in traces
        for visit in trace.visits
    )


def _all_come_to_the_same_specs(traces: list[Trace]) -> bool:
    """Whether the function builds specs, and the same ones in every mode."""
    if any(trace.creates_estimator_spec for trace in traces):
        return False
    sites = [{visit.place for visit in trace.visits} for trace in traces]
    return bool(sites[0]) and sites.count(sites[0]) == len(sites)


def _predicts(traces: list[Trace]) -> bool:
    """Whether PREDICT reaches a spec that is given predictions, or returns something else.

    A value that TRAIN and EVAL return by the same expression may be meant for these only.
    """
    shared = _return_places(Mode.TRAIN, traces) & _return_places(Mode.EVAL, traces)
    return any(
        trace.creates_estimator_spec
        or any(_is_made_to_predict(visit, trace) for visit in trace.visits)
        or any(
            _is_something_else(returned.value, trace)
            for returned in trace.returns
            if returned.place not in shared or not _may_be_a_spec(returned.value, trace)
        )
        for trace in traces
        if trace.mode is Mode.PREDICT
    )


def _may_be_a_spec(value: Value, trace: Trace) -> bool:
    """Whether ``value`` comes from a call whose callee is not even known by name."""
    origin = trace.origins.get(value.number) if isinstance(value, SymbolicValue) else None
    return isinstance(origin, CallOf) and origin.path is None


def _return_places(mode: Mode, traces: list[Trace]) -> set[Place | None]:
    """Where ``mode`` returns something."""
    return {returned.place for trace in traces if trace.mode is mode for returned in trace.returns}


def _is_something_else(value: Value, trace: Trace) -> bool:
    """Whether ``value`` is neither a spec nor None, and known to have been created.

    What merged paths return may be the specs that TRAIN and EVAL need, and the placeholder with
    which a run continues past a fault does not count.
    """
    if isinstance(value, SymbolicValue):
        known = value.symbol is not None or value.number in trace.origins
        return known and not _needs_unbound(value, trace)
    return not isinstance(value, SpecValue) and not same_as_none(value)


def _needs_unbound(value: SymbolicValue, trace: Trace) -> bool:
    """Whether ``value`` is computed from an unbound variable."""
    seen: set[int] = set()
    pending: list[Value | None] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, TupleValue):
            pending += one.items
        if not isinstance(one, SymbolicValue) or one.number in seen:
            continue
        if one.number in trace.instead_of_unbound:
            return True
        seen.add(one.number)
        match trace.origins.get(one.number):
            case CallOf(receiver=receiver, arguments=arguments, keywords=keywords):
                pending += (receiver, *arguments, *keywords.values())
            case OperationOn(operands=operands):
                pending += operands
            case ItemOf(base=base) | AttributeOf(base=base):
                pending.append(base)
    return False


def _is_made_to_predict(visit: SiteVisit, trace: Trace) -> bool:
    return any(
        field in visit.field_places or _is_something(visit.fields.get(field, NONE), trace)
        for field in _FOR_PREDICTING
    )


def _is_something(value: Value, trace: Trace) -> bool:
    """Whether a value is known to exist: not None, and not lost in a merge."""
    if isinstance(value, SymbolicValue):
        return value.not_none or value.symbol is not None or value.number in trace.origins
    return not same_as_none(value)


def _is_given(visit: SiteVisit, field: str) -> bool:
    """Whether a site is given a field: written out, even as None, or in a ``**``."""
    return field in visit.field_places or not same_as_none(visit.fields.get(field, NONE))


def _trains(trace: Trace, tests_modes: bool) -> bool:
    """Whether a spec of ``trace`` is made for training."""
    return trace.trains_by_head or any(
        not same_as_none(visit.fields["train_op"])
        or (
            trace.mode is Mode.TRAIN
            and not same_as_none(visit.fields["loss"])
            and (tests_modes or not _is_for_evaluation(visit))
        )
        for visit in trace.visits
    )


def _lacks_losses(traces: list[Trace]) -> bool:
    """Whether no spec is given a loss, in any mode, so that none can be trained with."""
    return not any(
        trace.trains_by_head or any(_is_given(visit, "loss") for visit in trace.visits)
        for trace in traces
    )


def _evaluates(trace: Trace) -> bool:
    """Whether a spec that EVAL reaches has metrics."""
    return trace.mode is Mode.EVAL and any(
        _is_something(visit.fields.get(field, NONE), trace)
        for visit in trace.visits
        for field in _METRICS
    )


def _is_for_evaluation(visit: SiteVisit) -> bool:
    """Whether a spec with a loss is evidently not made for training."""
    metrics = visit.fields.get("eval_metric_ops", visit.fields.get("eval_metrics"))
    return "train_op" in visit.written_none or (metrics is not None and not same_as_none(metrics))
