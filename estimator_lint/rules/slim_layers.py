"""The batch normalization that layers of ``tf.contrib.slim`` apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.domain.values.values import (
    TRUE,
    DictContents,
    PartialValue,
    Picture,
    SymbolicValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.arg_scopes import NO_DEFAULTS, defaults_of
from estimator_lint.rules.train_ops import stands_for_update_ops
from estimator_lint.tensorflow_api.layer_functions import LayerCall, layer_call
from estimator_lint.tensorflow_api.slim import (
    BATCH_NORM,
    IS_TRAINING,
    TRAINABLE,
    UPDATES_COLLECTIONS,
    applied_argument,
    slim_layer,
)

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import CallOf

_KIND = LayerCall(BATCH_NORM, normalizes=True, keras=False, training=IS_TRAINING[0])


@dataclass(frozen=True)
class SlimNormalization:
    """A batch normalization that a layer of slim is, or calls.

    Attributes:
        kind: what it is.
        training: whether it is in training; None if it uses the default of ``tf.layers``.
        meant_so: it is intentionally frozen, or adds no updates to the collection UPDATE_OPS.
    """

    kind: LayerCall
    training: Value | None
    meant_so: bool


def slim_normalization(call: CallOf) -> SlimNormalization | None:
    """The batch normalization that a call applies; None if none is known."""
    layer = slim_layer(call.path or "")
    if layer is None or not call.complete:
        return None
    if layer == BATCH_NORM:
        return _batch_norm(call, {})
    applied = applied_argument(call.path or "")
    if applied is not None:
        function = call.argument(*applied)
        symbol = function.symbol if isinstance(function, SymbolicValue) else None
        layer = slim_layer(symbol or "")
        if layer == BATCH_NORM:
            return _batch_norm(call, call.keywords, by_position=False)
        if layer is None:
            return None
    return _of_normalizer(layer, call)


def _of_normalizer(layer: str, call: CallOf) -> SlimNormalization | None:
    """The batch normalization that is the ``normalizer_fn`` of a layer."""
    defaults = defaults_of(call.defaults or NO_DEFAULTS, layer)
    if defaults is None:
        return None
    given = {**defaults, **call.keywords}
    normalizer = given.get("normalizer_fn")
    params = _entries(given.get("normalizer_params"))
    if isinstance(normalizer, PartialValue) and not normalizer.arguments:
        params = None if params is None else {**dict(normalizer.keywords), **params}
        normalizer = normalizer.function
    if params is None or not isinstance(normalizer, SymbolicValue) or normalizer.symbol is None:
        return None
    if slim_layer(normalizer.symbol) == BATCH_NORM:
        return _batch_norm(call, params, by_position=False)
    kind = layer_call(normalizer.symbol)
    if kind is None or not kind.normalizes:
        return None
    return SlimNormalization(kind, params.get("training"), "trainable" in params)


def _entries(params: Value | None) -> Mapping[str, Value] | None:
    """The entries of ``normalizer_params``; None if unknown."""
    if params is None or same_as_none(params):
        return {}
    if isinstance(params, Picture) and isinstance(params.contents, DictContents):
        return None if params.contents.open else params.contents.entries
    return None


def _batch_norm(
    call: CallOf, params: Mapping[str, Value], *, by_position: bool = True
) -> SlimNormalization | None:
    """Slim's own, called by ``call`` itself or with ``params`` by the layer that is called."""
    defaults = defaults_of(call.defaults or NO_DEFAULTS, BATCH_NORM)
    if defaults is None:
        return None

    def argument(position: int, name: str) -> Value | None:
        own = call.argument(position, name) if by_position else params.get(name)
        return defaults.get(name) if own is None else own

    collections = argument(*UPDATES_COLLECTIONS)
    frozen = argument(*TRAINABLE) is not None
    # By default, they go to UPDATE_OPS.
    elsewhere = collections is not None and not stands_for_update_ops(collections)
    training = argument(*IS_TRAINING)
    return SlimNormalization(_KIND, TRUE if training is None else training, frozen or elsewhere)
