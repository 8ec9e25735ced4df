"""Iterables that may have no items, by what the program itself makes them of.

The lengths of other iterables are taken to be at least one: an author who loops over the layers
that ``params`` ask for knows that there are some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estimator_lint.domain.values.provenance import AttributeOf, CallOf, OperationOn
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Picture,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.objects import known_items
from estimator_lint.tensorflow_api.searches import may_find_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

#: Builtins whose result has an item for each item of what they are given.
_PASSING_ON: Final = frozenset(
    f"builtins.{name}" for name in "frozenset iter list map reversed set sorted tuple".split()
)
#: Operators by which a set has only some of the items of another.
_LEAVING_OUT: Final = frozenset({"BitAnd", "Subtract"})
#: Methods whose result has an item for each item of the object.
_VIEWS: Final = frozenset({"copy", "items", "keys", "values"})
#: Methods that return their second argument if there is nothing else.
_WITH_DEFAULT: Final = frozenset({"get", "pop"})


def may_be_empty(
    ev: Evaluator, value: Value, state: State, answers: dict[int, bool] | None = None
) -> bool:
    """Whether an iterable may well have no items on a path, although nothing else is known.

    ``answers`` are those for the iterables that it is made of: one may be used many times.
    """
    if not isinstance(value, SymbolicValue | Reference):
        return False
    answers = {} if answers is None else answers
    if value.number not in answers:
        answers[value.number] = _is_possibly_empty(ev, value, state, answers)
    return answers[value.number]


def _is_possibly_empty(
    ev: Evaluator, value: SymbolicValue | Reference, state: State, answers: dict[int, bool]
) -> bool:
    items, is_open = known_items(value, state)
    if isinstance(value, Reference):
        return is_open and not items and value.number in ev.possibly_empty
    if value.number in ev.possibly_empty:
        return True
    path = value.result_of
    if path is not None and may_find_nothing(path):
        return True
    operands = ev.operands.get(value.number, ())
    if path in _PASSING_ON:
        return any(may_be_empty(ev, operand, state, answers) for operand in operands)
    match ev.origins.get(value.number):
        case OperationOn(name=name, operands=combined):
            return name in _LEAVING_OUT and any(map(_is_set, combined))
        case CallOf(path="itertools.chain", arguments=arguments):
            return all(
                _is_known_empty(one) or may_be_empty(ev, one, state, answers) for one in arguments
            )
        case CallOf(name=name, arguments=(_, default)) if name in _WITH_DEFAULT:
            return _is_known_empty(default)
        case CallOf(name=name, arguments=()) if name in _VIEWS and operands:
            base = _receiver(ev, operands[0])
            return base is not None and may_be_empty(ev, base, state, answers)
    return False


def _is_set(value: Value) -> bool:
    return isinstance(value, Reference) and value.kind == "set"


def _is_known_empty(value: Value) -> bool:
    match value:
        case TupleValue(items=()) | Picture(contents=SequenceContents(items=(), open=False)):
            return True
        case Picture(contents=DictContents(entries=entries, open=False)):
            return not entries
    return False


def _receiver(ev: Evaluator, method: Value) -> Value | None:
    """The object whose method a value is."""
    origin = ev.origins.get(method.number) if isinstance(method, SymbolicValue) else None
    return origin.base if isinstance(origin, AttributeOf) else None


def note_made_of(
    ev: Evaluator, value: SymbolicValue | Reference, iterables: Iterable[Value], state: State
) -> None:
    """Note that ``value`` may have no items if one of the iterables that it is made of has none."""
    if any(may_be_empty(ev, one, state) for one in iterables):
        ev.possibly_empty.add(value.number)


def note_range(ev: Evaluator, value: Value, limits: Sequence[Value], state: State) -> None:
    """Note that a range may have no numbers: ``range(1, n)``, ``range(n - 1)``."""
    start, stop = limits[:2] if len(limits) > 1 else (Constant(0), limits[0])
    step = limits[2] if len(limits) > 2 else Constant(1)
    by = _integer(step)
    if not isinstance(value, SymbolicValue) or by is None:
        return
    low, high = (start, stop) if by > 0 else (stop, start)
    if isinstance(high, SymbolicValue) and not _exceeds(ev, high, low, state):
        ev.possibly_empty.add(value.number)


def _exceeds(ev: Evaluator, high: SymbolicValue, low: Value, state: State) -> bool:
    """Whether a number is above another, if one of which nothing is known is at least one."""
    least = 1
    match ev.origins.get(high.number):
        case OperationOn(name="Add", operands=operands):
            if low in operands:
                return True
            least += sum(_integer(one) or 0 for one in operands)
        case OperationOn(name="Subtract", operands=(_, taken)):
            number = _integer(taken)
            if number is None:
                return False
            least -= number
        case OperationOn(name="FloorDivide" | "Modulo"):
            least = 0
        case _ if high.result_of == "builtins.len":
            measured = ev.operands.get(high.number, ())
            least -= any(may_be_empty(ev, one, state) for one in measured)
    begin = _integer(low)
    return begin is not None and begin < least


def _integer(value: Value) -> int | None:
    if isinstance(value, Constant) and isinstance(value.value, int):
        return value.value
    return None


def note_slice(
    ev: Evaluator, part: Value, base: Value, limits: Sequence[Value], state: State
) -> None:
    """Note that a part of a sequence may have no items: ``items[1:]``, ``items[:-1]``."""
    if not isinstance(part, SymbolicValue):
        return
    lower, upper = (limit.value if isinstance(limit, Constant) else limit for limit in limits[:2])
    begins_late = lower is not None and not (isinstance(lower, int) and lower <= 0)
    ends_early = isinstance(upper, int) and upper < 0
    if begins_late or ends_early or may_be_empty(ev, base, state):
        ev.possibly_empty.add(part.number)
