"""The element type of a tensor, by the call that created it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import Constant, SymbolicValue, TupleValue, Value
from estimator_lint.rules.train_ops import items_of
from estimator_lint.tensorflow_api.dtypes import (
    ElementType,
    casts,
    element_type_of_result,
    keeps_element_type,
    type_of_dtype,
)
from estimator_lint.tensorflow_api.element_ranges import is_top_k
from estimator_lint.tensorflow_api.symbols import short_name

if TYPE_CHECKING:
    from estimator_lint.domain.values.provenance import Origins

_MAX_DEPTH = 20
_ARITHMETIC = frozenset({"Add", "Subtract", "Multiply", "Minus"})


def element_type(value: Value, origins: Origins, depth: int = 0) -> ElementType | None:
    """The type of the elements of a tensor; None if unknown."""
    if not isinstance(value, SymbolicValue) or depth > _MAX_DEPTH:
        return None
    match origins.get(value.number):
        case CallOf(path=str() as path) as call:
            return _of_call(path, call, origins, depth)
        case ItemOf() | AttributeOf() if top_k_of_indices(value, origins) is not None:
            return ElementType.INTEGER
        case ItemOf(base=base, count=None) if isinstance(base, SymbolicValue) and base.tensor:
            return element_type(base, origins, depth + 1)
        case OperationOn(name="Divide"):
            return ElementType.REAL if _is_real_division(value, origins, depth) else None
        case OperationOn(name=name, operands=operands) if name in _ARITHMETIC:
            types = {element_type(one, origins, depth + 1) for one in operands}
            known = types - {None}
            # A tensor and a Python number, or two tensors of one type.
            return known.pop() if len(known) == 1 else None
    return None


def top_k_of_indices(value: SymbolicValue, origins: Origins) -> CallOf | None:
    """The call of ``tf.nn.top_k`` whose indices ``value`` is; None if it is anything else."""
    match origins.get(value.number):
        case ItemOf(base=SymbolicValue(number=number), key=Constant(value=1)):
            call = origins.get(number)
        case AttributeOf(base=SymbolicValue(number=number), name="indices"):
            call = origins.get(number)
        case _:
            return None
    return call if isinstance(call, CallOf) and is_top_k(call.path or "") else None


def _is_real_division(value: SymbolicValue, origins: Origins, depth: int) -> bool:
    origin = origins[value.number]
    assert isinstance(origin, OperationOn)
    return any(element_type(one, origins, depth + 1) is ElementType.REAL for one in origin.operands)


def _of_call(path: str, call: CallOf, origins: Origins, depth: int) -> ElementType | None:
    if casts(path):
        return _of_dtype(call.argument(1, "dtype"))
    if short_name(path) == "constant":
        dtype = call.argument(1, "dtype")
        return _of_python(call.argument(0, "value")) if dtype is None else _of_dtype(dtype)
    known = element_type_of_result(path)
    if known is not None:
        return known
    if keeps_element_type(path) and call.arguments:
        return element_type(call.arguments[0], origins, depth + 1)
    return None


def _of_dtype(dtype: Value | None) -> ElementType | None:
    if isinstance(dtype, SymbolicValue) and dtype.symbol is not None:
        return type_of_dtype(dtype.symbol)
    if isinstance(dtype, Constant) and isinstance(dtype.value, str):
        return type_of_dtype(dtype.value)
    return None


def _of_python(value: Value | None) -> ElementType | None:
    """The element type of a tensor created from a Python constant, or a list of constants."""
    if isinstance(value, Constant):
        of_type = {
            str: ElementType.STRING,
            bytes: ElementType.STRING,
            bool: ElementType.TRUTH,
            int: ElementType.INTEGER,
            float: ElementType.REAL,
        }
        return of_type.get(type(value.value))
    items = None if value is None or isinstance(value, TupleValue) else items_of(value)
    types = {_of_python(item) for item in items or ()}
    return types.pop() if len(types) == 1 else None
