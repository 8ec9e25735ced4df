"""What a path knows about a value: the facts from tests, and what it can reach."""

from __future__ import annotations

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.paths.state import State
from estimator_lint.domain.values.lazy_items import LazyItems
from estimator_lint.domain.values.values import (
    UNBOUND,
    BoundBuiltin,
    BoundMethod,
    Constant,
    DictContents,
    FunctionValue,
    Overrides,
    PartialValue,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)


def is_told(value: SymbolicValue, state: State) -> bool:
    """Whether a test of the path has decided the truth of ``value``."""
    return state.assumes_about(value.number) and state.peek(("truth", value.number)) is not None


def parts_of(value: Value, state: State) -> list[Value]:
    """The values that are reachable from ``value`` in one step."""
    match value:
        case Reference() | SymbolicValue():
            return parts_held(value.number, state)
        case LazyItems(items=items, sources=sources):
            return [*items, *(source.container for source, _ in sources)]
        case TupleValue(items=items):
            return list(items)
        case SpecValue(fields=fields):
            return list(fields.values())
        case BoundMethod(receiver=receiver) | BoundBuiltin(receiver=receiver):
            return [receiver]
        case PartialValue():
            return [value.function, *value.arguments, *dict(value.keywords).values()]
        case FunctionValue(defaults=defaults):
            return [default for _, default in defaults]
    return []


def parts_held(number: int, state: State) -> list[Value]:
    """The values in the contents of the object of that number."""
    if state.may_hold(number):
        match state.peek(("contents", number)):
            case DictContents() as contents:
                return list(contents.values)
            case SequenceContents(items=items, held=held):
                return [*items, *held]
            case Overrides() as stored:
                return [*stored.attributes.values(), *stored.items.values()]
    return []


def resolve(value: Value, state: State) -> Value:
    """``value`` with what the tests of the path have shown about it."""
    if isinstance(value, SymbolicValue) and value.number in state.layer.assumed:
        known = state.get(("is", value.number))
        if isinstance(known, Constant):
            return known
        if not value.not_none and (
            state.get(("not", value.number, None)) or state.get(("truth", value.number)) is True
        ):
            return state.known_not_none(value)
    return value


def not_none(value: Value) -> bool:
    """Whether a value is known to be something other than None."""
    if isinstance(value, SymbolicValue):
        return value.not_none
    return value is not UNBOUND and not (isinstance(value, Constant) and value.value is None)
