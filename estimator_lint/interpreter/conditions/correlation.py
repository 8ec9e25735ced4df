"""Correlated conditions: the outcome of one test may constrain another.

For truth, equality to constants and membership among constants, all consequences are computed.
Other tests of the same subject are correlated in unknown ways: ``n > 0`` and ``n > 1``,
``name.startswith("a")`` and ``name == "adam"``, ``"x" in params`` and ``params.get("x")``.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.correlated_conditions import CorrelatedConditions, Part, Topic
from estimator_lint.domain.paths.path_facts import constants_among
from estimator_lint.domain.values.provenance import AttributeOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    BuiltinValue,
    Constant,
    SymbolicValue,
    Value,
    constant_key,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.predicates import Predicate
    from estimator_lint.interpreter.evaluator import Evaluator

#: Their methods only test the value; other methods may do anything.
_PLAIN_TYPES: Final = (str, bytes, int, float, list, tuple, dict, set)


def possible(
    questions: CorrelatedConditions,
    subject: SymbolicValue,
    constants: Iterable[Constant],
    state: State,
) -> list[Constant]:
    """The constants that the value may still equal, given the tests of it."""
    truth = state.get(("truth", subject.number))
    among = constants_among(subject.number, state)
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
        and (among is None or constant_key(constant) in among)
        and all(told is None or told in _may_be(constant, types) for types, told in of_types)
    ]


def candidates(
    questions: CorrelatedConditions, subject: SymbolicValue, state: State
) -> list[Constant]:
    """The only constants that the value can equal, by its tests; empty if unknown."""
    return possible(questions, subject, constants_among(subject.number, state) or (), state)


def types_left(ev: Evaluator, test: SymbolicValue, state: State) -> set[bool]:
    """The possible outcomes of a test of a value's type, given other tests of the value."""
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
    """Whether a value equal to a constant is of some types; both if that depends: 0 equals 0.0."""
    value = constant.value
    kinds: list[type] = [type(value)]
    if isinstance(value, int | float):
        kinds += [float]
        kinds += [int] if isinstance(value, int) or value.is_integer() else []
        kinds += [bool] if value in (0, 1) else []
    return {issubclass(kind, types) for kind in kinds}


def note_predicate(ev: Evaluator, test: SymbolicValue, predicate: Predicate) -> None:
    """Record what ``test`` means, on all paths on which it is asked."""
    before = ev.predicates.get(test.number)
    if before is None or _is_as_general(predicate.subject, before.subject):
        ev.predicates[test.number] = predicate


def _is_as_general(subject: SymbolicValue, before: SymbolicValue) -> bool:
    """Whether a subject says no more than another path did: on some it is known not to be None."""
    return before.not_none or not subject.not_none


def note_type_test(
    ev: Evaluator, test: SymbolicValue, subject: Value, types: Sequence[Value]
) -> None:
    """Record that ``test`` is a test for builtin types of ``subject``."""
    named = [one.name for one in types if isinstance(one, BuiltinValue)]
    known = [found for name in named if isinstance(found := getattr(builtins, name, None), type)]
    if isinstance(subject, SymbolicValue) and len(known) == len(types):
        ev.correlations.type_tests.setdefault(subject.number, {})[test.number] = tuple(known)
        before = ev.correlations.typed.get(test.number)
        if before is None or _is_as_general(subject, before):
            ev.correlations.typed[test.number] = subject


def are_among(some: Iterable[Constant], constants: Iterable[Constant]) -> bool:
    """Whether there are some, and each is one of the constants."""
    keys = {constant_key(constant) for constant in constants}
    found = {constant_key(constant) for constant in some}
    return bool(found) and found <= keys


def is_doubtful(ev: Evaluator, subject: SymbolicValue, state: State) -> bool:
    """Whether a test of another kind, or a merge, may have decided this one unseen.

    Enclosing tests do not count: by writing the inner test, its author says that both outcomes are
    possible there. From then on, ``subject``, whose truth or equality is tested, counts as asked
    about.
    """
    doubtful = False
    settled = set().union(*ev.correlations.settled)
    for topic in _topics(ev, subject):
        asked = ev.correlations.asked.setdefault(topic, {})
        others = [other for other in asked if other not in settled and other != subject.number]
        doubtful = doubtful or any(
            state.get(("correlation lost", other))
            or state.differs_by_case(other)
            or (not _are_type_and_value(ev, other, subject.number) and _is_told(ev, other, state))
            for other in others
        )
        asked[subject.number] = None
    return doubtful


def _are_type_and_value(ev: Evaluator, one: int, other: int) -> bool:
    """Whether one is a test of the other's type: then all consequences are computed."""
    tests = ev.correlations.type_tests
    return one in tests.get(other, ()) or other in tests.get(one, ())


def _is_told(ev: Evaluator, number: int, state: State) -> bool:
    """Whether a test has shown something about a value, other than that it is not None."""
    return (
        state.get(("truth", number)) is not None
        or state.get(("is", number)) is not None
        or state.get(("among", number)) is not None
        or any(state.get(("not", number, key)) for key in ev.correlations.constants.get(number, ()))
    )


def _topics(ev: Evaluator, subject: SymbolicValue) -> frozenset[Topic]:
    """The topics of a test of the truth or the equality of ``subject``."""
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
    predicate = ev.predicates.get(value.number)
    if predicate is not None:
        yield from _found_topics(ev, predicate.subject, depth - 1)
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
    """Record what a result depends on: values, or the item under a key in one."""
    ev.correlations.parts[result.number] = parts
    return result


def note_method(
    ev: Evaluator, result: SymbolicValue, receiver: Value, name: str, given: Sequence[Value]
) -> None:
    """Record that a method of an unknown value returns ``result``."""
    if name == "get" and given:
        note_correlation(ev, result, (receiver, given[0]))
    elif any(hasattr(plain, name) for plain in _PLAIN_TYPES):
        note_correlation(ev, result, receiver, *given)
