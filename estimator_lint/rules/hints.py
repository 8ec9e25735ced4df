"""MFN8xx, hints: code that runs, but does not do what it seems to be meant for.

They are reported only if the settings request hints.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.paths.values_on_paths import not_none
from estimator_lint.domain.values.provenance import AttributeOf, CallOf
from estimator_lint.domain.values.values import same_as_none
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.tpu_specs import runs_on_tpu
from estimator_lint.rules.train_ops import items_of, of_returns
from estimator_lint.rules.watched_calls import Problem, judge_calls
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.layer_functions import dropout
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.symbols import is_tensorflow
from estimator_lint.tensorflow_api.unused_by_itself import (
    TELLS_LOSSES,
    is_keras_layer,
    keras_regularizers,
    makes_summary,
)

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace, UnusedResult


def _summaries_on_tpu(traces: FunctionTraces) -> Iterator[Judgement]:
    if Mode.TRAIN in traces.checked_modes and runs_on_tpu(traces, Mode.TRAIN):
        yield from judge_calls(traces, Mode.TRAIN, _summary)


def _summary(call: CallOf, trace: Trace) -> Problem | None:
    if call.path is None or not makes_summary(call.path):
        return None
    return Problem(None, f"tf.summary.{call.path.rpartition('.')[2]}")


def _summaries_of_eval(traces: FunctionTraces) -> Iterator[Judgement]:
    """Summaries that only EVAL creates, if no hook of the spec might write them."""
    if Mode.EVAL not in traces.checked_modes:
        return
    trace = traces.traces[Mode.EVAL]
    if not all(_has_no_hooks(returned) for returned in trace.returns):
        return
    in_training = _places_of_summaries(traces.traces[Mode.TRAIN])
    for place, returns in _places_of_summaries(trace).items():
        if place not in in_training and one_exists(returned.doubts for returned in returns):
            yield Judgement(place, Mode.EVAL, passed=clearest(returns).passed)


def _has_no_hooks(returned: Return) -> bool:
    spec = returned.value
    if not isinstance(spec, SpecValue):
        return True
    if spec.spec_class.for_tpu:
        return False
    given = [visit.fields.get("evaluation_hooks") for visit in spec.visits]
    return all(
        hooks is not None and (same_as_none(hooks) or items_of(hooks) == ()) for hooks in given
    )


def _places_of_summaries(trace: Trace) -> dict[Place, list[Return]]:
    found: dict[Place, list[Return]] = {}
    for returned in trace.returns:
        for watched, call in of_returns([returned], trace.origins):
            if call.path is not None and makes_summary(call.path):
                found.setdefault(watched.place, []).append(returned)
    return found


def _lost_regularizers(traces: FunctionTraces) -> Iterator[Judgement]:
    """Keras layers with regularizers in a mode with a loss in which nothing reads ``losses``."""
    for mode in (Mode.TRAIN, Mode.EVAL):
        if mode not in traces.checked_modes:
            continue
        trace = traces.traces[mode]
        layers = {
            number: origin
            for number, origin in trace.origins.items()
            if isinstance(origin, CallOf) and _regularizers(origin)
        }
        if not trace.returns or not layers or _may_read_losses(trace, set(layers)):
            continue
        for call in layers.values():
            yield Judgement(call.place, mode, subject=_regularizers(call)[0])


def _regularizers(call: CallOf) -> list[str]:
    """The arguments that certainly give a Keras layer a regularizer."""
    if call.path is None or not is_keras_layer(call.path):
        return []
    return [name for name in keras_regularizers(call.keywords) if not_none(call.keywords[name])]


def _may_read_losses(trace: Trace, layers: set[int]) -> bool:
    """Whether something reads the losses of layers, or unfollowed code gets a layer."""
    for origin in trace.origins.values():
        if isinstance(origin, AttributeOf) and origin.name in TELLS_LOSSES:
            return True
        if isinstance(origin, CallOf) and not (origin.path and is_tensorflow(origin.path)):
            given = (*origin.arguments, *origin.keywords.values())
            if any(getattr(value, "number", None) in layers for value in given):
                return True
    return False


def _unused_dropout(traces: FunctionTraces) -> Iterator[Judgement]:
    """Dropout in training whose result is never read."""
    if Mode.TRAIN not in traces.checked_modes:
        return
    found: dict[Place, list[UnusedResult]] = {}
    for unused in traces.traces[Mode.TRAIN].unused_results:
        if dropout(unused.path) is not None:
            found.setdefault(unused.place, []).append(unused)
    for place, facts in found.items():
        if one_exists(fact.doubts for fact in facts):
            subject, passed = dropout(facts[0].path) or "", clearest(facts).passed
            yield Judgement(place, Mode.TRAIN, subject=subject, passed=passed)


HINT_RULES = (
    Rule(
        "MFN801",
        None,
        "summary-on-tpu",
        "A summary is created in a function that trains on a TPU, where summaries are not written.",
        "'{subject}' is not written on a TPU in {modes}; use host_call",
        _summaries_on_tpu,
        is_hint=True,
    ),
    Rule(
        "MFN802",
        None,
        "summary-only-in-eval",
        "A summary is created only in EVAL, where no hook writes it.",
        "a summary created only in {modes} is not written without evaluation_hooks",
        _summaries_of_eval,
        is_hint=True,
    ),
    Rule(
        "MFN803",
        None,
        "keras-regularizer-lost",
        "The regularizer of a Keras layer does not reach the loss: nothing reads `losses`.",
        "'{subject}' does not reach the loss in {modes}: nothing reads 'losses' of the layer",
        _lost_regularizers,
        is_hint=True,
    ),
    Rule(
        "MFN804",
        None,
        "unused-dropout",
        "The result of a dropout is never used, so it has no effect.",
        "the result of '{subject}' is never used in {modes}",
        _unused_dropout,
        is_hint=True,
    ),
)
