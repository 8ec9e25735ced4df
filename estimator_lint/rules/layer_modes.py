"""MFN502/512, 503 and 504: layers that are inactive, or not updated, in training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.values.provenance import AttributeOf, CallOf
from estimator_lint.domain.values.values import FALSE, TRUE, Constant, SymbolicValue, Value
from estimator_lint.interpreter.calls.history import MANY_READS
from estimator_lint.rules.applied_layers import (
    Application,
    applications,
    builds_keras_models,
    may_be_symbolic,
)
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.train_ops import (
    Made,
    TrainingPath,
    dropped_with_train_ops,
    names_update_ops,
    step_of_wrapper,
    training_paths,
)
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.layer_functions import (
    INPUTS_ARGUMENT,
    UPDATES_ATTRIBUTES,
    sets_learning_phase,
)
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.train_op_functions import VARIABLES_ARGUMENT, reads_collection

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace, WatchedCall


def _inactive(traces: FunctionTraces) -> Iterator[Judgement]:
    calls: dict[Place, list[tuple[Return, str | None]]] = {}
    for path in training_paths(traces):
        for applied in applications(path.returned, path.trace):
            place = applied.watched.place
            inactive = (
                _goes_by_default(applied, path.trace)
                if applied.training is None
                else (applied.training == FALSE and _told_elsewhere(traces, place, TRUE))
            )
            names = [layer.kind.name for layer in applied.layers if not layer.meant_so]
            name = names[0] if inactive and names else None
            calls.setdefault(place, []).append((path.returned, name))
    for place, made in calls.items():
        if None not in (name for _, name in made) and one_exists(path.doubts for path, _ in made):
            passed = clearest(path for path, _ in made).passed
            yield Judgement(place, Mode.TRAIN, subject=made[0][1] or "", passed=passed)


def _goes_by_default(applied: Application, trace: Trace) -> bool:
    """Whether layers are inactive if the call does not set ``training``."""
    given = applied.call.argument(*INPUTS_ARGUMENT)
    if not applied.call.complete or given is None:
        return False
    return not applied.keras or not (
        may_be_symbolic(given, trace)
        or any(
            isinstance(origin, CallOf) and sets_learning_phase(origin.path or "")
            for origin in trace.origins.values()
        )
    )


def _told_elsewhere(traces: FunctionTraces, place: Place, told: Constant) -> bool:
    """Whether in another mode the layer at ``place`` always gets ``told`` as ``training``."""
    given = list(_training_elsewhere(traces, place))
    return bool(given) and all(value == told for value in given)


def _uses_averages(traces: FunctionTraces, place: Place) -> bool:
    """Whether the batch normalization at ``place`` is not in training outside of TRAIN."""
    return any(value in (None, FALSE) for value in _training_elsewhere(traces, place))


def _training_elsewhere(traces: FunctionTraces, place: Place) -> Iterator[Value | None]:
    for mode in (Mode.EVAL, Mode.PREDICT):
        trace = traces.traces[mode]
        for returned in trace.returns:
            for applied in applications(returned, trace):
                if applied.watched.place == place:
                    yield applied.training


def _updates_left_out(traces: FunctionTraces, *, keras: bool) -> Iterator[Judgement]:
    """Judgements of optimizers' steps that do not update moving averages."""
    paths = training_paths(traces)
    if not paths or paths[0].trace.calls_not_followed or _reads_updates(paths[0].trace):
        return
    wrong: dict[Place, list[TrainingPath]] = {}
    subjects: dict[Place, str] = {}
    for path in paths:
        layer = _layer_left_out(path, traces, keras=keras)
        if layer is not None and path.step is not None:
            wrong.setdefault(path.step[0].place, []).append(path)
            subjects[path.step[0].place] = f"'{layer}'"
    for place, left_out in wrong.items():
        if one_exists(path.returned.doubts for path in left_out):
            certain = len(left_out) == len(paths)
            passed = clearest(path.returned for path in left_out).passed
            yield Judgement(place, Mode.TRAIN, certain, subjects[place], passed=passed)


def _reads_updates(trace: Trace) -> bool:
    """Whether the updates are read in a way that the name of a call does not show."""
    return any(
        (isinstance(origin, AttributeOf) and origin.name in UPDATES_ATTRIBUTES)
        or (isinstance(origin, CallOf) and origin.path is None and names_update_ops(origin))
        for origin in trace.origins.values()
    )


def _layer_left_out(path: TrainingPath, traces: FunctionTraces, *, keras: bool) -> str | None:
    """The batch normalization of a path whose moving averages are not updated."""
    # Code that trains only some variables may want the others unchanged.
    if path.step is None or path.step[1].argument(*VARIABLES_ARGUMENT) is not None:
        return None
    applied_layers = list(applications(path.returned, path.trace))
    reads = [] if keras else list(_reads_of_update_ops(path))
    if not all(_is_before(read, applied.watched) for read in reads for applied in applied_layers):
        return None
    for applied in applied_layers:
        names = [layer.kind.name for layer in applied.layers if layer.kind.normalizes]
        if (
            names
            and applied.keras is keras
            and applied.call.complete
            and path.returned.happened[applied.watched]
            and applied.training == TRUE
            and not any(layer.meant_so for layer in applied.layers if layer.kind.normalizes)
            and _uses_averages(traces, applied.watched.place)
            and not (keras and builds_keras_models(path.trace))
        ):
            return names[0]
    return None


def _reads_of_update_ops(path: TrainingPath) -> Iterator[Made]:
    """The calls by which a path reads the collection UPDATE_OPS, or may do so.

    Those for a dropped train_op, and those whose result is never used, do not count.
    """
    dropped = dropped_with_train_ops(path.returned, path.trace.origins)
    unread = {unused.place for unused in path.trace.unused_results}
    return (
        (watched, call)
        for watched, call in path.calls()
        if _may_read_update_ops(call)
        and watched.result.number not in dropped
        and watched.place not in unread
    )


def _is_before(read: Made, applied: WatchedCall) -> bool:
    """Whether what a call reads can't have the updates of a layer that is applied only later.

    Some code reads the collection between two applications, to leave out the updates of the second.
    Only what is read before all of them is read too early by mistake.
    """
    watched, call = read
    is_copy = (call.path or "").endswith("get_collection")
    return is_copy and watched.reads < applied.reads < MANY_READS


def _may_read_update_ops(call: CallOf) -> bool:
    """Whether a call reads the collection UPDATE_OPS, or an unknown collection."""
    if not reads_collection(call.path or ""):
        return False
    key = call.argument(0, "key")
    if isinstance(key, Constant) or (
        isinstance(key, SymbolicValue) and "GraphKeys." in (key.symbol or "")
    ):
        return names_update_ops(call)
    return True


def _updates_not_run(traces: FunctionTraces) -> Iterator[Judgement]:
    yield from _updates_left_out(traces, keras=False)
    yield from _updates_of_wrapped_left_out(traces)


def _updates_of_wrapped_left_out(traces: FunctionTraces) -> Iterator[Judgement]:
    """Judgements of steps that replace that of an unknown model function, which may normalize."""
    wrong: dict[Place, list[Return]] = {}
    for path in training_paths(traces):
        step = step_of_wrapper(path.returned, path.trace)
        if (
            step is not None
            and step.argument(*VARIABLES_ARGUMENT) is None
            and not _reads_updates(path.trace)
            and not any(_reads_of_update_ops(path))
        ):
            wrong.setdefault(step.place, []).append(path.returned)
    for place, returns in wrong.items():
        if one_exists(returned.doubts for returned in returns):
            passed = clearest(returns).passed
            yield Judgement(place, Mode.TRAIN, False, "the wrapped model function", passed=passed)


def _keras_updates_not_run(traces: FunctionTraces) -> Iterator[Judgement]:
    for judgement in _updates_left_out(traces, keras=True):
        if judgement.certain:
            yield judgement


LAYER_RULES = (
    Rule(
        "MFN502",
        "MFN512",
        "batch-norm-updates",
        "The training step does not run the moving-average updates of a batch normalization.",
        "this training step does not run the updates of {subject} (UPDATE_OPS){possibly} "
        "in {modes}",
        _updates_not_run,
    ),
    Rule(
        "MFN503",
        None,
        "keras-batch-norm-updates",
        "The training step does not run the updates of a Keras batch normalization layer.",
        "this training step does not run the updates of the Keras layer {subject} in {modes}",
        _keras_updates_not_run,
    ),
    Rule(
        "MFN504",
        None,
        "inactive-layer",
        "Dropout or batch normalization is not called with `training=True` in TRAIN.",
        "'{subject}' is inactive in {modes}: it is called without training=True",
        _inactive,
    ),
)
