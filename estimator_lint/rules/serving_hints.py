"""MFN805 and 806, hints: code that works in training, but fails when the model is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Picture,
    SymbolicValue,
    Value,
    same_as_none,
)
from estimator_lint.rules.computed import reads_input
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.sources import behind
from estimator_lint.rules.watched_calls import argument_place
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.none_arguments import parameters_rejecting_none
from estimator_lint.tensorflow_api.shapes import SQUEEZE_AXES, keeps_shape, squeezes
from estimator_lint.tensorflow_api.slim import slim_layer
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import Origin, Origins
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace

_ELEMENTWISE = frozenset({"Add", "Subtract", "Multiply", "Divide", "Power", "Minus"})


def _squeezed(traces: FunctionTraces) -> Iterator[Judgement]:
    """Predictions that lose the batch dimension if the batch has only one example."""
    if Mode.PREDICT not in traces.checked_modes:
        return
    trace = traces.traces[Mode.PREDICT]
    found: dict[Place, list[Return]] = {}
    for returned in trace.returns:
        for value in _predictions(returned):
            call = _squeeze_behind(value, trace.origins)
            if call is not None:
                found.setdefault(call.place, []).append(returned)
    for place, returns in found.items():
        if one_exists(returned.doubts for returned in returns):
            yield Judgement(place, Mode.PREDICT, passed=clearest(returns).passed)


def _predictions(returned: Return) -> Iterator[Value]:
    """The tensors that a path predicts."""
    visits = returned.value.visits if isinstance(returned.value, SpecValue) else ()
    for visit in visits:
        match visit.fields.get("predictions"):
            case Picture(contents=DictContents() as contents):
                yield from contents.values
            case SymbolicValue() as value:
                yield value


def _squeeze_behind(value: Value, origins: Origins) -> CallOf | None:
    """The call of ``tf.squeeze`` without axes that determines the shape of ``value``."""
    for _, call in behind(value, origins, _has_shape_of_parts, into=_parts_of_its_shape):
        if isinstance(call, CallOf) and call.complete and squeezes(call.path or ""):
            given = call.argument(0, "input")
            if given is not None and not _has_axes(call) and reads_input(given, origins):
                return call
    return None


def _has_shape_of_parts(origin: Origin) -> bool:
    if isinstance(origin, OperationOn):
        return origin.name in _ELEMENTWISE
    return isinstance(origin, CallOf) and origin.complete and keeps_shape(origin.path or "")


def _parts_of_its_shape(origin: Origin) -> list[SymbolicValue]:
    """The operands of an operator, or the first argument of a call."""
    values = origin.operands if isinstance(origin, OperationOn) else ()
    values = origin.arguments[:1] if isinstance(origin, CallOf) else values
    return [value for value in values if isinstance(value, SymbolicValue)]


def _has_axes(call: CallOf) -> bool:
    given = [call.argument(position, name) for position, name in SQUEEZE_AXES]
    return any(value is not None and not same_as_none(value) for value in given)


def _served_dicts(traces: FunctionTraces) -> Iterator[Judgement]:
    """Features that are used as a tensor, in a file that exports the model to get dicts."""
    if not traces.function.is_served_dicts or Mode.PREDICT not in traces.checked_modes:
        return
    trace = traces.traces[Mode.PREDICT]
    features = _features(trace)
    if not features or not trace.returns or _may_be_taken_apart(features, trace):
        return
    for origin in trace.origins.values():
        at = _tensor_argument(origin, features) if isinstance(origin, CallOf) else None
        if isinstance(origin, CallOf) and at is not None:
            yield Judgement(argument_place(origin.place, at), Mode.PREDICT)
            return


def _features(trace: Trace) -> set[int]:
    """The argument ``features`` of the model function, by the number of its value."""
    return {trace.features} if trace.features is not None else set()


def _may_be_taken_apart(features: set[int], trace: Trace) -> bool:
    """Whether something treats the features as a dict, or passes them to unknown code."""
    return any(_takes_apart(origin, features) for origin in trace.origins.values())


def _takes_apart(origin: object, features: set[int]) -> bool:
    match origin:
        case ItemOf(base=base, key=key):
            is_position = isinstance(key, Constant) and isinstance(key.value, int)
            return _is_one_of(base, features) and not is_position
        case AttributeOf(base=base, name=name):
            return _is_one_of(base, features) and hasattr(dict, name)
        case CallOf(path=path, arguments=arguments, keywords=keywords) as call:
            if path is not None and is_tensorflow(path) and _tensor_argument(call, features):
                return False
            return any(_is_one_of(one, features) for one in (*arguments, *keywords.values()))
    return False


def _is_one_of(value: Value, features: set[int]) -> bool:
    return isinstance(value, SymbolicValue) and value.number in features


def _tensor_argument(call: CallOf, features: set[int]) -> tuple[int, str] | None:
    """The argument of a call that must be a tensor, and is ``features``."""
    path = call.path or ""
    wanted = parameters_rejecting_none(path) or ({0: None} if slim_layer(path) else {})
    for position, value in enumerate(call.arguments):
        if position in wanted and _is_one_of(value, features):
            return (position, "")
    for name, value in call.keywords.items():
        if name in wanted and _is_one_of(value, features):
            return (-1, name)
    return None


SERVING_HINT_RULES = (
    Rule(
        "MFN805",
        None,
        "squeezed-batch",
        "Predictions are squeezed without `axis`: a batch of one example loses its dimension.",
        "'tf.squeeze' without axis drops the batch dimension of a single example in {modes}",
        _squeezed,
        is_hint=True,
    ),
    Rule(
        "MFN806",
        None,
        "features-served-as-dict",
        "Features are used as a tensor, but the exported model is served with a dict.",
        "features are used as a tensor in {modes}, but the exported model is served with a dict",
        _served_dicts,
        is_hint=True,
    ),
)
