"""Builtins that ask what a value is, or what attributes it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estimator_lint.domain.values.lazy_items import LazyItems, RangeItems
from estimator_lint.domain.values.values import (
    FALSE,
    TRUE,
    BuiltinValue,
    ClassValue,
    Constant,
    Reference,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.arguments import Arguments
from estimator_lint.interpreter.calls.builtin_containers import Handler
from estimator_lint.interpreter.calls.classes_of_values import is_instance_of_one
from estimator_lint.interpreter.classes.implicit_calls import UNKNOWN_ATTRIBUTE, is_made_here
from estimator_lint.interpreter.classes.method_resolution import Elsewhere, look_up_member
from estimator_lint.interpreter.conditions.tensor_uses import are_of_tensors
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.lookup.initial_state import is_stored_in_class
from estimator_lint.interpreter.lookup.instances import instance
from estimator_lint.interpreter.objects import stored_in
from estimator_lint.interpreter.specs.type_inference import is_symbolic

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Result

#: Builtins that return an instance of the class that they are.
_CONVERTING = frozenset({"bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"})
#: Classes of Python's library of which None is an instance.
_OF_ANYTHING = frozenset({"Any", "Hashable", "NoneType"})

#: Types of constants.
_SCALARS = frozenset({"str", "bytes", "int", "float", "bool", "complex"})


def _isinstance(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) != 2:
        return None
    value, kind = (ev.resolve(argument.value, state) for argument in given.positional)
    kinds = kind.items if isinstance(kind, TupleValue) else (kind,)
    if is_symbolic(ev, value):
        told = are_of_tensors(kinds)
        return None if told is None else [(Constant(told), state)]
    if not all(isinstance(one, BuiltinValue) for one in kinds):
        is_none = same_as_none(value) and not any(map(_may_include_none, kinds))
        is_one = False if is_none else is_instance_of_one(ev, value, kinds)
        return None if is_one is None else [(Constant(is_one), state)]
    names = {one.name for one in kinds if isinstance(one, BuiltinValue)}
    name = _type_name(value)
    if name is None:
        is_object = isinstance(value, SymbolicValue) and ev.is_settings_object(value)
        return [(FALSE, state)] if is_object and names <= _SCALARS else None
    if name == "set" and len(names & {"frozenset", "set"}) == 1:
        return None
    is_one = name in names or "object" in names or (name == "bool" and "int" in names)
    return [(TRUE if is_one else FALSE, state)]


def _may_include_none(kind: Value) -> bool:
    """Whether None may be an instance of what ``isinstance`` is given: of ``int | None``, say."""
    if isinstance(kind, SymbolicValue) and kind.symbol is not None:
        return kind.symbol.rpartition(".")[2] in _OF_ANYTHING
    return not isinstance(kind, ClassValue | BuiltinValue)


def _type_name(value: Value) -> str | None:
    match value:
        case Constant():
            return type(value.value).__name__
        case RangeItems():
            return "range"
        case TupleValue() if not isinstance(value, LazyItems):
            return "tuple"
        case Reference():
            return value.kind
        case SymbolicValue(result_of=str() as made_by):
            kind = made_by.removeprefix("builtins.")
            return kind if kind in _CONVERTING else None
        case _:
            return None


def _hasattr(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    match given.values():
        case [value, Constant(value="numpy")] if is_symbolic(ev, ev.resolve(value, state)):
            return [(FALSE, state)]
        case [value, Constant(value=str() as name)]:
            base = ev.resolve(value, state)
            if isinstance(base, SymbolicValue):
                return _has_attribute(ev, base, name, state)
    return None


def _has_attribute(
    ev: Evaluator, base: SymbolicValue, name: str, state: State
) -> list[Result] | None:
    stored = stored_in(base, state).attributes.get(name)
    if stored is not None:
        return None if _may_be_deleted(stored) else [(TRUE, state)]
    return [(FALSE, state)] if _lacks(ev, base, name, state) else None


def _may_be_deleted(attribute: Value) -> bool:
    """Whether a value is what an attribute has that was deleted, among others."""
    return isinstance(attribute, SymbolicValue) and attribute.imprecise and not attribute.not_none


def _lacks(ev: Evaluator, base: SymbolicValue, name: str, state: State) -> bool:
    """Whether an object that is made here has no attribute of that name."""
    if not is_made_here(ev, base) or stored_in(base, state).open:
        return False
    return not name.startswith("__") and all(
        look_up_member(ev, code, one) is Elsewhere.NOWHERE
        and not is_stored_in_class(ev, code, name)
        for code in instance(ev, base).classes
        for one in (name, *UNKNOWN_ATTRIBUTE)
    )


def _callable(
    ev: Evaluator, given: Arguments, node: cst.BaseExpression, state: State
) -> list[Result] | None:
    if len(given.positional) == 1 and same_as_none(given.positional[0].value):
        return [(FALSE, state)]
    return None


#: By the name in ``builtins``.
QUESTIONS: Final[dict[str, Handler]] = {
    "callable": _callable,
    "hasattr": _hasattr,
    "isinstance": _isinstance,
}
