"""Operators that Python lacks for a tuple, list, dict or set and the other operand.

Python itself decides, on empty containers: an operator refuses operands by type before it looks
into them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from estimator_lint.domain.values.lazy_items import LazyItems, RangeItems
from estimator_lint.domain.values.values import Constant, Reference, TupleValue, Value
from estimator_lint.facts.refusals import RefusedOperands
from estimator_lint.interpreter.specs.type_inference import kind_of
from estimator_lint.tensorflow_api.value_types import Kind

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


class _Operator(NamedTuple):
    symbol: str
    apply: Callable[[Any, Any], Any]


#: By the names of libcst's operators; those of augmented assignments end in ``Assign``.
_BINARY: Final[dict[str, _Operator]] = {
    "Add": _Operator("+", operator.add),
    "Subtract": _Operator("-", operator.sub),
    "Multiply": _Operator("*", operator.mul),
    "MatrixMultiply": _Operator("@", operator.matmul),
    "Divide": _Operator("/", operator.truediv),
    "FloorDivide": _Operator("//", operator.floordiv),
    "Modulo": _Operator("%", operator.mod),
    "Power": _Operator("**", operator.pow),
    "LeftShift": _Operator("<<", operator.lshift),
    "RightShift": _Operator(">>", operator.rshift),
    "BitAnd": _Operator("&", operator.and_),
    "BitOr": _Operator("|", operator.or_),
    "BitXor": _Operator("^", operator.xor),
    "AddAssign": _Operator("+=", operator.iadd),
    "SubtractAssign": _Operator("-=", operator.isub),
    "MultiplyAssign": _Operator("*=", operator.imul),
    "MatrixMultiplyAssign": _Operator("@=", operator.imatmul),
    "DivideAssign": _Operator("/=", operator.itruediv),
    "FloorDivideAssign": _Operator("//=", operator.ifloordiv),
    "ModuloAssign": _Operator("%=", operator.imod),
    "PowerAssign": _Operator("**=", operator.ipow),
    "LeftShiftAssign": _Operator("<<=", operator.ilshift),
    "RightShiftAssign": _Operator(">>=", operator.irshift),
    "BitAndAssign": _Operator("&=", operator.iand),
    "BitOrAssign": _Operator("|=", operator.ior),
    "BitXorAssign": _Operator("^=", operator.ixor),
    "<": _Operator("<", operator.lt),
    "<=": _Operator("<=", operator.le),
    ">": _Operator(">", operator.gt),
    ">=": _Operator(">=", operator.ge),
}
_UNARY: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "Minus": ("-", operator.neg),
    "Plus": ("+", operator.pos),
    "BitInvert": ("~", operator.invert),
}
_EMPTY: Final[dict[str, Callable[[], object]]] = {"dict": dict, "list": list, "set": set}
_NUMBERS: Final = (int, float, complex)
_CALLED: Final[dict[type, str]] = {
    tuple: "tuple",
    list: "list",
    dict: "dict",
    set: "set",
    str: "string",
}


def refused_operands(
    ev: Evaluator, name: str, left: Value, right: Value, node: cst.CSTNode, state: State
) -> RefusedOperands | None:
    """The fault of a binary operator or comparison at ``node``; None if none is known.

    ``name`` is libcst's of the operator, or the symbol of a comparison.
    """
    samples = [_sample(ev, left), _sample(ev, right)]
    known = _BINARY.get(name)
    formats = known is not None and known.symbol.startswith("%") and isinstance(samples[0], str)
    if known is not None and not formats and _has_container(samples):
        try:
            known.apply(*samples)
        except TypeError:
            what = f"'{known.symbol}' is not defined for {_both(*samples)}"
            return _note(ev, what, node, state)
        except Exception:  # of values of other types
            pass
    ev.trace.taken_operands.add(node)
    return None


def refused_operand(
    ev: Evaluator, name: str, value: Value, node: cst.CSTNode, state: State
) -> RefusedOperands | None:
    """The fault of a unary operator, by libcst's name, at ``node``; None if none is known."""
    sample = _sample(ev, value)
    if _has_container([sample]):
        symbol, apply = _UNARY[name]
        try:
            apply(sample)
        except TypeError:
            what = f"unary '{symbol}' is not defined for {_article(sample)}"
            return _note(ev, what, node, state)
    ev.trace.taken_operands.add(node)
    return None


def _note(ev: Evaluator, what: str, node: cst.CSTNode, state: State) -> RefusedOperands:
    refused = RefusedOperands(ev.place(node), what, state.doubts, passed=state.passed)
    ev.trace.refused_operands.append(refused)
    return refused


def _sample(ev: Evaluator, value: Value) -> object:
    """A Python value of the same type; None if that is unknown."""
    match value:
        case Constant(value=constant):
            return constant
        case LazyItems() | RangeItems():
            return value.sample
        case TupleValue():
            return ()
        case Reference(kind=kind):
            return _EMPTY[kind]()
    match kind_of(ev, value):
        case Kind.GRADIENTS | Kind.LIST | Kind.TENSORS:
            return []
        case Kind.TUPLE | Kind.METRIC:
            return ()
    return None


def _has_container(samples: list[object]) -> bool:
    """Whether all types are known, and one is a tuple, list, dict or set."""
    return None not in samples and any(
        isinstance(one, tuple | list | dict | set) for one in samples
    )


def _both(left: object, right: object) -> str:
    one, other = _name(left), _name(right)
    return f"two {one}s" if one == other else f"a {one} and a {other}"


def _article(sample: object) -> str:
    return f"a {_name(sample)}"


def _name(sample: object) -> str:
    if isinstance(sample, _NUMBERS) and not isinstance(sample, bool):
        return "number"
    return _CALLED.get(type(sample), type(sample).__name__)
