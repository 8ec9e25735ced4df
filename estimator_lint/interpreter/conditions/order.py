"""Comparisons of order: ``n < 2`` and ``n >= 2`` are one question, and ``n == 2`` bears on it.

Values are taken to be in one order: of ``a < b`` and ``a >= b`` just one holds. That is not so of
sets, and of NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from estimator_lint.domain.paths.value_numbers import is_form_of_features
from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.domain.values.values import (
    FALSE,
    TRUE,
    Constant,
    SymbolicValue,
    Value,
    constant_key,
)
from estimator_lint.interpreter.conditions.branching import negation
from estimator_lint.interpreter.conditions.correlation import note_correlation

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

Order: TypeAlias = Literal["<", "<="]

#: ``a < b`` is the opposite of ``b <= a``.
_OPPOSITE: Final[dict[Order, Order]] = {"<": "<=", "<=": "<"}


def in_order(ev: Evaluator, order: Order, left: Value, right: Value, state: State) -> Value:
    """The value of ``left < right`` or ``left <= right``, of values that are no tensors."""
    if _comes_second(ev, left, right):
        return negation(ev, _asked(ev, _OPPOSITE[order], right, left, state), state)
    return _asked(ev, order, left, right, state)


def _comes_second(ev: Evaluator, left: Value, right: Value) -> bool:
    """Whether a question is asked the other way round: that about ``2 < n`` is ``n <= 2``."""
    if isinstance(left, Constant) or isinstance(right, Constant):
        return isinstance(left, Constant)
    return repr(ev.identity(left)) > repr(ev.identity(right))


def _asked(ev: Evaluator, order: Order, left: Value, right: Value, state: State) -> Value:
    """The answer, if other tests of the path tell it; otherwise a value for it."""
    less, at_most = _answer(ev, "<", left, right), _answer(ev, "<=", left, right)
    is_less, is_at_most = _told(less, state), _told(at_most, state)
    if order == "<":
        if is_at_most is False:
            return FALSE
        if is_at_most and _are_unequal(ev, left, right, state):
            return TRUE
        return less
    if is_less:
        return TRUE
    if is_less is False and _are_unequal(ev, left, right, state):
        return FALSE
    return at_most


def _answer(ev: Evaluator, order: Order, left: Value, right: Value) -> SymbolicValue:
    answer = ev.derived(
        *("compare", order),
        of=[left, right],
        not_none=True,
        of_input=is_form_of_features(left) or is_form_of_features(right),
    )
    sides = tuple(side for side in (left, right) if isinstance(side, SymbolicValue))
    ev.correlations.ordered[answer.number] = sides
    if isinstance(left, SymbolicValue) and isinstance(right, Constant):
        bound = right.value
        if isinstance(bound, int):
            least = bound if order == "<" else bound + 1
            ev.correlations.least_unless.setdefault(left.number, {})[answer.number] = least
    return note_correlation(ev, answer, left, right)


def _told(answer: SymbolicValue, state: State) -> bool | None:
    known = state.get(("truth", answer.number))
    return known if isinstance(known, bool) else None


def _are_unequal(ev: Evaluator, left: Value, right: Value, state: State) -> bool:
    """Whether a test of the path has shown that two values are not equal."""
    if isinstance(right, Constant):
        key = constant_key(right)
        return isinstance(left, SymbolicValue) and bool(state.get(("not", left.number, key)))
    pairs = ([left, right], [right, left])
    return any(
        _told(ev.derived("compare", "==", of=pair, not_none=True), state) is False for pair in pairs
    )


def equality_told(
    ev: Evaluator, subject: Value, constant: Constant, state: State
) -> Constant | None:
    """Whether a value equals a number, if tests of order have shown it."""
    number = constant.value
    if not isinstance(subject, SymbolicValue) or not isinstance(number, int | float):
        return None
    is_less, is_at_most = (
        _told(_answer(ev, order, subject, constant), state) for order in ("<", "<=")
    )
    if is_less or is_at_most is False:
        return FALSE
    return TRUE if is_at_most and is_less is False else None


def is_count(ev: Evaluator, value: Value) -> bool:
    """Whether a value is a number of things: 0 or more."""
    if not isinstance(value, SymbolicValue):
        return False
    origin = ev.origins.get(value.number)
    is_of_method = isinstance(origin, CallOf) and origin.name == "count"
    return is_of_method or value.result_of == "builtins.len"


def is_zero(order: Order, bound: Constant) -> bool | None:
    """Whether a count that is ``<`` or ``<=`` a bound is 0; None if that is not all it may be."""
    number = bound.value
    if not isinstance(number, int):
        return None
    most = number - 1 if order == "<" else number
    return None if most > 0 else most == 0
