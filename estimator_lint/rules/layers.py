"""MFN502/512, 503 and 504: layers that training leaves as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.evaluation.paths.doubts import one_exists
from estimator_lint.evaluation.values.origins import AttributeOf, CallOf
from estimator_lint.evaluation.values.values import FALSE, NONE, TRUE, Constant, Opaque, Value
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.sources import roots
from estimator_lint.rules.train_ops import (
    TrainingPath,
    items_of,
    names_update_ops,
    of_returns,
    training_paths,
)
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.layers import (
    INPUTS_ARGUMENT,
    UPDATES_ATTRIBUTES,
    LayerCall,
    builds_keras_model,
    is_sequential,
    layer_call,
    makes_tensor,
    sets_learning_phase,
)
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.training import VARIABLES_ARGUMENT

if TYPE_CHECKING:
    from estimator_lint.evaluation.model_function import FunctionTraces
    from estimator_lint.evaluation.trace import Place, Return, Trace
    from estimator_lint.evaluation.values.origins import Origins


def _inactive(traces: FunctionTraces) -> Iterator[Judgement]:
    calls: dict[Place, list[tuple[Return, str | None]]] = {}
    for path in training_paths(traces):
        for watched, call in path.calls():
            layers = _applied(call, path.trace.origins)
            if layers:
                given = _training(call, layers)
                inactive = (
                    _not_told(call, layers, path.trace)
                    if given is None
                    else (given == FALSE and _told_elsewhere(traces, watched.place, TRUE))
                )
                name = layers[0].name if inactive else None
                calls.setdefault(watched.place, []).append((path.returned, name))
    for place, made in calls.items():
        if None not in (name for _, name in made) and one_exists(path.doubts for path, _ in made):
            passed = clearest(path for path, _ in made).passed
            yield Judgement(place, Mode.TRAIN, subject=made[0][1] or "", passed=passed)


def _applied(call: CallOf, origins: Origins) -> list[LayerCall]:
    """What a call applies that acts differently in training."""
    path = call.path or ""
    layer = layer_call(path)
    if layer is not None:
        return [layer]
    model = origins.get(call.receiver.number) if isinstance(call.receiver, Opaque) else None
    if not is_sequential(path) or not isinstance(model, CallOf) or not model.complete:
        return []
    parts = items_of(model.argument(0, "layers") or TRUE) or ()
    layers = [layer_call(f"{part.result_of}()") for part in parts if isinstance(part, Opaque)]
    return [layer for layer in layers if layer is not None]


def _training(call: CallOf, layers: list[LayerCall]) -> Value | None:
    """The argument ``training``; None where the layer goes by its default."""
    given = call.argument(layers[0].training, "training")
    return None if given == NONE else given


def _not_told(call: CallOf, layers: list[LayerCall], trace: Trace) -> bool:
    """Whether a layer that is given no ``training`` goes by its default."""
    given = call.argument(*INPUTS_ARGUMENT)
    if not call.complete or given is None:
        return False
    if any(_is_meant_so(layer, call, trace.origins) for layer in layers):
        return False
    return not layers[0].keras or (
        not _builds_keras_models(trace)
        and not _is_made_of_nothing(given, trace)
        and not any(
            isinstance(origin, CallOf) and sets_learning_phase(origin.path or "")
            for origin in trace.origins.values()
        )
    )


def _is_meant_so(layer: LayerCall, call: CallOf, origins: Origins) -> bool:
    """Whether a layer is frozen, or drops nothing."""
    made = origins.get(call.receiver.number) if isinstance(call.receiver, Opaque) else None
    maker = made if isinstance(made, CallOf) else call
    if layer.normalizes:
        return "trainable" in call.keywords or "trainable" in maker.keywords
    rate = maker.argument(0 if maker is made else 1, "rate")
    return isinstance(rate, Constant) and not rate.value


def _told_elsewhere(traces: FunctionTraces, place: Place, told: Constant) -> bool:
    """Whether in another mode the layer at ``place`` is given ``told``, and never anything else."""
    given = list(_training_elsewhere(traces, place))
    return bool(given) and all(value == told for value in given)


def _uses_averages(traces: FunctionTraces, place: Place) -> bool:
    """Whether the batch normalization at ``place`` is not in training where it is not TRAIN."""
    return any(value in (None, FALSE) for value in _training_elsewhere(traces, place))


def _training_elsewhere(traces: FunctionTraces, place: Place) -> Iterator[Value | None]:
    for mode in (Mode.EVAL, Mode.PREDICT):
        trace = traces.traces[mode]
        for watched, call in of_returns(trace.returns, trace.origins):
            layers = _applied(call, trace.origins) if watched.place == place else []
            if layers:
                yield _training(call, layers)


def _is_made_of_nothing(value: Value, trace: Trace) -> bool:
    """Whether functions without arguments give ``value``, as one that makes an ``Input``."""
    return all(
        isinstance(origin, CallOf) and not makes_tensor(origin.path or "")
        for _, origin in roots(value, trace.origins)
    )


def _builds_keras_models(trace: Trace) -> bool:
    """Whether layers may be applied to a Keras ``Input``: their model may be told later."""
    return any(
        isinstance(origin, CallOf) and builds_keras_model(origin.path or "")
        for origin in trace.origins.values()
    )


def _updates_left_out(traces: FunctionTraces, *, keras: bool) -> Iterator[Judgement]:
    """Judgements of optimizers' steps that leave moving averages as they are."""
    paths = training_paths(traces)
    if not paths or paths[0].trace.calls_not_followed or _reads_updates(paths[0].trace):
        return
    wrong: dict[Place, list[TrainingPath]] = {}
    subjects: dict[Place, str] = {}
    for path in paths:
        layer = _layer_left_out(path, traces, keras=keras)
        if layer is not None and path.step is not None:
            wrong.setdefault(path.step[0].place, []).append(path)
            subjects[path.step[0].place] = layer
    for place, left_out in wrong.items():
        if one_exists(path.returned.doubts for path in left_out):
            certain = len(left_out) == len(paths)
            passed = clearest(path.returned for path in left_out).passed
            yield Judgement(place, Mode.TRAIN, certain, subjects[place], passed=passed)


def _reads_updates(trace: Trace) -> bool:
    """Whether the updates are read in some way that the path of a call can't tell."""
    return any(
        (isinstance(origin, AttributeOf) and origin.name in UPDATES_ATTRIBUTES)
        or (isinstance(origin, CallOf) and origin.path is None and names_update_ops(origin))
        for origin in trace.origins.values()
    )


def _layer_left_out(path: TrainingPath, traces: FunctionTraces, *, keras: bool) -> str | None:
    """The batch normalization of a path whose moving averages nothing updates."""
    # Who trains some variables only may want the others as they are.
    if path.step is None or path.step[1].argument(*VARIABLES_ARGUMENT) is not None:
        return None
    calls = list(path.calls())
    if not keras and any(_may_read_update_ops(call) for _, call in calls):
        return None
    for watched, call in calls:
        layers = [layer for layer in _applied(call, path.trace.origins) if layer.normalizes]
        if (
            layers
            and layers[0].keras is keras
            and call.complete
            and path.returned.happened[watched]
            and _training(call, layers) == TRUE
            and not _is_meant_so(layers[0], call, path.trace.origins)
            and _uses_averages(traces, watched.place)
            and not (keras and _builds_keras_models(path.trace))
        ):
            return layers[0].name
    return None


def _may_read_update_ops(call: CallOf) -> bool:
    """Whether a call reads the collection UPDATE_OPS, or one of which nobody knows which it is."""
    if not (call.path or "").rpartition(".")[2].startswith("get_collection"):
        return False
    key = call.argument(0, "key")
    if isinstance(key, Constant) or (
        isinstance(key, Opaque) and "GraphKeys." in (key.symbol or "")
    ):
        return names_update_ops(call)
    return True


def _updates_not_run(traces: FunctionTraces) -> Iterator[Judgement]:
    return _updates_left_out(traces, keras=False)


def _keras_updates_not_run(traces: FunctionTraces) -> Iterator[Judgement]:
    for judgement in _updates_left_out(traces, keras=True):
        if judgement.certain:
            yield judgement


LAYER_RULES = (
    Rule(
        "MFN502",
        "MFN512",
        "batch-norm-updates",
        "Nothing runs the updates of a batch normalization's moving averages.",
        "nothing runs the updates of '{subject}' with this step{possibly} in {modes}",
        _updates_not_run,
    ),
    Rule(
        "MFN503",
        None,
        "keras-batch-norm-updates",
        "Nothing runs the updates that a Keras batch normalization keeps to itself.",
        "nothing runs the updates of the Keras layer '{subject}' with this step in {modes}",
        _keras_updates_not_run,
    ),
    Rule(
        "MFN504",
        None,
        "inactive-layer",
        "Dropout or batch normalization is not told that it is in training.",
        "'{subject}' is not given training=True: it is inactive in {modes}",
        _inactive,
    ),
)
