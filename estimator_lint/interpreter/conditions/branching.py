"""Conditions: deciding them, and splitting paths at undecided ones.

A path remembers which side of an undecided condition it took, so that the same condition has the
same answer later.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.branch_history import BranchHistory
from estimator_lint.domain.paths.doubts import DoubtsOfTest
from estimator_lint.domain.paths.joined_cases import narrow
from estimator_lint.domain.paths.path_facts import rule_out
from estimator_lint.domain.values.constants import ConstantSet
from estimator_lint.domain.values.lazy_items import truth_of_tuple
from estimator_lint.domain.values.predicates import Predicate
from estimator_lint.domain.values.values import (
    FALSE,
    NONE,
    ClassValue,
    Constant,
    DictContents,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    constant_key,
)
from estimator_lint.interpreter.changed_objects import is_fixed_by_program
from estimator_lint.interpreter.classes.implicit_calls import truth_by_method
from estimator_lint.interpreter.classes.method_resolution import has_metaclass
from estimator_lint.interpreter.conditions.choices_of_mode import note_tested
from estimator_lint.interpreter.conditions.correlation import (
    are_among,
    candidates,
    is_doubtful,
    note_predicate,
    possible,
    types_left,
)
from estimator_lint.interpreter.conditions.exclusions import exclude, exclude_some
from estimator_lint.interpreter.conditions.form_tests import tests_form
from estimator_lint.interpreter.conditions.mode_tests import note_labels_test
from estimator_lint.interpreter.conditions.tensor_uses import as_bool
from estimator_lint.syntax.operator_chains import runs_of

if TYPE_CHECKING:
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def branches(
    ev: Evaluator, node: cst.BaseExpression, states: list[State]
) -> list[tuple[bool, State]]:
    """The outcomes of a test, each with its path."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        return [(not holds, after) for holds, after in branches(ev, node.expression, states)]
    if isinstance(node, cst.BooleanOperation):
        return _branches_of_chain(ev, node, states)
    # Each additional path out of the evaluation is a choice: some test in a called function, which
    # the path has passed then, or one that has no place.
    passed = {state.passed for state in states}
    results = ev.evaluate(node, states)
    grew = len(results) > len(states)
    outcomes = []
    ev.doubts_of_test = DoubtsOfTest()
    for value, after in results:
        settled = not grew or after.passed not in passed
        note_settled(ev, value)
        for onward in as_bool(ev, value, node, after):
            outcomes += noted(ev, node, split(ev, node, value, onward), settled=settled)
    return outcomes


def _branches_of_chain(
    ev: Evaluator, node: cst.BooleanOperation, states: list[State]
) -> list[tuple[bool, State]]:
    """The outcomes of ``and`` and ``or``."""
    outcomes: list[tuple[bool, State]] | None = None
    for ends_on, run in runs_of(node):
        if outcomes is None:
            outcomes = branches(ev, run[0].left, states)
        ended: list[State] = []
        for operation in run:
            ended += [after for holds, after in outcomes if holds is ends_on]
            going_on = [after for holds, after in outcomes if holds is not ends_on]
            outcomes = branches(ev, operation.right, ev.partitioner.bounded(going_on))
        ended += [after for holds, after in outcomes if holds is ends_on]
        going_on = [after for holds, after in outcomes if holds is not ends_on]
        outcomes = [
            *((ends_on, after) for after in ev.partitioner.bounded(ended)),
            *((not ends_on, after) for after in ev.partitioner.bounded(going_on)),
        ]
    assert outcomes is not None
    return outcomes


def noted(
    ev: Evaluator,
    node: cst.CSTNode,
    outcomes: list[tuple[bool, State]],
    *,
    settled: bool = True,
) -> list[tuple[bool, State]]:
    """``outcomes``, with the test ``node`` noted on the path of each.

    ``settled`` means that the earlier tests of the path left only these outcomes open.
    """
    decided = settled and len(outcomes) == 1
    place = ev.place(node)
    for holds, after in outcomes:
        after.passed = BranchHistory(after.passed, place, holds, decided, ev.frame.depth)
        ev.trace.outcomes.setdefault(node, set()).add(holds)
    return outcomes


def split(ev: Evaluator, node: cst.CSTNode, value: Value, state: State) -> list[tuple[bool, State]]:
    """The outcomes of testing the truth of ``value`` at ``node``."""
    note_labels_test(ev, value)
    value = ev.resolve(value, state)
    note_tested(ev, node, value)
    value = truth_by_method(ev, value, state)
    if isinstance(value, SymbolicValue) and ev.compared_modes.is_chosen(node, value.number):
        value = replace(value, imprecise=True, of_mode=True)
    doubts = state.doubts
    outcomes = _split(ev, value, state)
    if len(outcomes) > 1:
        outcomes = _possible(outcomes, doubts)
    if len(outcomes) > 1:
        for holds, after in outcomes:
            if not holds:
                exclude_some(ev, _told_less_of(ev, value), after)
    return outcomes


def _possible(outcomes: list[tuple[bool, State]], doubts: Doubts) -> list[tuple[bool, State]]:
    """The outcomes that occur in some case of the path, which had these doubts before the test."""
    added = [after.doubts - doubts for _, after in outcomes]
    left = [narrow(after) for _, after in outcomes]
    if not any(left):
        return outcomes
    if not all(left):
        for (_, after), of_test in zip(outcomes, added, strict=True):
            after.doubts -= of_test  # the other outcome does not occur
    return [outcome for outcome, is_possible in zip(outcomes, left, strict=True) if is_possible]


def _told_less_of(ev: Evaluator, test: Value) -> tuple[SymbolicValue, ...]:
    """The values of which a test that fails rules out some: an order, or a type."""
    while isinstance(test, SymbolicValue):
        predicate = ev.predicates.get(test.number)
        if predicate is None:
            typed = ev.correlations.typed.get(test.number)
            return ev.correlations.ordered.get(test.number, () if typed is None else (typed,))
        if predicate.constant is not None or predicate.constants:
            break
        test = predicate.subject
    return ()


def _split(ev: Evaluator, value: Value, state: State) -> list[tuple[bool, State]]:
    match value:
        case Constant():
            return [(bool(value.value), state)]
        case TupleValue():
            return [(truth_of_tuple(value), state)]
        case Reference():
            return _split_container(ev, value, state)
        case SymbolicValue():
            predicate = ev.predicates.get(value.number)
            if predicate is None:
                return _split_truth(ev, value, state)
            outcomes = _split_predicate(ev, predicate, value, state)
            return [(holds is not predicate.negated, after) for holds, after in outcomes]
        case ClassValue() if has_metaclass(ev, value.code):
            return _split_truth(ev, _truth_of_class(ev, value), state)
        case _:
            return [(True, state)]


def _truth_of_class(ev: Evaluator, value: ClassValue) -> SymbolicValue:
    """The truth of a class whose metaclass may have ``__bool__``."""
    return ev.symbolic_value("truth of class", id(value.code), not_none=True, imprecise=True)


def note_settled(ev: Evaluator, value: Value) -> None:
    """Record that the current statement is guarded by a test of the truth of ``value``."""
    while isinstance(value, SymbolicValue):
        ev.correlations.settled[-1].add(value.number)
        predicate = ev.predicates.get(value.number)
        if predicate is None:
            break
        value = predicate.subject


def _split_container(ev: Evaluator, value: Reference, state: State) -> list[tuple[bool, State]]:
    contents = state.contents(value.number)
    if isinstance(contents, DictContents):
        size, is_open = len(contents.values), contents.open
    elif isinstance(contents, SequenceContents):
        size, is_open = len(contents.items), contents.open
    else:
        size, is_open = 0, True
    if size or not is_open:
        return [(bool(size), state)]
    truth = truth_of_contents(ev, value)
    ev.note_operands(truth.number, (value,))
    return _split_truth(ev, truth, state)


def truth_of_contents(ev: Evaluator, container: Reference) -> SymbolicValue:
    """The truth of a container whose contents are unknown."""
    return ev.symbolic_value("truth of contents", container.number, imprecise=True)


def truth_shown(ev: Evaluator, value: Value, state: State) -> bool:
    """Whether a test has shown that a value whose contents are unknown is true."""
    tested = truth_of_contents(ev, value) if isinstance(value, Reference) else value
    return isinstance(tested, SymbolicValue) and state.get(("truth", tested.number)) is True


def _split_truth(ev: Evaluator, value: SymbolicValue, state: State) -> list[tuple[bool, State]]:
    if value.labels:  # a dict; a tensor has no truth value
        return [(True, state)]
    known = state.get(("truth", value.number))
    if isinstance(known, bool):
        return [(known, state)]
    truths = {bool(constant.value) for constant in candidates(ev.correlations, value, state)}
    truths |= types_left(ev, value, state)
    if len(truths) == 1:
        return [(truths.pop(), state)]
    other = _other_side(ev, value, value, state)
    state.assume(("truth", value.number), True)
    other.assume(("truth", value.number), False)
    if value.number in ev.compared:
        exclude(ev, ev.compared[value.number], other)
    return [(True, state), (False, other)]


def _other_side(ev: Evaluator, value: SymbolicValue, subject: SymbolicValue, state: State) -> State:
    """A fork of ``state`` for the other side of a test of ``subject`` whose result is ``value``.

    Which side exists is unknown if the value is imprecise, if paths with different outcomes of
    the test were merged, or if the program itself fixes it.
    """
    doubtful = is_doubtful(ev, subject, state)
    other = state.fork()
    correlation_lost = (
        doubtful
        or value.imprecise
        or state.get(("correlation lost", subject.number))
        or is_fixed_by_program(ev, subject)
    )
    of_form = tests_form(ev, value, subject, state)
    if correlation_lost or of_form:
        kind = {"of_mode": value.of_mode, "of_form": not correlation_lost}
        tested = (value.number, *kind.values())
        doubt = ev.doubts_of_test.number(tested, state.doubts, partial(ev.new_doubt, **kind))
        state.doubts |= {(doubt, True)}
        other.doubts |= {(doubt, False)}
    return other


def _split_predicate(
    ev: Evaluator, predicate: Predicate, test: SymbolicValue, state: State
) -> list[tuple[bool, State]]:
    constant = predicate.constant
    subject = ev.resolve(predicate.subject, state)
    if predicate.constants:
        return _split_membership(ev, subject, predicate.constants, test, state)
    if constant is None:
        return _split(ev, _doubted_like(test, subject), state)
    if not isinstance(subject, SymbolicValue):
        return [(equals(subject, constant), state)]
    if not possible(ev.correlations, subject, [constant], state):
        return [(False, state)]
    if isinstance(constant.value, bool):
        return _split_equality_to_bool(ev, subject, constant, test, state)
    if are_among(candidates(ev.correlations, subject, state), [constant]):
        return [(True, state)]
    other = _other_side(ev, test, subject, state)
    state.assume(("is", subject.number), constant)
    _rule_out(ev, subject, constant, other)
    if constant.value is not None:
        exclude(ev, (subject,), other)
    return [(True, state), (False, other)]


def _split_equality_to_bool(
    ev: Evaluator, subject: SymbolicValue, constant: Constant, test: SymbolicValue, state: State
) -> list[tuple[bool, State]]:
    """As for truth; that it is true but not True, or false but not False, is in doubt."""
    outcomes: list[tuple[bool, State]] = []
    for holds, after in _split(ev, _doubted_like(test, subject), state):
        outcomes.append((holds is constant.value, after))
        if holds is constant.value and not _is_bool(ev, subject):
            other = after.fork()
            other.doubts |= {(ev.new_doubt(), True)}
            _rule_out(ev, subject, constant, other)
            after.assume(("is", subject.number), constant)
            outcomes.append((False, other))
    return outcomes


def _is_bool(ev: Evaluator, value: SymbolicValue) -> bool:
    """Whether a value is the result of a test."""
    known = ev.predicates, ev.compared, ev.correlations.typed, ev.correlations.ordered
    return any(value.number in numbers for numbers in known)


def _doubted_like(test: SymbolicValue, subject: Value) -> Value:
    """The subject of a test, in doubt if the test's outcome is."""
    if isinstance(subject, SymbolicValue) and test.imprecise and not subject.imprecise:
        return replace(subject, imprecise=True, of_mode=test.of_mode)
    return subject


def _split_membership(
    ev: Evaluator,
    subject: Value,
    constants: tuple[Constant, ...],
    test: SymbolicValue,
    state: State,
) -> list[tuple[bool, State]]:
    if not isinstance(subject, SymbolicValue):
        return [(any(equals(subject, constant) for constant in constants), state)]
    left = possible(ev.correlations, subject, constants, state)
    if not left:
        return [(False, state)]
    if are_among(candidates(ev.correlations, subject, state), constants):
        return [(True, state)]
    other = _other_side(ev, test, subject, state)
    if len(left) == 1:
        state.assume(("is", subject.number), left[0])
    else:
        state.assume(("among", subject.number), ConstantSet.of(left))
        if NONE not in left:
            rule_out(subject.number, None, state)
    for constant in constants:
        _rule_out(ev, subject, constant, other)
    return [(True, state), (False, other)]


def _rule_out(ev: Evaluator, subject: SymbolicValue, constant: Constant, state: State) -> None:
    key = constant_key(constant)
    if constant.value is not None:
        ruled_out = ev.correlations.constants.setdefault(subject.number, set())
        if key not in ruled_out and len(ruled_out) >= bounds.MAX_RULED_OUT:
            return
        ruled_out.add(key)
    rule_out(subject.number, key, state)


def equals(value: Value, constant: Constant) -> bool:
    """Whether a known value is equal to a constant."""
    return isinstance(value, Constant) and value.value == constant.value


def negation(ev: Evaluator, value: Value, state: State) -> Value:
    """The value of ``not value``; splits no path."""
    note_labels_test(ev, value)
    value = ev.resolve(value, state)
    if isinstance(value, ClassValue) and has_metaclass(ev, value.code):
        value = _truth_of_class(ev, value)
    match value:
        case Constant():
            return Constant(not value.value)
        case TupleValue():
            return Constant(not truth_of_tuple(value))
        case SymbolicValue():
            known = state.get(("truth", value.number))
            if isinstance(known, bool):
                return Constant(not known)
            result = ev.derived("not", of=[value], not_none=True)
            note_predicate(ev, result, Predicate(value, negated=True))
            return result
        case Reference():
            return ev.derived("not", of=[value], not_none=True)
        case _:
            return FALSE
