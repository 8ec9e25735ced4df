"""Value types: whether a value is known to be a tensor, an op, a hook, or the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.lazy_items import LazyItems, RangeItems
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    FunctionValue,
    PartialValue,
    Picture,
    Reference,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.classes.method_resolution import method_resolution_order
from estimator_lint.interpreter.specs.batch_dimension import has_one_row
from estimator_lint.interpreter.specs.tensor_ranks import ELEMENTWISE, has_rows, sums_over_all
from estimator_lint.tensorflow_api.callback_arguments import calls_at_once, chooses
from estimator_lint.tensorflow_api.results import OP
from estimator_lint.tensorflow_api.shapes import keeps_shape
from estimator_lint.tensorflow_api.symbols import spec_class
from estimator_lint.tensorflow_api.value_types import (
    SYMBOLIC,
    TENSOR_LIKE,
    Kind,
    ValueType,
    averages_last_dimension,
    holds_tensors,
    is_per_example_loss,
    kind_of_result,
)

if TYPE_CHECKING:
    from estimator_lint.interpreter.evaluator import Evaluator


_OF_BUILTIN = {
    "builtins.float": Kind.NUMBER,
    "builtins.int": Kind.NUMBER,
    "builtins.len": Kind.NUMBER,
    "builtins.sorted": Kind.LIST,
    "builtins.str": Kind.STRING,
    "builtins.tuple": Kind.TUPLE,
    "builtins.range": Kind.RANGE,
    **dict.fromkeys(
        [f"builtins.{name}" for name in "enumerate filter iter map reversed zip".split()],
        Kind.ITERATOR,
    ),
}
_OF_PICTURE = {"dict": Kind.DICT, "list": Kind.LIST, "set": Kind.SET}


def unknown_of(ev: Evaluator, kind: Kind, *, imprecise: bool = False) -> SymbolicValue:
    """A value of a kind of which nothing else is known."""
    value = ev.unknown(not_none=True, imprecise=imprecise)
    ev.value_types[value.number] = (kind, False)
    return value


def kind_of(ev: Evaluator, value: Value) -> Kind | None:
    """The kind of ``value``; None if unknown."""
    match value:
        case Constant():
            return _kind_of_constant(value.value)
        case Picture(kind=kind):
            return _OF_PICTURE[kind]
        case LazyItems(is_view=is_view):
            return Kind.VIEW if is_view else Kind.ITERATOR
        case RangeItems():
            return Kind.RANGE
        case TupleValue():
            return Kind.TUPLE
        case SpecValue():
            return Kind.SPEC
        case FunctionValue() | BoundMethod() | BoundBuiltin() | PartialValue():
            return Kind.FUNCTION
        case ClassValue():
            return Kind.CLASS
        case BuiltinValue(name=name):
            return Kind.CLASS if name[:1].isupper() else Kind.FUNCTION
        case SymbolicValue():
            return value_type_of(ev, value)[0]
        case _:
            return None


def _kind_of_constant(value: object) -> Kind:
    if value is None:
        return Kind.NONE
    if isinstance(value, str | bytes):
        return Kind.STRING
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Kind.NUMBER if is_number else Kind.CONSTANT


def value_type(ev: Evaluator, value: Value) -> ValueType:
    """The results of ``kind_of`` and ``is_per_example`` for a value."""
    return (
        value_type_of(ev, value)
        if isinstance(value, SymbolicValue)
        else (kind_of(ev, value), False)
    )


def value_type_of(ev: Evaluator, value: SymbolicValue) -> ValueType:
    """The results of ``kind_of`` and ``is_per_example`` for a value; remembered."""
    known = ev.value_types.get(value.number)
    if known is None:
        known = ev.value_types[value.number] = (
            _kind_of_symbolic_value(ev, value),
            _per_example(ev, value, 0),
        )
    return known


def _kind_of_symbolic_value(ev: Evaluator, value: SymbolicValue) -> Kind | None:
    if value.labels:
        return None
    if value.symbol is not None:
        if spec_class(value.symbol) is not None:
            return Kind.SPEC_CLASS
        # If it is not known to be callable, it may be a constant of TensorFlow.
        made = kind_of_result(value.symbol)
        is_class = value.symbol.rpartition(".")[2][:1].isupper()
        return None if made is None else Kind.CLASS if is_class else Kind.FUNCTION
    if value.instance_of is not None:
        for ancestor in method_resolution_order(ev, value.instance_of):
            path = ev.symbol_of(ancestor) if isinstance(ancestor, int) else None
            kind = None if path is None else kind_of_result(path)
            if kind is not None:
                return kind
        return None
    origin = ev.origins.get(value.number)
    if isinstance(origin, ItemOf):
        return _kind_of_item(ev, origin)
    if isinstance(origin, AttributeOf):
        return _kind_of_attribute(ev, origin)
    if isinstance(origin, OperationOn):
        return _kind_of_operation(ev, origin)
    if value.result_of is not None:
        return _OF_BUILTIN.get(value.result_of) or kind_of_result(value.result_of)
    return Kind.TENSOR if value.tensor else None


def _kind_of_operation(ev: Evaluator, operation: OperationOn) -> Kind | None:
    """A tensor if one operand is: TensorFlow converts the others; a list if both are lists."""
    operands = operation.operands
    if any(isinstance(operand, SymbolicValue) and operand.instance_of for operand in operands):
        return None
    kinds = [kind_of(ev, operand) for operand in operands]
    if operation.name == "Modulo" and kinds[0] not in TENSOR_LIKE | {Kind.NUMBER}:
        return None  # it may be a string that is being formatted
    if operation.name == "Add" and all(map(_is_list, operands, kinds)):
        return Kind.LIST
    return Kind.TENSOR if any(kind in TENSOR_LIKE for kind in kinds) else None


def _is_list(value: Value, kind: Kind | None) -> bool:
    return kind in (Kind.LIST, Kind.TENSORS, Kind.GRADIENTS) or (
        isinstance(value, Reference) and value.kind == "list"
    )


def is_op_of_tensor(ev: Evaluator, base: Value, name: str) -> bool:
    """Whether ``base.name`` is the op of a tensor or variable."""
    return name == OP and kind_of(ev, base) in TENSOR_LIKE


def _kind_of_attribute(ev: Evaluator, attribute: AttributeOf) -> Kind | None:
    """The kind of an attribute: a method of TensorFlow's, not called, is a function."""
    if is_op_of_tensor(ev, attribute.base, attribute.name):
        return Kind.OP
    made_by = attribute.base.result_of if isinstance(attribute.base, SymbolicValue) else None
    is_method = made_by is not None and kind_of_result(f"{made_by}().{attribute.name}")
    return Kind.FUNCTION if is_method else None


def _kind_of_item(ev: Evaluator, item: ItemOf) -> Kind | None:
    base = kind_of(ev, item.base)
    if base in TENSOR_LIKE and item.count is None:
        return Kind.TENSOR
    if base is Kind.TENSORS and isinstance(item.base, SymbolicValue):
        return Kind.TENSOR if holds_tensors(item.base.result_of or "") else None
    if base is Kind.GRADIENTS and item.count is None:
        return Kind.TUPLE
    if base is Kind.METRIC and isinstance(item.key, Constant) and item.count in (None, 2):
        return {0: Kind.METRIC_VALUE, 1: Kind.METRIC_UPDATE}.get(item.key.value)  # type: ignore[call-overload, no-any-return]
    return None


def is_given_metric_value(ev: Evaluator, result: SymbolicValue) -> bool:
    """Whether a call is given the value of a metric, or a value computed from one."""
    call = ev.origins.get(result.number)
    return isinstance(call, CallOf) and any(
        _holds_metric_value(ev, value, 0) for value in (*call.arguments, *call.keywords.values())
    )


def _holds_metric_value(ev: Evaluator, value: Value, depth: int) -> bool:
    if depth > bounds.MAX_OPERATORS:
        return False
    match value:
        case SymbolicValue(symbol=None):
            if value_type_of(ev, value)[0] is Kind.METRIC_VALUE:
                return True
            origin = ev.origins.get(value.number)
            match origin:
                case CallOf(arguments=arguments, keywords=keywords):
                    made_of: tuple[Value, ...] = (*arguments, *keywords.values())
                case OperationOn(operands=operands):
                    made_of = operands
                case _:
                    return False
        case TupleValue() | Picture():
            made_of = value.parts
        case _:
            return False
    return any(_holds_metric_value(ev, one, depth + 1) for one in made_of)


def is_symbolic(ev: Evaluator, value: Value) -> bool:
    """Whether a value is certainly a tensor of the graph, and not a container of tensors."""
    return kind_of(ev, value) in SYMBOLIC


def is_per_example(ev: Evaluator, value: Value) -> bool:
    """Whether a value is a per-example loss: from a loss function that does not reduce."""
    return isinstance(value, SymbolicValue) and value_type_of(ev, value)[1]


def _per_example(ev: Evaluator, value: Value, depth: int) -> bool:
    if not isinstance(value, SymbolicValue) or depth > bounds.MAX_OPERATORS:
        return False
    if value.number in ev.value_types:
        return ev.value_types[value.number][1]
    origin = ev.origins.get(value.number)
    match origin:
        case OperationOn(name=name, operands=operands) if name in ELEMENTWISE:
            return any(_per_example(ev, operand, depth + 1) for operand in operands)
        case CallOf(path=str() as path):
            if is_per_example_loss(path):
                return not (sums_over_all(ev, origin) or _of_one_example(ev, origin))
            if averages_last_dimension(path):
                given = (*origin.arguments[:2], *origin.keywords.values())
                return any(has_rows(ev, one) for one in given)
            if chooses(path):
                returned = origin.arguments[-len(calls_at_once(path)) :]
                return all(_per_example(ev, one, depth + 1) for one in returned)
            if keeps_shape(path) and origin.arguments:
                return _per_example(ev, origin.arguments[0], depth + 1)
            return _is_unreduced(ev, origin)
    return False


def _of_one_example(ev: Evaluator, call: CallOf) -> bool:
    """Whether a function is given the labels, or the scores, of one example."""
    return any(has_one_row(ev, one) for one in (*call.arguments[:2], *call.keywords.values()))


def _is_unreduced(ev: Evaluator, call: CallOf) -> bool:
    """Whether a loss function, or the class of a loss object, is called with no reduction."""
    assert call.path is not None
    if isinstance(call.receiver, SymbolicValue) and call.path.endswith("()"):
        maker = ev.origins.get(call.receiver.number)
        return isinstance(maker, CallOf) and _is_unreduced(ev, maker)
    reduction = call.keywords.get("reduction")
    if "losses." not in call.path:
        return False
    match reduction:
        case SymbolicValue(symbol=str() as path):
            return path.endswith("Reduction.NONE")
        case Constant(value="none"):
            return True
    return False
