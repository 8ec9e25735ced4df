"""Attempts to follow a call into another file that gained nothing, remembered from mode to mode.

The other modes make most of these calls, too. Values have other numbers there, so two calls count
as the same if what they are given has the same form: the same constants and functions, containers
of the same contents, symbolic values of which the same is known, each at the same places.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.values_on_paths import resolve
from estimator_lint.domain.values.values import (
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    DictContents,
    FunctionValue,
    ModuleValue,
    Overrides,
    PartialValue,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Unbound,
    Value,
    constant_key,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.interpreter.evaluator import Evaluator


class _NotComparableError(Exception):
    """A call is given something that cannot be compared with what it is given in another mode."""


def circumstances(
    ev: Evaluator, scope: Scope, bound: Mapping[str, Value], states: Sequence[State]
) -> Hashable | None:
    """What the course of a call depends on, in whichever mode; None if it cannot be compared."""
    if scope.parent is not None:
        return None
    try:
        forms = tuple(_Forms(ev, state).of_all(bound.values()) for state in states)
    except _NotComparableError:
        return None
    told = tuple(_told_of_symbols(ev, state) for state in states)
    return id(scope.code), len(ev.frames), *bound, *forms, *told


def _told_of_symbols(ev: Evaluator, state: State) -> Hashable:
    """What tests of the path have shown of names of libraries, which any function can read."""
    return frozenset(
        (symbol, kind, known)
        for number in state.layer.assumed
        if (symbol := ev.symbol_of(number)) is not None
        for kind in ("truth", "is")
        if (known := state.get((kind, number))) is not None
    )


def traces_left(ev: Evaluator) -> Hashable:
    """What an attempt in vain must leave as it is: what is known of the function as a whole."""
    trace = ev.trace
    flags = (trace.labels_tested, trace.creates_estimator_spec, trace.trains_by_head)
    stored = sum(not ev.is_made_here(number) for number, _ in trace.stored)
    return *flags, trace.replaces_train_op, len(trace.tested), stored


class _Forms:
    """The forms of the values that a call is given on one path.

    What is of the linted file has none: it is to be seen there which code runs in which mode.
    """

    def __init__(self, ev: Evaluator, state: State) -> None:
        self._own = ev.own_module
        self._state = state
        self._seen: dict[int, int] = {}
        self._room = bounds.MAX_PICTURED

    def of_all(self, values: Iterable[Value]) -> tuple[Hashable, ...]:
        """The forms of values, in their order."""
        return tuple(map(self.of, values))

    def of(self, value: Value) -> Hashable:
        """The form of a value.

        Raises:
            _NotComparableError: it has none, or is too large.
        """
        self._room -= 1
        if self._room < 0:
            raise _NotComparableError
        value = resolve(value, self._state)
        match value:
            case Constant():
                return "constant", constant_key(value), value.role
            case SymbolicValue():
                return self._of_symbolic_value(value)
            case Reference():
                return value.kind, self._of_object(value.number)
            case TupleValue():
                return "tuple", value.names, self.of_all(value.items)
            case FunctionValue(scope=None) if value.code.module is not self._own:
                names = tuple(name for name, _ in value.defaults)
                return "function", id(value.code), names, self.of_all(value.parts)
            case BoundMethod():
                return "method", self.of(value.function), self.of(value.receiver)
            case PartialValue():
                names = tuple(name for name, _ in value.keywords)
                return "partial", len(value.arguments), names, self.of_all(value.parts)
            case ClassValue(of=None) if value.code.module is not self._own:
                return "class", id(value.code)
            case BoundBuiltin():
                return "builtin", value.method, self.of(value.receiver)
            case ModuleValue() | BuiltinValue() | Unbound():
                return value
        raise _NotComparableError

    def _of_symbolic_value(self, value: SymbolicValue) -> Hashable:
        if value.instance_of is not None and value.instance_of.module is self._own:
            raise _NotComparableError
        known = (value.not_none, value.symbol, value.result_of, value.instance_of)
        marks = (value.tensor, value.labels, value.imprecise, value.of_mode, value.of_input)
        told = (self._state.get(("truth", value.number)), self._state.get(("among", value.number)))
        return *known, *marks, *told, self._of_object(value.number)

    def _of_object(self, number: int) -> Hashable:
        """The form of an object: where it was met before, or what it holds."""
        if number in self._seen:
            return self._seen[number]
        self._seen[number] = len(self._seen)
        match self._state.contents(number):
            case DictContents() as held:
                keys = tuple(map(repr, held.entries))
                return held.open, keys, self.of_all(held.values)
            case SequenceContents() as items:
                return items.open, self.of_all(items.items)
            case Overrides() as stored:
                stored_in = (*stored.attributes, *map(repr, stored.items))
                values = (*stored.attributes.values(), *stored.items.values())
                return stored.open, stored_in, self.of_all(values)
        return None
