"""Comparisons, such as ``mode == ModeKeys.TRAIN``: their values, as far as known.

They do not split paths; ``branching`` does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.value_numbers import (
    Alternatives,
    comes_of_mode,
    is_features,
    is_form_of_features,
)
from estimator_lint.domain.paths.values_on_paths import not_none
from estimator_lint.domain.values.lazy_items import LazyItems
from estimator_lint.domain.values.predicates import Predicate
from estimator_lint.domain.values.values import (
    FALSE,
    NONE,
    TRUE,
    BuiltinValue,
    ClassValue,
    Constant,
    FunctionValue,
    PartialValue,
    Reference,
    SymbolicValue,
    TupleValue,
    Value,
    constant_key,
    same_as_none,
)
from estimator_lint.interpreter.classes.implicit_calls import (
    COMPARISON,
    is_told_by_own_method,
    note_implicit_call,
)
from estimator_lint.interpreter.classes.method_resolution import has_metaclass, look_up_member
from estimator_lint.interpreter.conditions.branching import equals, negation
from estimator_lint.interpreter.conditions.correlation import note_correlation, note_predicate
from estimator_lint.interpreter.conditions.exclusions import exclude
from estimator_lint.interpreter.conditions.mode_tests import (
    Relation,
    note_labels_test,
    note_mode_test,
)
from estimator_lint.interpreter.conditions.order import (
    Order,
    equality_told,
    in_order,
    is_count,
    is_zero,
)
from estimator_lint.interpreter.conditions.passed_params import lacks_key
from estimator_lint.interpreter.conditions.sameness import are_start_of_range, may_be_same
from estimator_lint.interpreter.objects import known_items
from estimator_lint.interpreter.several_objects import stands_for_several
from estimator_lint.interpreter.specs.type_inference import kind_of
from estimator_lint.project.code import ClassCode
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY
from estimator_lint.tensorflow_api.value_types import TENSOR_LIKE, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

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

_POSITIVE: dict[Relation, Relation] = {"!=": "==", "is not": "is", "not in": "in"}
_MIRRORED: dict[Relation, Relation] = {">": "<", ">=": "<="}


def compare(
    ev: Evaluator,
    relation: Relation,
    left: Value,
    left_node: cst.BaseExpression,
    right: Value,
    right_node: cst.BaseExpression,
    state: State,
) -> Value:
    """The value of ``left relation right``; does not split the path."""
    note_mode_test(ev, relation, left, left_node, right, right_node, state)
    if same_as_none(left) or same_as_none(right):
        note_labels_test(ev, left)
        note_labels_test(ev, right)
    given, left, right = (left, right), ev.resolve(left, state), ev.resolve(right, state)
    positive = _POSITIVE.get(relation)
    if positive is not None:
        outcome = _compare_objects(ev, positive, left, right, state)
        return negation(ev, outcome, state)
    if relation == "==" and NONE not in given:
        # None only by an earlier test, and perhaps not meant to come here.
        by_test = (one for one, known in zip(given, (left, right), strict=True) if known == NONE)
        exclude(ev, (one for one in by_test if isinstance(one, SymbolicValue)), state)
    if relation in _MIRRORED:
        relation, left, right = _MIRRORED[relation], right, left
    return _compare_objects(ev, relation, left, right, state)


def _compare_objects(
    ev: Evaluator, relation: Relation, left: Value, right: Value, state: State
) -> Value:
    """As ``_compare``, but classes of the project may say how their objects compare."""
    if relation == "is":
        return _compare(ev, relation, left, right, state)
    for side in (left, right):
        note_implicit_call(ev, side, COMPARISON, state)
    outcome = _compare(ev, relation, left, right, state)
    told = any(is_told_by_own_method(ev, side, COMPARISON) for side in (left, right))
    return (
        replace(outcome, imprecise=True) if told and isinstance(outcome, SymbolicValue) else outcome
    )


def _compare(ev: Evaluator, relation: Relation, left: Value, right: Value, state: State) -> Value:
    if relation == "in":
        return _contains(ev, left, right, state)
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _compare_constants(ev, relation, left, right)
    if are_start_of_range(ev, left, right):
        return FALSE if relation == "<" else TRUE
    if relation in ("==", "is"):
        for subject, constant in ((left, right), (right, left)):
            if isinstance(constant, Constant) and not (
                relation == "==" and _overloads(ev, subject)
            ):
                if relation == "is" and isinstance(subject, SymbolicValue) and subject.tensor:
                    return FALSE
                if relation == "==" and is_zero("<=", constant) and is_count(ev, subject):
                    return negation(ev, subject, state)
                told = equality_told(ev, subject, constant, state)
                return told or _equals_constant(ev, subject, constant)
        if (
            isinstance(left, TupleValue)
            and isinstance(right, TupleValue)
            and not any(isinstance(one, LazyItems) for one in (left, right))
        ):
            return _compare_tuples(ev, left, right, state)
        if _is_definition(left) and _is_definition(right):
            return _compare_definitions(ev, relation, left, right)
    overloaded = relation != "is" and (_overloads(ev, left) or _overloads(ev, right))
    of_same = relation in ("==", "is") and may_be_same(ev, left, right)
    of_tensors = any(kind_of(ev, one) in TENSOR_LIKE for one in (left, right))
    if relation in ("<", "<=") and not of_tensors and not overloaded:
        return _compare_order(ev, relation, left, right, state)
    result = ev.derived(
        *("compare", relation),
        of=[left, right],
        not_none=not overloaded,
        of_input=is_form_of_features(left) or is_form_of_features(right),
    )
    if of_same:
        result = replace(result, imprecise=True)
    if relation in ("<", "<=") and of_tensors:
        ev.value_types[result.number] = (Kind.TENSOR, False)
    elif relation in ("==", "is") and not of_tensors:
        sides = (side for side in (left, right) if isinstance(side, SymbolicValue))
        ev.compared[result.number] = tuple(sides)
    return note_correlation(ev, result, left, right)


def _compare_order(ev: Evaluator, order: Order, left: Value, right: Value, state: State) -> Value:
    """The value of ``left < right`` or ``left <= right``; of a count, whether it is 0."""
    answer = in_order(ev, order, left, right, state)
    if isinstance(answer, Constant):
        return answer
    if isinstance(right, Constant) and is_count(ev, left):
        zero = is_zero(order, right)
        if zero is not None:
            return negation(ev, left, state) if zero else FALSE
    if isinstance(left, Constant) and is_count(ev, right):
        zero = is_zero("<=" if order == "<" else "<", left)
        if zero is not None:
            return negation(ev, negation(ev, right, state), state) if zero else TRUE
    return answer


def _is_definition(value: Value) -> bool:
    """Whether a value is a certain function or class, not the class of some object."""
    return isinstance(value, FunctionValue | BuiltinValue | PartialValue) or (
        isinstance(value, ClassValue) and value.of is None
    )


def _compare_definitions(ev: Evaluator, relation: Relation, left: Value, right: Value) -> Value:
    """Whether two functions or classes, each equal to itself only, are the same."""
    is_same = ev.identity(left) == ev.identity(right)
    by_metaclass = relation == "==" and (_has_metaclass(ev, left) or _has_metaclass(ev, right))
    if not by_metaclass and not (is_same and _may_be_made_again(left)):
        return Constant(is_same)
    return ev.symbolic_value(
        *("same definition", relation, ev.identity(left), ev.identity(right)),
        not_none=True,
        imprecise=True,
        of_mode=True,
    )


def _may_be_made_again(value: Value) -> bool:
    """Whether the same text may make several functions or classes: in a loop, or in a function."""
    match value:
        case FunctionValue(code=code, scope=scope):
            return scope is not None or code.is_nested or isinstance(code.node, cst.Lambda)
        case ClassValue(code=code):
            return code.is_nested
    return isinstance(value, PartialValue)


def _has_metaclass(ev: Evaluator, value: Value) -> bool:
    """Whether a class may have a metaclass of the project, which says how classes compare."""
    return isinstance(value, ClassValue) and has_metaclass(ev, value.code)


def _overloads(ev: Evaluator, value: Value) -> bool:
    """Whether a class of the file says how instances compare, or its metaclass how classes do."""
    return _has_metaclass(ev, value) or (
        isinstance(value, SymbolicValue)
        and value.instance_of is not None
        and any(
            isinstance(look_up_member(ev, value.instance_of, name), ClassCode)
            for name in COMPARISON
        )
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
        return ev.unknown(not_none=True, imprecise=True)


def _equals_constant(ev: Evaluator, subject: Value, constant: Constant) -> Value:
    if constant.value is None and not_none(subject):
        return FALSE
    if not isinstance(subject, SymbolicValue) or ev.is_settings_object(subject):
        # A tuple, function, spec ... is equal to no constant.
        return FALSE
    result = ev.symbolic_value(
        "equals",
        subject.number,
        constant_key(constant),
        not_none=True,
        # An unknown value that is compared with a mode's key depends on the mode.
        imprecise=subject.imprecise or constant.role is not None or _is_mode_key(constant),
        of_mode=subject.of_mode or constant.role is not None or _is_mode_key(constant),
    )
    note_predicate(ev, result, Predicate(subject, constant))
    return result


def _is_mode_key(value: Value) -> bool:
    return (
        isinstance(value, Constant) and isinstance(value.value, str) and value.value in MODE_OF_KEY
    )


def _compare_tuples(ev: Evaluator, left: TupleValue, right: TupleValue, state: State) -> Value:
    if len(left.items) != len(right.items) or type(left) is not type(right):
        return FALSE
    if all(isinstance(item, Constant) for item in (*left.items, *right.items)):
        pairs = zip(left.items, right.items, strict=True)
        return Constant(all(equals(a, b) for a, b in pairs))  # type: ignore[arg-type]
    return ev.derived("compare", "==", of=[left, right], not_none=True)


def _contains(ev: Evaluator, item: Value, container: Value, state: State) -> Value:
    if isinstance(container, Constant) and isinstance(item, Constant):
        if isinstance(container.value, str) and isinstance(item.value, str):
            return Constant(item.value in container.value)
        return ev.unknown(not_none=True)
    if isinstance(container, SymbolicValue) and isinstance(item, Constant):
        if lacks_key(ev, container, item, state):
            return FALSE
    if isinstance(container, SymbolicValue) and stands_for_several(container, state):
        return ev.symbolic_value(
            *("contained in some", container.number, ev.identity(item)),
            not_none=True,
            imprecise=True,
        )
    keys, is_open = known_items(container, state)
    if isinstance(item, SymbolicValue) and len(keys) > bounds.MAX_ALTERNATIVES:
        return _among_many(ev, item, container, keys, is_open, state)
    undecided: list[Value] = []
    open_keys: list[Value] = []
    for key in keys:
        resolved = ev.resolve(key, state)
        equal = _compare(ev, "==", item, resolved, state)
        if equal == TRUE:
            return TRUE
        if equal != FALSE:
            undecided.append(equal)
            open_keys.append(resolved)
    if not is_open and len(undecided) < 2:
        return undecided[0] if undecided else FALSE
    constants = tuple(key for key in open_keys if isinstance(key, Constant))
    are_known = (
        isinstance(item, SymbolicValue)
        and not is_open
        and len(constants) == len(open_keys)
        and not _overloads(ev, item)
        # A comparison with True is treated as a test of truth, although `"a"` is true, too.
        and len({isinstance(one.value, bool) for one in constants}) == 1
    )
    # If all keys are known, neither their order nor the list that contains them matters; which
    # constants they are may differ from path to path.
    asked: Sequence[Value] = constants if are_known else keys
    of = [container, *asked] if is_open else sorted(asked, key=lambda key: repr(ev.identity(key)))
    result = ev.derived("contains", of=[item, *of], not_none=True, of_input=is_features(container))
    if not isinstance(item, SymbolicValue):
        return note_correlation(ev, result, (container, item))
    if are_known:
        if any(map(_is_mode_key, constants)):
            result = replace(result, imprecise=True, of_mode=True)
        note_predicate(ev, result, Predicate(item, constants=constants))
    return note_correlation(ev, result, item)


def _among_many(
    ev: Evaluator,
    item: SymbolicValue,
    container: Value,
    keys: tuple[Value, ...],
    is_open: bool,
    at: State,
) -> Value:
    """Membership among many constants: only the same test made earlier is known."""
    of = [item, container] if is_open else [item]
    alternatives = _alternatives(ev, container, keys, at)
    result = ev.symbolic_value(
        "contains",
        alternatives.number,
        *map(ev.identity, of),
        not_none=True,
        imprecise=alternatives.of_mode or ev.depends_on_mode(*of),
        of_mode=alternatives.of_mode or any(map(comes_of_mode, of)),
        of_input=is_features(container),
    )
    return note_correlation(ev, result, item)


def _alternatives(
    ev: Evaluator, container: Value, keys: tuple[Value, ...], state: State
) -> Alternatives:
    """What is known about many keys; examined once, however often they are used."""
    held = (
        state.contents(container.number)
        if isinstance(container, Reference | SymbolicValue)
        else getattr(container, "items", None)
    )
    known = ev.alternatives.get(id(held))
    if known is None:
        known = ev.alternatives[id(held)] = Alternatives(
            held,
            ev.number_of(("keys", frozenset(map(ev.identity, keys)))),
            any(comes_of_mode(key) or _is_mode_key(key) for key in keys)
            or ev.depends_on_mode(*keys),
        )
    return known
