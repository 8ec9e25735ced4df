"""Tests that have to do with one another: what one has told, bears on the other.

Of the truth of a value, of what constants it equals and among which constants it
is, all that follows is worked out.  Which outcomes go together of other tests about
the same thing nobody knows: ``n > 0`` and ``n > 1``, ``name.startswith("a")`` and
``name == "adam"``, ``"x" in params`` and ``params.get("x")``.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.correlated_conditions import CorrelatedConditions, Part, Topic
from estimator_lint.domain.values.provenance import AttributeOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    BuiltinValue,
    Constant,
    SymbolicValue,
    TupleValue,
    Value,
    constant_key,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

#: The methods of those are questions about it; others may do anything.
_PLAIN_TYPES: Final = (str, bytes, int, float, list, tuple, dict, set)


def possible(
    questions: CorrelatedConditions,
    subject: SymbolicValue,
    constants: Iterable[Constant],
    state: State,
) -> list[Constant]:
    """Those of the constants that the value may equal by what tests have told of it."""
    truth = state.get(("truth", subject.number))
    among = _among(subject, state)
    of_types = [
        (types, state.get(("truth", test)))
        for test, types in questions.type_tests.get(subject.number, {}).items()
    ]
    return [
        constant
        for constant in constants
        if not state.get(("not", subject.number, constant_key(constant)))
        and not (constant.value is None and subject.not_none)
        and not (isinstance(truth, bool) and truth is not bool(constant.value))
        and not (among and not are_among([constant], among))
        and all(told is None or told in _may_be(constant, types) for types, told in of_types)
    ]


def candidates(
    questions: CorrelatedConditions, subject: SymbolicValue, state: State
) -> list[Constant]:
    """What the value can only be, as far as told by tests; empty where they don't tell."""
    return possible(questions, subject, _among(subject, state), state)


def types_left(ev: Evaluator, test: SymbolicValue, state: State) -> set[bool]:
    """How a test of a value's type may come out, as far as told by others of the value."""
    subject = ev.correlations.typed.get(test.number)
    if subject is None:
        return set()
    types = ev.correlations.type_tests[subject.number][test.number]
    return {
        outcome
        for constant in candidates(ev.correlations, subject, state)
        for outcome in _may_be(constant, types)
    }


def _may_be(constant: Constant, types: tuple[type, ...]) -> set[bool]:
    """Whether what equals a constant is of some types; both where it depends: 0 equals 0.0."""
    value = constant.value
    kinds: list[type] = [type(value)]
    if isinstance(value, int | float):
        kinds += [float]
        kinds += [int] if isinstance(value, int) or value.is_integer() else []
        kinds += [bool] if value in (0, 1) else []
    return {issubclass(kind, types) for kind in kinds}


def note_type_test(
    ev: Evaluator, test: SymbolicValue, subject: Value, types: Sequence[Value]
) -> None:
    """Note that ``test`` tells whether ``subject`` is of some types, if these are builtin."""
    named = [one.name for one in types if isinstance(one, BuiltinValue)]
    known = [found for name in named if isinstance(found := getattr(builtins, name, None), type)]
    if isinstance(subject, SymbolicValue) and len(known) == len(types):
        ev.correlations.type_tests.setdefault(subject.number, {})[test.number] = tuple(known)
        ev.correlations.typed[test.number] = subject


def _among(subject: SymbolicValue, state: State) -> list[Constant]:
    among = state.get(("among", subject.number))
    items = among.items if isinstance(among, TupleValue) else ()
    return [item for item in items if isinstance(item, Constant)]


def are_among(some: Iterable[Constant], constants: Iterable[Constant]) -> bool:
    """Whether there are some, and each is one of the constants."""
    keys = {constant_key(constant) for constant in constants}
    found = {constant_key(constant) for constant in some}
    return bool(found) and found <= keys


def is_doubtful(ev: Evaluator, subject: SymbolicValue, state: State) -> bool:
    """Whether a test of another kind has told, or a merge has lost, what may decide this one.

    A test under which it stands does not count: that both outcomes are possible there, its
    author means by writing it.  From then on ``subject``, whose truth or equality is asked
    for, is one that is asked.
    """
    doubtful = False
    for topic in _topics(ev, subject):
        asked = ev.correlations.asked.setdefault(topic, {})
        for other in asked:
            if other == subject.number or doubtful or _is_settled(ev, other):
                continue
            doubtful = bool(state.get(("correlation lost", other))) or (
                not _are_type_and_value(ev, other, subject.number) and _is_told(ev, other, state)
            )
        asked[subject.number] = None
    return doubtful


def _is_settled(ev: Evaluator, number: int) -> bool:
    return any(number in settled for settled in ev.correlations.settled)


def _are_type_and_value(ev: Evaluator, one: int, other: int) -> bool:
    """Whether one is a test of the other's type: what follows from both is worked out."""
    tests = ev.correlations.type_tests
    return one in tests.get(other, ()) or other in tests.get(one, ())


def _is_told(ev: Evaluator, number: int, state: State) -> bool:
    """Whether a test has told something of a value; that it is not None tells nothing else."""
    return (
        state.get(("truth", number)) is not None
        or state.get(("is", number)) is not None
        or state.get(("among", number)) is not None
        or any(state.get(("not", number, key)) for key in ev.correlations.constants.get(number, ()))
    )


def _topics(ev: Evaluator, subject: SymbolicValue) -> frozenset[Topic]:
    """What a test of the truth or the equality of ``subject`` is about."""
    known = ev.correlations.topics.get(subject.number)
    if known is None:
        known = ev.correlations.topics[subject.number] = frozenset(
            _found_topics(ev, subject, bounds.MAX_TOPIC_DEPTH)
        )
    return known


def _found_topics(ev: Evaluator, value: Value, depth: int) -> Iterator[Topic]:
    if not isinstance(value, SymbolicValue) or not depth:
        return
    yield value.number
    parts: Sequence[Part] = ()
    match ev.origins.get(value.number):
        case OperationOn(operands=operands):
            parts = operands
        case ItemOf(base=base, key=key):
            yield from _under_key(base, key)
            return
        case AttributeOf(base=base, name=name):
            yield from _under_key(base, Constant(name))
            return
        case _:
            parts = ev.correlations.parts.get(value.number, ())
    for part in parts:
        if isinstance(part, tuple):
            yield from _under_key(*part)
        else:
            yield from _found_topics(ev, part, depth - 1)


def _under_key(base: Value, key: Value) -> Iterator[Topic]:
    if isinstance(base, SymbolicValue) and isinstance(key, Constant):
        yield base.number, constant_key(key)


def note_correlation(ev: Evaluator, result: SymbolicValue, *parts: Part) -> SymbolicValue:
    """Note of what a result tells something: of values, or of what is under a key in one."""
    ev.correlations.parts[result.number] = parts
    return result


def note_method(
    ev: Evaluator, result: SymbolicValue, receiver: Value, name: str, given: Sequence[Value]
) -> None:
    """Note that a method of a value that is not known gives ``result``."""
    if name == "get" and given:
        note_correlation(ev, result, (receiver, given[0]))
    elif any(hasattr(plain, name) for plain in _PLAIN_TYPES):
        note_correlation(ev, result, receiver, *given)
