"""Conditions: deciding them, and splitting a path where they can't be decided.

An undecided condition is remembered on the path that took one of its sides, so
that the same condition later on has the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.evaluation.code.scopes import ClassCode
from estimator_lint.evaluation.conditions.mode_tests import (
    Relation,
    note_labels_test,
    note_mode_test,
)
from estimator_lint.evaluation.modules.lineage import definer
from estimator_lint.evaluation.paths.identities import is_features
from estimator_lint.evaluation.paths.joining import not_none
from estimator_lint.evaluation.paths.passed import Passed
from estimator_lint.evaluation.values.objects import known_items
from estimator_lint.evaluation.values.values import (
    FALSE,
    NONE,
    TRUE,
    Constant,
    DictContents,
    Opaque,
    Reference,
    SequenceContents,
    TupleValue,
    Value,
    constant_key,
    same_as_none,
)
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY

if TYPE_CHECKING:
    from estimator_lint.evaluation.evaluator import Evaluator
    from estimator_lint.evaluation.paths.state import State

RELATIONS: dict[type[cst.BaseCompOp], Relation] = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.In: "in",
    cst.NotIn: "not in",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
}

_COMPARING = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__")
_POSITIVE: dict[Relation, Relation] = {"!=": "==", "is not": "is", "not in": "in"}
_MIRRORED: dict[Relation, Relation] = {">": "<", ">=": "<="}


@dataclass(frozen=True)
class Predicate:
    """What an undecided truth value stands for.

    ``subject`` equals ``constant``; or, where that is missing, is true.
    """

    subject: Opaque
    constant: Constant | None = None
    negated: bool = False


def branches(ev: Evaluator, node: cst.BaseExpression, state: State) -> list[tuple[bool, State]]:
    """The outcomes of a test, each with the path on which it comes out so."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        return [(not holds, after) for holds, after in branches(ev, node.expression, state)]
    if isinstance(node, cst.BooleanOperation):
        ends_on = isinstance(node.operator, cst.Or)
        outcomes: list[tuple[bool, State]] = []
        for holds, after in branches(ev, node.left, state):
            if holds is ends_on:
                outcomes.append((holds, after))
            else:
                outcomes.extend(branches(ev, node.right, after))
        return outcomes
    before = state.passed
    results = ev.evaluate(node, state)
    outcomes = []
    for value, after in results:
        # Behind several results stands a choice: some test in a function that is
        # called, which the path has passed then, or one that has no place.
        settled = len(results) == 1 or after.passed is not before
        outcomes += noted(ev, node, split(ev, value, after), settled=settled)
    return outcomes


def noted(
    ev: Evaluator,
    node: cst.CSTNode,
    outcomes: list[tuple[bool, State]],
    *,
    settled: bool = True,
) -> list[tuple[bool, State]]:
    """``outcomes``, with the test ``node`` noted on the path of each.

    ``settled`` says that the path before has left nothing open but these outcomes.
    """
    decided = settled and len(outcomes) == 1
    place = ev.place(node)
    for holds, after in outcomes:
        after.passed = Passed(after.passed, place, holds, decided)
        ev.trace.outcomes.setdefault(node, set()).add(holds)
    return outcomes


def split(ev: Evaluator, value: Value, state: State) -> list[tuple[bool, State]]:
    """The outcomes of testing the truth of ``value``."""
    note_labels_test(ev, value)
    value = ev.resolve(value, state)
    match value:
        case Constant():
            return [(bool(value.value), state)]
        case TupleValue():
            return [(bool(value.items), state)]
        case Reference():
            return _split_container(ev, value, state)
        case Opaque():
            predicate = ev.predicates.get(value.number)
            if predicate is None:
                return _split_truth(ev, value, state)
            outcomes = _split_predicate(ev, predicate, value, state)
            return [(holds is not predicate.negated, after) for holds, after in outcomes]
        case _:
            return [(True, state)]


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
    return _split_truth(ev, ev.opaque("truth of contents", value.number, tainted=True), state)


def _split_truth(ev: Evaluator, value: Opaque, state: State) -> list[tuple[bool, State]]:
    if value.labels:  # a dict; the truth of a tensor can't be asked for
        return [(True, state)]
    known = state.get(("truth", value.number))
    if isinstance(known, bool):
        return [(known, state)]
    other = _other_side(ev, value, value, state)
    state.assume(("truth", value.number), True)
    other.assume(("truth", value.number), False)
    if value.number in ev.compared:
        _exclude(ev, ev.compared[value.number], other)
    return [(True, state), (False, other)]


def _other_side(ev: Evaluator, value: Opaque, subject: Opaque, state: State) -> State:
    """A fork of ``state`` for the other side of a test of ``subject`` that gives ``value``.

    Which side exists is not known where the value is tainted, or where paths on
    which the test came out differently were merged.
    """
    other = state.fork()
    fuzzy = value.tainted or state.get(("fuzzy", subject.number))
    if fuzzy or value.of_input:
        doubt = ev.new_doubt(of_mode=value.of_mode, of_form=not fuzzy)
        state.doubts |= {(doubt, True)}
        other.doubts |= {(doubt, False)}
    return other


def _split_predicate(
    ev: Evaluator, predicate: Predicate, test: Opaque, state: State
) -> list[tuple[bool, State]]:
    constant = predicate.constant
    subject = ev.resolve(predicate.subject, state)
    if constant is None:
        return split(ev, subject, state)
    if not isinstance(subject, Opaque):
        return [(_equal(subject, constant), state)]
    if isinstance(constant.value, bool):
        return [(holds is constant.value, after) for holds, after in split(ev, subject, state)]
    excluded = ("not", subject.number, constant_key(constant))
    known_truth = state.get(("truth", subject.number))
    if (
        state.get(excluded)
        or (constant.value is None and subject.not_none)
        or (isinstance(known_truth, bool) and known_truth is not bool(constant.value))
    ):
        return [(False, state)]
    other = _other_side(ev, test, subject, state)
    state.assume(("is", subject.number), constant)
    other.assume(excluded, True)
    if constant.value is not None:
        _exclude(ev, subject.number, other)
    return [(True, state), (False, other)]


def _equal(value: Value, constant: Constant) -> bool:
    return isinstance(value, Constant) and value.value == constant.value


def negation(ev: Evaluator, value: Value, state: State) -> Value:
    """The value of ``not value``; splits no path."""
    note_labels_test(ev, value)
    value = ev.resolve(value, state)
    match value:
        case Constant():
            return Constant(not value.value)
        case TupleValue():
            return Constant(not value.items)
        case Opaque():
            known = state.get(("truth", value.number))
            if isinstance(known, bool):
                return Constant(not known)
            result = ev.derived("not", of=[value], not_none=True)
            ev.predicates[result.number] = Predicate(value, negated=True)
            return result
        case Reference():
            return ev.derived("not", of=[value], not_none=True)
        case _:
            return FALSE


def compare(
    ev: Evaluator,
    relation: Relation,
    left: Value,
    left_node: cst.BaseExpression,
    right: Value,
    right_node: cst.BaseExpression,
    state: State,
) -> Value:
    """The value of ``left relation right``; splits no path."""
    note_mode_test(ev, relation, left, left_node, right, right_node, state)
    if same_as_none(left) or same_as_none(right):
        note_labels_test(ev, left)
        note_labels_test(ev, right)
    given, left, right = left, ev.resolve(left, state), ev.resolve(right, state)
    positive = _POSITIVE.get(relation)
    if positive is not None:
        outcome = _compare(ev, positive, left, right, state)
        return negation(ev, outcome, state)
    if relation == "==" and same_as_none(left) and isinstance(given, Opaque) and right != NONE:
        # None by a test before, and perhaps not meant to come here.
        _exclude(ev, given.number, state)
    if relation in _MIRRORED:
        relation, left, right = _MIRRORED[relation], right, left
    return _compare(ev, relation, left, right, state)


def _exclude(ev: Evaluator, number: int, state: State) -> None:
    """Note that the Opaque of that number is not what it was compared with."""
    state.set(("exclusions", number), state.next_count("exclusions", number))
    ev.exclusions += 1
    state.set(("last exclusion",), (number, ev.exclusions))


def excluded_twice(ev: Evaluator, state: State, since: int) -> bool:
    """Whether the last test of the path left over what is none of two or more constants.

    ``since`` is the number of such tests before the statement at hand.
    """
    last = state.get(("last exclusion",))
    if not isinstance(last, tuple) or last[1] <= since:
        return False
    count = state.get(("exclusions", last[0]))
    return isinstance(count, int) and count >= 1


def _compare(ev: Evaluator, relation: Relation, left: Value, right: Value, state: State) -> Value:
    if relation == "in":
        return _contains(ev, left, right, state)
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _compare_constants(ev, relation, left, right)
    if relation in ("==", "is"):
        for subject, constant in ((left, right), (right, left)):
            if isinstance(constant, Constant) and not (
                relation == "==" and _overloads(ev, subject)
            ):
                return _equals_constant(ev, subject, constant)
        if isinstance(left, TupleValue) and isinstance(right, TupleValue):
            return _compare_tuples(ev, left, right, state)
    overloaded = relation != "is" and (_overloads(ev, left) or _overloads(ev, right))
    result = ev.derived("compare", relation, of=[left, right], not_none=not overloaded)
    if relation in ("==", "is") and isinstance(left, Opaque):
        ev.compared[result.number] = left.number
    return result


def _overloads(ev: Evaluator, value: Value) -> bool:
    """Whether a class of the file says how instances compare."""
    return (
        isinstance(value, Opaque)
        and value.instance_of is not None
        and any(isinstance(definer(ev, value.instance_of, name), ClassCode) for name in _COMPARING)
    )


def _compare_constants(ev: Evaluator, relation: Relation, left: Constant, right: Constant) -> Value:
    a, b = left.value, right.value
    try:
        match relation:
            case "==":
                return Constant(a == b)
            case "is":
                return Constant(type(a) is type(b) and a == b)
            case "<":
                return Constant(a < b)  # type: ignore[operator]
            case "<=":
                return Constant(a <= b)  # type: ignore[operator]
            case ">":
                return Constant(a > b)  # type: ignore[operator]
            case _:
                return Constant(a >= b)  # type: ignore[operator]
    except TypeError:
        return ev.unknown(not_none=True)


def _equals_constant(ev: Evaluator, subject: Value, constant: Constant) -> Value:
    if constant.value is None and not_none(subject):
        return FALSE
    if not isinstance(subject, Opaque):
        # A tuple, function, spec ... is equal to no constant.
        return FALSE
    result = ev.opaque(
        "equals",
        subject.number,
        constant_key(constant),
        not_none=True,
        # Something unknown that is held against a mode's key depends on the mode.
        tainted=subject.tainted or constant.role is not None or _is_mode_key(constant),
        of_mode=subject.of_mode or constant.role is not None or _is_mode_key(constant),
    )
    ev.predicates[result.number] = Predicate(subject, constant)
    return result


def _is_mode_key(constant: Constant) -> bool:
    return isinstance(constant.value, str) and constant.value in MODE_OF_KEY


def _compare_tuples(ev: Evaluator, left: TupleValue, right: TupleValue, state: State) -> Value:
    if len(left.items) != len(right.items):
        return FALSE
    if all(isinstance(item, Constant) for item in (*left.items, *right.items)):
        pairs = zip(left.items, right.items, strict=True)
        return Constant(all(_equal(a, b) for a, b in pairs))  # type: ignore[arg-type]
    return ev.derived("compare", "==", of=[left, right], not_none=True)


def _contains(ev: Evaluator, item: Value, container: Value, state: State) -> Value:
    if isinstance(container, Constant) and isinstance(item, Constant):
        if isinstance(container.value, str) and isinstance(item.value, str):
            return Constant(item.value in container.value)
        return ev.unknown(not_none=True)
    keys, is_open = known_items(container, state)
    undecided: list[Value] = []
    for key in keys:
        equal = _compare(ev, "==", item, ev.resolve(key, state), state)
        if equal == TRUE:
            return TRUE
        if equal != FALSE:
            undecided.append(equal)
    if not is_open and len(undecided) < 2:
        return undecided[0] if undecided else FALSE
    # Where all keys are known, which list they stand in makes no difference, nor does their order.
    of = [container, *keys] if is_open else sorted(keys, key=lambda key: repr(ev.identity(key)))
    return ev.derived("contains", of=[item, *of], not_none=True, of_input=is_features(container))
