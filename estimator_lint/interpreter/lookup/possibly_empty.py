"""Iterables that may have no items, by what the program itself makes them of.

The lengths of other iterables are taken to be at least one: an author who loops over the layers
that ``params`` ask for knows that there are some. So are those that a test has shown to be.
"""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from estimator_lint.domain import bounds
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    Constant,
    DictContents,
    Picture,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.classes.implicit_calls import ITERATION, is_told_by_own_method
from estimator_lint.interpreter.conditions.told_lengths import integer, least_told, told_length
from estimator_lint.interpreter.lookup.selections import items_needed, selects
from estimator_lint.interpreter.objects import known_items
from estimator_lint.tensorflow_api.searches import (
    may_find_nothing,
    may_round_to_zero,
    selects_by_argument,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

#: Functions whose result has items if one of the iterables has that they are given.
_JOINING: Final = frozenset("itertools.chain itertools.zip_longest six.moves.zip_longest".split())
#: Operators by which a set has only some of the items of another.
_LEAVING_OUT: Final = frozenset({"BitAnd", "BitXor", "Subtract"})
#: The same of methods.
LEAVING_OUT_BY_METHOD: Final = frozenset({"difference", "intersection", "symmetric_difference"})
#: Methods that return what has the operators of sets.
_VIEWS_LIKE_SETS: Final = frozenset({"items", "keys"})
#: Methods that return their second argument if there is nothing else.
_WITH_DEFAULT: Final = frozenset({"get", "pop", "setdefault"})


def may_be_empty(
    ev: Evaluator, value: Value, state: State, answers: dict[int, bool] | None = None
) -> bool:
    """Whether an iterable may well have no items on a path, although nothing else is known.

    ``answers`` are those for the iterables that it is made of: one may be used many times.
    """
    if isinstance(value, Picture):
        return value.number in ev.possibly_empty and _is_unknown(value.contents)
    if not isinstance(value, SymbolicValue | Reference):
        return False
    answers = {} if answers is None else answers
    if value.number not in answers:
        answers[value.number] = False
        if len(answers) > bounds.MAX_OPERANDS_SEARCHED:
            return False
        answers[value.number] = _is_possibly_empty(ev, value, state, answers) and not told_length(
            ev, value, state
        )
    return answers[value.number]


def _is_unknown(contents: DictContents | SequenceContents) -> bool:
    """Whether nothing is known of what a container held."""
    known = contents.entries if isinstance(contents, DictContents) else contents.items
    return contents.open and not known


def _is_possibly_empty(
    ev: Evaluator, value: SymbolicValue | Reference, state: State, answers: dict[int, bool]
) -> bool:
    items, is_open = known_items(value, state)
    if isinstance(value, Reference):
        return is_open and not items and value.number in ev.possibly_empty
    if value.tensor:
        return False
    if value.number in ev.possibly_empty:
        base, needed = ev.slices.get(value.number, (value, 1))
        return told_length(ev, base, state) < needed
    if value.number in ev.limits_of_ranges:
        return _is_empty_range(ev, ev.limits_of_ranges[value.number], state)
    path = value.result_of
    if path is not None and may_find_nothing(path):
        return True
    operands = ev.operands.get(value.number, ())
    if path == "builtins.getattr":
        return len(operands) > 2 and _is_known_empty(operands[2], state)
    if value.instance_of is not None and is_told_by_own_method(ev, value, ITERATION):
        return True
    match ev.origins.get(value.number):
        case OperationOn(name=name, operands=combined):
            return _is_possibly_empty_result(ev, name, combined, state, answers)
        case CallOf() as call:
            return _is_possibly_empty_call(ev, call, operands, state, answers)
        case ItemOf(base=holder, key=key):
            return selects(ev, holder, key) or may_be_empty(ev, key, state, answers)
    return path is not None and _is_made_of_nothing(ev, operands, state, answers)


def _is_possibly_empty_result(
    ev: Evaluator,
    operator: str,
    operands: tuple[Value, ...],
    state: State,
    answers: dict[int, bool],
) -> bool:
    match operator:
        case "Add":
            return _all_possibly_empty(ev, operands, state, answers)
        case "Multiply":
            return _is_made_of_nothing(ev, operands, state, answers)
    return operator in _LEAVING_OUT and any(_is_set(ev, operand) for operand in operands)


def _is_possibly_empty_call(
    ev: Evaluator,
    call: CallOf,
    operands: Sequence[Value],
    state: State,
    answers: dict[int, bool],
) -> bool:
    if call.path in _JOINING:
        # What was an empty list when it was given may be known no longer.
        iterables = [
            one
            for one, given in zip_longest(operands[1:], call.arguments)
            if not isinstance(one, Constant) and not (given and _is_known_empty(given))
        ]
        return _all_possibly_empty(ev, iterables, state, answers)
    if call.path == "numpy.arange":
        return _is_empty_range(ev, call.arguments, state)
    if call.path is not None and selects_by_argument(call.path):
        return not all(map(same_as_none, (*call.arguments, *call.keywords.values())))
    if (needed := items_needed(call)) is not None:
        return least_length(ev, operands[1], state) < needed
    match call:
        case CallOf(name=name, arguments=arguments) if name in _WITH_DEFAULT:
            return len(arguments) == 2 and _is_known_empty(arguments[1])
        case CallOf(name="split", arguments=arguments, keywords=keywords):
            return not arguments and not keywords
        case CallOf(name="splitlines"):
            return True
        case CallOf(name=name, path=None) if name in LEAVING_OUT_BY_METHOD:
            return True
    receiver = _receiver(ev, operands[0]) if operands else None
    given = operands if receiver is None else (receiver, *operands[1:])
    # What a list was made of when it was given may be known no longer.
    given = (*given, *(one for one in call.arguments if isinstance(one, Picture)))
    return _is_made_of_nothing(ev, given, state, answers)


def _is_made_of_nothing(
    ev: Evaluator, operands: Sequence[Value], state: State, answers: dict[int, bool]
) -> bool:
    """Whether what a call is given may have no items, or lists all of which may have none."""
    for operand in operands:
        if may_be_empty(ev, operand, state, answers) or _is_empty_range(ev, (operand,), state):
            return True  # the number of items may be 0: ``[None] * (n - 1)``
        match operand:
            case Picture(contents=SequenceContents(items=items, open=is_open)):
                pass
            case TupleValue() | Reference():
                items, is_open = known_items(operand, state)
            case _:
                continue
        if not is_open and _all_possibly_empty(ev, items, state, answers):
            return True
    return False


def _all_possibly_empty(
    ev: Evaluator, iterables: Iterable[Value], state: State, answers: dict[int, bool] | None = None
) -> bool:
    """Whether none of several iterables is known to have items, and one of them may have none."""
    found = [(_is_known_empty(one, state), one) for one in iterables]
    others = [one for is_empty, one in found if not is_empty]
    return bool(others) and all(may_be_empty(ev, one, state, answers) for one in others)


def _is_set(ev: Evaluator, value: Value) -> bool:
    if isinstance(value, SymbolicValue):
        origin = ev.origins.get(value.number)
        of_counts = value.result_of == "collections.Counter"
        return of_counts or isinstance(origin, CallOf) and origin.name in _VIEWS_LIKE_SETS
    return isinstance(value, Reference) and value.kind == "set"


def _is_known_empty(value: Value, state: State | None = None) -> bool:
    match value:
        case (
            TupleValue(items=())
            | Constant(value="" | b"")
            | Picture(contents=SequenceContents(items=(), open=False))
        ):
            return True
        case Picture(contents=DictContents(entries=entries, open=False)):
            return not entries
        case Reference() if state is not None:
            return known_items(value, state) == ((), False)
    return False


def _receiver(ev: Evaluator, method: Value) -> Value | None:
    """The object whose method a value is."""
    origin = ev.origins.get(method.number) if isinstance(method, SymbolicValue) else None
    return origin.base if isinstance(origin, AttributeOf) else None


def note_made_of(ev: Evaluator, value: Value, iterables: Iterable[Value], state: State) -> None:
    """Note that ``value`` may have no items if one of the iterables that it is made of has none."""
    if isinstance(value, SymbolicValue | Reference) and any(
        may_be_empty(ev, one, state) for one in iterables
    ):
        ev.possibly_empty.add(value.number)


def note_joined(ev: Evaluator, value: Value, iterables: Iterable[Value], state: State) -> None:
    """Note that ``value`` may have no items if none of the iterables has any that it joins."""
    if isinstance(value, SymbolicValue | Reference) and _all_possibly_empty(ev, iterables, state):
        ev.possibly_empty.add(value.number)


def note_less(ev: Evaluator, value: Value, state: State) -> None:
    """Note that a container may have lost its last item."""
    items, is_open = known_items(value, state)
    if isinstance(value, SymbolicValue | Reference) and is_open and not items:
        ev.possibly_empty.add(value.number)


def note_entry_taken(ev: Evaluator, base: Value, key: Value | None, state: State) -> None:
    """Note that a container may have lost its last item: the one of that key, or an unknown one.

    An object of which nothing else is known is thought to have more than what is named.
    """
    of_name = isinstance(key, Constant) and isinstance(key.value, str)
    if isinstance(base, Reference) or not of_name:
        note_less(ev, base, state)


def note_part_replaced(
    ev: Evaluator, base: Value, lower: Value | None, items: Value, state: State
) -> None:
    """Note that a list may have lost its items where a part of it is replaced: ``xs[:] = found``.

    ``lower`` is where the part begins.
    """
    keeps_first = lower is not None and (integer(lower) or 0) > 0
    if not keeps_first and not isinstance(items, Constant) and not least_length(ev, items, state):
        note_less(ev, base, state)


def _is_empty_range(ev: Evaluator, limits: Sequence[Value], state: State) -> bool:
    """Whether a range may have no numbers: ``range(1, n)``, ``range(n - 1)``."""
    start, stop = limits[:2] if len(limits) > 1 else (Constant(0), limits[0])
    by = integer(limits[2]) if len(limits) > 2 else 1
    if by is None:
        return False
    low, high = (start, stop) if by > 0 else (stop, start)
    return isinstance(high, SymbolicValue) and not _exceeds(ev, high, low, state)


def _exceeds(ev: Evaluator, high: SymbolicValue, low: Value, state: State) -> bool:
    """Whether a number is above another."""
    match ev.origins.get(high.number):
        case OperationOn(name="Add", operands=operands) if low in operands:
            return True
    begin, least = integer(low), _least(ev, high, state)
    return begin is not None and least is not None and begin < least


def _least(ev: Evaluator, value: Value, state: State, depth: int = 0) -> int | None:
    """The least that a number may be, if one of which nothing is known is at least one."""
    if not isinstance(value, SymbolicValue) or depth > bounds.MAX_OPERATORS:
        return integer(value)
    told = least_told(ev, value, state)
    if told is not None:
        return told
    match ev.origins.get(value.number):
        case OperationOn(name=name, operands=operands):
            return _least_result(ev, name, operands, state, depth + 1)
    given = ev.operands.get(value.number, ())
    if value.result_of == "builtins.len":
        return min((least_length(ev, one, state) for one in given), default=1)
    if value.result_of == "builtins.int" and given:
        return _least(ev, given[0], state, depth + 1)
    match ev.key_of(value.number):
        case ("extremum", which, *_) if len(given) > 1:
            return _least_of_several(ev, which == "max", given, state, depth + 1)
    if value.result_of is not None and may_round_to_zero(value.result_of):
        return 0
    return 1


def _least_of_several(
    ev: Evaluator, is_greatest: bool, numbers: Sequence[Value], state: State, depth: int
) -> int | None:
    """The least that the greatest of several numbers may be, or the smallest of them."""
    found = [_least(ev, one, state, depth) for one in numbers]
    known = [one for one in found if one is not None]
    if is_greatest:
        return max(known, default=None)
    return min(known) if len(known) == len(found) else None


def _least_result(
    ev: Evaluator, operator: str, operands: tuple[Value, ...], state: State, depth: int
) -> int | None:
    """The least that a result of arithmetic may be."""
    if operator in ("Divide", "FloorDivide", "Modulo", "RightShift"):
        return 0
    found = [_least(ev, one, state, depth) for one in operands]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    match operator:
        case "Add":
            return sum(known)
        case "Multiply" if min(known) >= 0:
            return math.prod(known)
        case "Subtract":
            taken = integer(operands[-1])
            return None if taken is None else known[0] - taken
        case "Minus":
            return None
    return 1


def least_length(ev: Evaluator, value: Value, state: State) -> int:
    """How many items an iterable has at least."""
    items, is_open = known_items(value, state)
    if not is_open:
        return len(items)
    if not isinstance(value, SymbolicValue | Reference):
        return 1
    return max(len(items), told_length(ev, value, state), not may_be_empty(ev, value, state))


def note_slice(
    ev: Evaluator, part: Value, base: Value, limits: Sequence[Value], state: State
) -> None:
    """Note that a part of a sequence may have no items: ``items[1:]``, ``items[:-1]``."""
    if not isinstance(part, SymbolicValue):
        return
    lower, upper = (None if same_as_none(limit) else limit for limit in limits[:2])
    begin = 0 if lower is None else integer(lower)
    end = 1 if upper is None else integer(upper)
    if end is None and begin == 0 and (_least(ev, limits[1], state) or 0) < 1:
        ev.possibly_empty.add(part.number)
        return
    if begin is None or end is None and begin > 0:
        ev.possibly_empty.add(part.number)
        return
    # From the item `begin` to the one before the last ones.
    needed = 1 + max(begin, 0) + (-end if end is not None and end < 0 else 0)
    note_rest(ev, part, base, needed, state)


def note_rest(ev: Evaluator, part: SymbolicValue, base: Value, needed: int, state: State) -> None:
    """Note that a part of a sequence has no items unless that has as many as are needed."""
    if not isinstance(base, SymbolicValue | Reference):
        if needed > 1:
            ev.possibly_empty.add(part.number)
    elif least_length(ev, base, state) < needed:
        ev.possibly_empty.add(part.number)
        ev.slices[part.number] = base, needed
