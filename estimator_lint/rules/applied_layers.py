"""Applications of layers that behave differently in training, and of models of such layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.domain.values.values import NONE, Constant, SymbolicValue, Value
from estimator_lint.rules.slim_layers import slim_normalization
from estimator_lint.rules.sources import behind, parts
from estimator_lint.rules.train_ops import is_left_alone, items_of, of_returns
from estimator_lint.tensorflow_api.layer_functions import (
    LayerCall,
    adds_layer,
    builds_keras_model,
    is_functional,
    is_sequential,
    layer_call,
    makes_tensor,
    model_method_is_not_followed,
)
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import Origin
    from estimator_lint.facts.trace import Return, Trace, WatchedCall


@dataclass(frozen=True)
class AppliedLayer:
    """A layer that a call applies.

    Attributes:
        kind: which one.
        meant_so: it is intentionally frozen, or drops nothing.
    """

    kind: LayerCall
    meant_so: bool


@dataclass(frozen=True)
class Application:
    """A call that applies layers that behave differently in training.

    Attributes:
        watched, call: the call.
        layers: the applied layers; a model may have several.
        training: the argument ``training``; None if the layers use their default.
    """

    watched: WatchedCall
    call: CallOf
    layers: tuple[AppliedLayer, ...]
    training: Value | None

    @property
    def keras(self) -> bool:
        """Whether these are Keras layers."""
        return self.layers[0].kind.keras


def applications(returned: Return, trace: Trace) -> Iterator[Application]:
    """The applications of layers on a path, in order."""
    models = _Models(trace)
    for watched, call in of_returns([returned], trace.origins):
        if returned.happened[watched] and adds_layer(call.path or ""):
            models.add(call)
        by_slim = slim_normalization(call)
        if by_slim is not None:
            layer = AppliedLayer(by_slim.kind, by_slim.meant_so)
            yield Application(watched, call, (layer,), by_slim.training)
            continue
        layers = models.applied_by(call)
        if layers:
            training = _training(call, layers[0].kind.training)
            yield Application(watched, call, tuple(layers), training)


@dataclass
class _Models:
    """The models of a path, with the layers added so far."""

    trace: Trace
    _added: dict[Value, list[Value]] = field(default_factory=dict)

    def add(self, call: CallOf) -> None:
        """Record a call of ``add``."""
        layer = call.argument(0, "layer")
        if call.receiver is not None and layer is not None:
            self._added.setdefault(call.receiver, []).append(layer)

    def applied_by(self, call: CallOf) -> list[AppliedLayer]:
        """The layers that a call applies and that behave differently in training."""
        if call.receiver is not None:
            return self._held_by(call.receiver, ()) if _is_application(call) else []
        kind = layer_call(call.path or "")
        return [] if kind is None else [AppliedLayer(kind, _is_meant_so(kind, call, 1))]

    def _held_by(self, thing: Value, within: tuple[Value, ...]) -> list[AppliedLayer]:
        """The layers of ``value``, inside of ``within``, that behave differently in training."""
        if not isinstance(thing, SymbolicValue) or thing in within:
            return []
        maker = self.trace.origins.get(thing.number)
        maker = maker if isinstance(maker, CallOf) else None
        kind = layer_call(f"{thing.result_of}()")
        if kind is not None:
            meant_so = _is_meant_so(kind, maker, 0) or (kind.normalizes and self._freezes())
            return [AppliedLayer(kind, meant_so)]
        if maker is None or not maker.complete:
            return []
        held = [
            layer
            for part in self._parts_of_model(thing, maker)
            for layer in self._held_by(part, (*within, thing))
        ]
        if not held or not self._is_followed(thing):
            return []
        frozen = "trainable" in maker.keywords or self._freezes()
        return [replace(layer, meant_so=layer.meant_so or frozen) for layer in held]

    def _parts_of_model(self, model: Value, maker: CallOf) -> Iterator[Value]:
        """The parts to which a model created by ``maker`` passes its ``training`` argument."""
        path = maker.path or ""
        if is_sequential(path):
            yield from items_of(maker.argument(0, "layers") or NONE) or ()
            yield from self._added.get(model, ())
        elif is_functional(path):
            outputs = maker.argument(1, "outputs") or NONE
            for _, origin in behind(outputs, self.trace.origins, _computes):
                if isinstance(origin, CallOf) and _is_application(origin):
                    if origin.receiver is not None and _training(origin, 1) is None:
                        yield origin.receiver

    def _freezes(self) -> bool:
        """Whether ``trainable`` is set on any layer or model."""
        return any(name == "trainable" for _, name in self.trace.stored)

    def _is_followed(self, model: Value) -> bool:
        """Whether every use of a model is known."""
        return is_left_alone(model, self.trace) and not any(
            isinstance(origin, CallOf)
            and origin.receiver == model
            and model_method_is_not_followed(origin.path or "")
            for origin in self.trace.origins.values()
        )


def _is_application(call: CallOf) -> bool:
    """Whether an object is called, and not a method of it."""
    return (call.path or "").endswith("()")


def _training(call: CallOf, position: int) -> Value | None:
    given = call.argument(position, "training")
    return None if given == NONE else given


def _is_meant_so(kind: LayerCall, maker: CallOf | None, rate_position: int) -> bool:
    """Whether a layer is intentionally frozen, or drops nothing."""
    if maker is None:
        return False
    if kind.normalizes:
        return "trainable" in maker.keywords
    rate = maker.argument(rate_position, "rate")
    return isinstance(rate, Constant) and not rate.value


def may_be_symbolic(value: Value, trace: Trace) -> bool:
    """Whether ``value`` may depend on a Keras ``Input``: its model may get ``training`` later."""
    if builds_keras_models(trace):
        return not _is_made_of_features(value, trace)
    return _is_made_of_nothing(value, trace)


def builds_keras_models(trace: Trace) -> bool:
    """Whether Keras models are built from an ``Input`` in the mode."""
    calls = (origin for origin in trace.origins.values() if isinstance(origin, CallOf))
    return any(builds_keras_model(call.path or "") for call in calls)


def _is_made_of_features(value: Value, trace: Trace) -> bool:
    """Whether TensorFlow computes ``value`` from what the Estimator passes."""
    sources = list(behind(value, trace.origins, _computes))
    return any(one.of_input for one, _ in sources) and all(
        origin is None or _computes(origin) for _, origin in sources
    )


def _is_made_of_nothing(value: Value, trace: Trace) -> bool:
    """Whether ``value`` comes from argumentless functions, say one that creates an ``Input``."""
    return all(
        origin is not None
        and (parts(origin) or (isinstance(origin, CallOf) and not makes_tensor(origin.path or "")))
        for _, origin in behind(value, trace.origins, lambda origin: True)
    )


def _computes(origin: Origin) -> bool:
    """Whether TensorFlow computes something, and not from a Keras ``Input``."""
    if not isinstance(origin, CallOf):
        return True
    path = origin.path or ""
    return is_tensorflow(path) and not builds_keras_model(path)
