"""MFN807, a hint: layers that are in training mode when the model evaluates or predicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.values.values import TRUE, Constant, Value
from estimator_lint.interpreter.arg_scopes import NO_DEFAULTS, defaults_of
from estimator_lint.rules.applied_layers import applications
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.train_ops import of_returns
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.layer_functions import SHARE_DROPPED, dropout, layer_call
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.slim import DROPOUT, DROPOUT_IS_TRAINING, slim_layer

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import CallOf
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace


def _active(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in (Mode.EVAL, Mode.PREDICT):
        if mode not in traces.checked_modes:
            continue
        calls: dict[Place, list[tuple[Return, str | None]]] = {}
        for returned in traces.traces[mode].returns:
            for place, name in _layers(returned, traces.traces[mode]):
                calls.setdefault(place, []).append((returned, name))
        for place, made in calls.items():
            names = [name for _, name in made if name is not None]
            if len(names) == len(made) and one_exists(returned.doubts for returned, _ in made):
                passed = clearest(returned for returned, _ in made).passed
                yield Judgement(place, mode, subject=names[0], passed=passed)


def _layers(returned: Return, trace: Trace) -> Iterator[tuple[Place, str | None]]:
    """The layers that a path applies, each with its name if it is in training mode."""
    for applied in applications(returned, trace):
        active = [layer.kind.name for layer in applied.layers if not layer.meant_so]
        is_training = applied.training == TRUE and applied.call.complete
        yield applied.watched.place, active[0] if active and is_training else None
    for watched, call in of_returns([returned], trace.origins):
        if dropout(call.path or "") is not None and layer_call(call.path or "") is None:
            yield watched.place, DROPOUT if _drops(call) else None


def _drops(call: CallOf) -> bool:
    """Whether the function ``dropout`` of ``tf.nn`` or of slim certainly drops something."""
    if not call.complete:
        return False
    if slim_layer(call.path or "") is None:
        given = [call.argument(*where) for where in SHARE_DROPPED]
        return any(_is_share(value) for value in given)
    defaults = defaults_of(call.defaults or NO_DEFAULTS, DROPOUT)
    own = call.argument(*DROPOUT_IS_TRAINING)
    return defaults is not None and (own or defaults.get(DROPOUT_IS_TRAINING[1], TRUE)) == TRUE


def _is_share(value: Value | None) -> bool:
    """Whether a value is a part of 1, so that some elements are kept and others are not."""
    return isinstance(value, Constant) and isinstance(value.value, float) and 0 < value.value < 1


ACTIVE_LAYERS = Rule(
    "MFN807",
    None,
    "active-outside-training",
    "Dropout or batch normalization is in training mode when the model evaluates or predicts.",
    "'{subject}' is in training mode in {modes}",
    _active,
    is_hint=True,
)
