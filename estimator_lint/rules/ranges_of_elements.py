"""The range and the number of the elements of a tensor, by the call that created it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    NONE,
    Constant,
    SymbolicValue,
    Value,
    holds,
    same_as_none,
)
from estimator_lint.interpreter.arg_scopes import NO_DEFAULTS, defaults_of
from estimator_lint.rules.element_types import element_type, top_k_of_indices
from estimator_lint.rules.train_ops import items_of
from estimator_lint.tensorflow_api.dtypes import ElementType
from estimator_lint.tensorflow_api.element_ranges import (
    LinearLayer,
    Range,
    casts_numbers,
    is_argmax,
    keeps_elements,
    linear_layer,
    mixes_elements,
    range_of_activation,
    range_of_result,
)
from estimator_lint.tensorflow_api.layer_functions import is_sequential
from estimator_lint.tensorflow_api.slim import slim_layer
from estimator_lint.tensorflow_api.symbols import is_tensorflow, short_name
from estimator_lint.tensorflow_api.value_types import Kind, kind_of_result

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import Origins

_MAX_DEPTH = 20
#: Attributes of a sequential model through which its layers may change.
_CHANGING = frozenset({"add", "pop", "layers", "get_layer"})
_ARITHMETIC = frozenset({"Add", "Subtract", "Multiply", "Divide", "Minus"})


def range_of(value: Value, origins: Origins, depth: int = 0) -> Range | None:
    """The range of real numbers that are not all integers; None if unknown."""
    if not isinstance(value, SymbolicValue) or depth > _MAX_DEPTH:
        return None
    match origins.get(value.number):
        case CallOf(path=str() as path) as call:
            return _range_of_call(path, call, value, origins, depth + 1)
        case ItemOf(base=base, count=None):
            return range_of(base, origins, depth + 1)
        case OperationOn(name=name, operands=operands) if name in _ARITHMETIC:
            return _range_of_mixture(operands, origins, depth + 1)
    return None


def _range_of_call(
    path: str, call: CallOf, value: SymbolicValue, origins: Origins, depth: int
) -> Range | None:
    known = range_of_result(path)
    if known is not None:
        return known
    found = _layer_and_maker(path, call, origins)
    if found is not None:
        return _range_of_layer(*found)
    given = [*call.arguments, *call.keywords.values()]
    if keeps_elements(path) and given:
        return range_of(given[0], origins, depth)
    if mixes_elements(path):
        return _range_of_mixture(given, origins, depth)
    if casts_numbers(path) and given:
        is_real = element_type(value, origins) is ElementType.REAL
        return range_of(given[0], origins, depth) if is_real else None
    is_product = short_name(path) in ("matmul", "linalg.matmul", "nn.xw_plus_b")
    return Range.UNBOUNDED if is_product and any(map(_is_variable, given)) else None


def _range_of_mixture(values: Iterable[Value], origins: Origins, depth: int) -> Range | None:
    ranges = {range_of(value, origins, depth) for value in values}
    if Range.UNBOUNDED in ranges:
        return Range.UNBOUNDED
    return Range.REAL if ranges - {None} else None


def _layer_and_maker(
    path: str, call: CallOf, origins: Origins
) -> tuple[LinearLayer, CallOf] | None:
    """The layer that a call applies, and the call that has its arguments."""
    if not path.endswith("()"):
        layer = linear_layer(path)
        return None if layer is None else (layer, call)
    maker = _maker_of_last_layer(call.receiver, origins)
    layer = None if maker is None else linear_layer(maker.path or "")
    return None if maker is None or layer is None else (layer, maker)


def _maker_of_last_layer(thing: Value | None, origins: Origins) -> CallOf | None:
    """The call that created a layer, or the last one of a sequential model."""
    maker = origins.get(thing.number) if isinstance(thing, SymbolicValue) else None
    if not isinstance(maker, CallOf) or not is_sequential(maker.path or ""):
        return maker if isinstance(maker, CallOf) else None
    layers = items_of(maker.argument(0, "layers") or NONE)
    if not layers or not maker.complete or _may_get_layers(thing, maker, origins):
        return None
    return _maker_of_last_layer(layers[-1], origins)


def _may_get_layers(model: Value | None, maker: CallOf, origins: Origins) -> bool:
    """Whether something may add layers to a model, or take some away, after its creation."""
    assert isinstance(model, SymbolicValue)
    return any(
        (isinstance(origin, AttributeOf) and origin.base == model and origin.name in _CHANGING)
        or (
            isinstance(origin, CallOf)
            and not is_tensorflow(origin.path or "")
            and any(
                holds(value, {model.number}, closed=False)
                for value in (*origin.arguments, *origin.keywords.values())
            )
        )
        for origin in origins.values()
    )


def _range_of_layer(layer: LinearLayer, call: CallOf) -> Range | None:
    """The range of what a layer returns, by its activation."""
    defaults = defaults_of(call.defaults or NO_DEFAULTS, slim_layer(call.path or "") or "")
    if defaults is None or not call.complete:
        return None
    given = call.argument(layer.position, layer.activation) or defaults.get(layer.activation)
    if given is None:
        return Range.UNBOUNDED if layer.linear else Range.REAL
    if same_as_none(given):
        return Range.UNBOUNDED
    if isinstance(given, Constant) and isinstance(given.value, str):
        return range_of_activation(given.value)
    symbol = given.symbol if isinstance(given, SymbolicValue) else None
    return None if symbol is None else range_of_activation(symbol)


def _is_variable(value: Value) -> bool:
    made_by = value.result_of if isinstance(value, SymbolicValue) else None
    return made_by is not None and kind_of_result(made_by) is Kind.VARIABLE


def classes_of(value: Value, origins: Origins, depth: int = 0) -> int | None:
    """The number of classes if the elements of a tensor are class ids; None if unknown."""
    if not isinstance(value, SymbolicValue) or depth > _MAX_DEPTH:
        return None
    top = top_k_of_indices(value, origins)
    call = origins.get(value.number) if top is None else top
    if isinstance(call, ItemOf) and call.count is None:
        return classes_of(call.base, origins, depth + 1)
    if not isinstance(call, CallOf) or call.path is None:
        return None
    given = [*call.arguments, *call.keywords.values()]
    if not given:
        return None
    if is_argmax(call.path) or top is not None:
        return _columns(given[0], origins, depth + 1)
    if keeps_elements(call.path) or casts_numbers(call.path):
        return classes_of(given[0], origins, depth + 1)
    return None


def _columns(value: Value, origins: Origins, depth: int) -> int | None:
    """The number of values that a tensor has per example."""
    origin = origins.get(value.number) if isinstance(value, SymbolicValue) else None
    if depth > _MAX_DEPTH:
        return None
    match origin:
        case CallOf(path=str() as path):
            found = _layer_and_maker(path, origin, origins)
            if found is not None:
                layer, maker = found
                units = None if layer.units is None else maker.argument(*layer.units)
                match units:
                    case Constant(value=int() as count):
                        return count
                return None
            given = (*origin.arguments, *origin.keywords.values())
            keeps = range_of_result(path) is not None or mixes_elements(path)
            if keeps or short_name(path) in ("identity", "stop_gradient"):
                return _first_columns(given, origins, depth + 1)
        case OperationOn(operands=operands):
            return _first_columns(operands, origins, depth + 1)
    return None


def _first_columns(values: Iterable[Value], origins: Origins, depth: int) -> int | None:
    for value in values:
        found = _columns(value, origins, depth)
        if found is not None:
            return found
    return None
