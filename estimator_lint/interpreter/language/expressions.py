"""Expressions: lambdas, conditions, operators, comparisons, assignment expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.values.constants import COMPUTING_FAILS, arithmetic_result
from estimator_lint.domain.values.open_sequences import united
from estimator_lint.domain.values.provenance import OperationOn
from estimator_lint.domain.values.values import (
    Constant,
    FunctionValue,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.classes.implicit_calls import (
    TEXT,
    TRUTH,
    methods_of_operator,
    note_implicit_call,
)
from estimator_lint.interpreter.conditions.branching import branches, negation, noted, split
from estimator_lint.interpreter.conditions.comparisons import RELATIONS, compare
from estimator_lint.interpreter.conditions.formatting import percent_of_tensor
from estimator_lint.interpreter.conditions.mode_tests import Relation
from estimator_lint.interpreter.conditions.none_uses import (
    Operand,
    fails_for_none,
    none_as_operand,
    none_use,
)
from estimator_lint.interpreter.conditions.operand_types import refused_operand, refused_operands
from estimator_lint.interpreter.conditions.tensor_uses import as_bool, fails_for_tensor
from estimator_lint.interpreter.evaluator import Evaluator
from estimator_lint.interpreter.handlers import expression
from estimator_lint.interpreter.language.assignment import assign
from estimator_lint.interpreter.lookup.possibly_empty import note_joined
from estimator_lint.interpreter.objects import (
    dict_contents,
    kept,
    new_dict,
    new_sequence,
    sequence_contents,
    updated,
)
from estimator_lint.syntax.operator_chains import chain_of, runs_of

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Result
    from estimator_lint.project.code import FunctionCode


@expression(cst.Lambda)
def _lambda(ev: Evaluator, node: cst.Lambda, states: list[State]) -> list[Result]:
    code = ev.frame.code.module.function_at(node, ev.piece)
    return make_function(ev, code, states)


def make_function(ev: Evaluator, code: FunctionCode, states: list[State]) -> list[Result]:
    """The function that a ``def`` or ``lambda`` of the evaluated code creates."""
    ev.capture(ev.frame.scope)
    scope = ev.frame.scope
    names = [parameter.name for parameter in code.parameters if parameter.default is not None]
    nodes = [parameter.default for parameter in code.parameters if parameter.default is not None]
    return [
        (ev.bounded(FunctionValue(code, scope, tuple(zip(names, given, strict=True)))), after)
        for values, after in ev.evaluate_all(nodes, states)
        for given in ([kept(ev, value) for value in values],)
    ]


@expression(cst.IfExp)
def _conditional(ev: Evaluator, node: cst.IfExp, states: list[State]) -> list[Result]:
    """Walks from one condition to the next in ``a if x else b if y else c``."""
    results: list[Result] = []
    with ev.correlations.under_way():
        conditional: cst.BaseExpression = node
        while isinstance(conditional, cst.IfExp) and states:
            outcomes = branches(ev, conditional.test, states)
            results += ev.evaluate(conditional.body, [after for holds, after in outcomes if holds])
            states = ev.partitioner.bounded([after for holds, after in outcomes if not holds])
            conditional = conditional.orelse
        return results + ev.evaluate(conditional, states)


@expression(cst.BooleanOperation)
def _boolean_operation(
    ev: Evaluator, node: cst.BooleanOperation, states: list[State]
) -> list[Result]:
    results: list[Result] | None = None
    for ends_on, run in runs_of(node):
        if results is None:
            results = ev.evaluate(run[0].left, states)
        ended: list[Result] = []
        for operation in run:
            going_on: list[State] = []
            for left, after in results:
                for onward in as_bool(ev, left, operation.left, after):
                    for holds, decided in noted(
                        ev, operation.left, split(ev, operation.left, left, onward)
                    ):
                        if holds is ends_on:
                            ended.append((ev.resolve(left, decided), decided))
                        else:
                            going_on.append(decided)
            results = ev.evaluate(operation.right, ev.partitioner.bounded(going_on))
        results = ev.partitioner.results(ended + results)
    assert results is not None
    return results


@expression(cst.UnaryOperation)
def _unary_operation(ev: Evaluator, node: cst.UnaryOperation, states: list[State]) -> list[Result]:
    results: list[Result] = []
    for value, after in ev.evaluate(node.expression, states):
        if isinstance(node.operator, cst.Not):
            note_implicit_call(ev, ev.resolve(value, after), TRUTH, after)
            results += [
                (negation(ev, value, onward), onward)
                for onward in as_bool(ev, value, node.expression, after)
            ]
            continue
        value = ev.resolve(value, after)
        name = type(node.operator).__name__
        note_implicit_call(ev, value, methods_of_operator(name), after)
        use = none_use(ev, value, node.expression, "is used in arithmetic", after)
        if same_as_none(value):
            results += ev.fails(after, "TypeError", use)
        elif isinstance(value, Constant) and isinstance(value.value, int | float):
            results.append((_signed(node.operator, value), after))
        else:
            refused = refused_operand(ev, name, value, node, after)
            if refused is not None:
                results += ev.fails(after, "TypeError", refused)
            else:
                results.append((_computed(ev, name, [value]), after))
    return results


def _signed(operator: cst.BaseUnaryOp, value: Constant) -> Constant:
    number: Any = value.value
    if isinstance(operator, cst.Minus):
        return Constant(-number)
    if isinstance(operator, cst.BitInvert) and isinstance(number, int):
        return Constant(~number)
    return Constant(+number)


@expression(cst.BinaryOperation)
def _binary_operation(
    ev: Evaluator, node: cst.BinaryOperation, states: list[State]
) -> list[Result]:
    chain = chain_of(node)
    results = ev.evaluate(chain[0].left, states)
    for operation in chain:
        results = ev.partitioner.results(
            [
                result
                for right, after in ev.evaluate(operation.right, ev.push(results))
                for result in operate(ev, operation.operator, after.pop(), right, operation, after)
            ]
        )
    return results


def operate(
    ev: Evaluator,
    operator: cst.BaseBinaryOp | cst.BaseAugOp,
    left: Value,
    right: Value,
    node: cst.BinaryOperation | cst.AugAssign,
    state: State,
) -> list[Result]:
    """The results of a binary operation, also of one in an augmented assignment."""
    left, right = ev.resolve(left, state), ev.resolve(right, state)
    name = type(operator).__name__.removesuffix("Assign")
    formats = name == "Modulo" and not same_as_none(left)  # "%s" % None is fine
    own = _is_instance(left) or _is_instance(right)
    for value in (left, right) if own else ():
        note_implicit_call(ev, value, methods_of_operator(name), state)
        if formats:
            note_implicit_call(ev, value, TEXT, state)
    if name != "BitOr" and not (formats or own):
        first, second = zip((left, right), _operands(node), strict=True)
        failed = none_as_operand(ev, first, second, "is used in arithmetic", state)
        if failed is not None:
            return failed
    refused = refused_operands(ev, type(operator).__name__, left, right, node, state)
    if refused is not None:
        return ev.fails(state, "TypeError", refused)
    formatted = percent_of_tensor(ev, left, right, node, state) if formats else None
    if formatted is not None:
        return formatted
    if isinstance(left, Constant) and isinstance(right, Constant):
        return [(_constant_result(ev, name, left, right), state)]
    if name == "Add" and isinstance(left, TupleValue) and isinstance(right, TupleValue):
        return [(ev.bounded(TupleValue((*left.items, *right.items))), state)]
    combined = _combined_containers(ev, name, left, right, node, state)
    return [(combined or _computed(ev, name, [left, right]), state)]


def _operands(
    node: cst.BinaryOperation | cst.AugAssign,
) -> tuple[cst.BaseExpression, cst.BaseExpression]:
    if isinstance(node, cst.AugAssign):
        return node.target, node.value
    return node.left, node.right


def _constant_result(ev: Evaluator, name: str, left: Constant, right: Constant) -> Value:
    try:
        result = arithmetic_result(name, left, right)
    except COMPUTING_FAILS:
        return ev.unknown(not_none=True, imprecise=True)
    return result or _computed(ev, name, [left, right])


def _combined_containers(
    ev: Evaluator, name: str, left: Value, right: Value, node: cst.CSTNode, state: State
) -> Value | None:
    """``list + list``, ``list * number``, ``tuple * number`` and ``dict | dict``."""
    if name == "Multiply":
        return _repeated(ev, left, right, node, state) or _repeated(ev, right, left, node, state)
    if name == "Add":
        first, second = sequence_contents(left, state), sequence_contents(right, state)
        if first is not None and second is not None:
            items, held = (*first.items, *second.items), united((*first.held, *second.held))
            contents = SequenceContents(items, first.open or second.open, held)
            joined = new_sequence(ev, node, contents, state, of_set=False)
            note_joined(ev, joined, [left, right], state)
            return joined
    elif name == "BitOr":
        entries = dict_contents(left, state)
        if entries is not None:
            return new_dict(ev, node, updated(entries, dict_contents(right, state)), state)
    return None


def _repeated(
    ev: Evaluator, value: Value, count: Value, node: cst.CSTNode, state: State
) -> Value | None:
    """A tuple or list several times, if it is known how often."""
    times = count.value if isinstance(count, Constant) else None
    if not isinstance(times, int) or times > bounds.MAX_SIZE:
        return None
    if isinstance(value, TupleValue):
        fits = len(value.items) * times <= bounds.MAX_SIZE
        return ev.bounded(TupleValue(value.items * times)) if fits else None
    contents = sequence_contents(value, state)
    if isinstance(node, cst.AugAssign):  # changes the list itself
        return None
    if contents is None or contents.open or len(contents.items) * times > bounds.MAX_SIZE:
        return None
    items = SequenceContents(contents.items * times, open=False)
    return new_sequence(ev, node, items, state, of_set=False)


def _is_instance(value: Value) -> bool:
    """Whether a value is an instance of a class of the file, whose operators may do anything."""
    return isinstance(value, SymbolicValue) and value.instance_of is not None


def _computed(ev: Evaluator, name: str, values: Sequence[Value]) -> SymbolicValue:
    """The result of an operator with an unknown operand: as a rule, not None."""
    tensor = any(isinstance(value, SymbolicValue) and value.tensor for value in values)
    result = ev.symbolic_value(
        "operation",
        name,
        *(ev.identity(value) for value in values),
        not_none=not any(map(_is_instance, values)),
        tensor=tensor,
        imprecise=ev.depends_on_mode(*values),
    )
    ev.origins[result.number] = OperationOn(name, tuple(values))
    return result


@expression(cst.Comparison)
def _comparison(ev: Evaluator, node: cst.Comparison, states: list[State]) -> list[Result]:
    """Compares with one comparator after the other, and stops at a false result."""
    results: list[Result] = []
    left_node = node.left
    states = ev.push(ev.evaluate(left_node, states))
    for target in node.comparisons:
        relation, right_node = RELATIONS[type(target.operator)], target.comparator
        is_last = target is node.comparisons[-1]
        going_on: list[State] = []
        for right, after in ev.evaluate(right_node, states):
            left = after.pop()
            failed = _compare_with_none(ev, relation, (left, left_node), (right, right_node), after)
            if failed is not None:
                results += failed
                continue
            outcome = compare(ev, relation, left, left_node, right, right_node, after)
            if is_last:
                results.append((outcome, after))
                continue
            for onward in as_bool(ev, outcome, target.comparator, after):
                for holds, decided in split(ev, target, outcome, onward):
                    if holds:
                        going_on.append(decided.push(right))
                    else:
                        results.append((Constant(False), decided))
        states, left_node = ev.partitioner.few(going_on), right_node
    return ev.partitioner.results(results)


def _compare_with_none(
    ev: Evaluator,
    relation: Relation,
    left: Operand,
    right: Operand,
    state: State,
) -> list[Result] | None:
    """The results of a comparison that None lacks; None for any other comparison."""
    if relation in ("==", "!=", "is", "is not"):
        return None
    how = f"is compared with '{relation}'"
    if relation in ("in", "not in"):
        failed = fails_for_none(ev, *right, how, state)
        if failed is not None:
            return failed
        return fails_for_tensor(ev, *right, "is searched with 'in'", state)
    first, second = ((ev.resolve(value, state), node) for value, node in (left, right))
    if _is_instance(first[0]) or _is_instance(second[0]):
        return None
    failed = none_as_operand(ev, first, second, how, state)
    if failed is not None:
        return failed
    refused = refused_operands(ev, relation, first[0], second[0], left[1], state)
    if refused is None and _have_order(first[0], second[0]):
        return None
    return ev.fails(state, "TypeError", refused)


def _have_order(left: Value, right: Value) -> bool:
    """Whether Python can compare two constants; true of anything else."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        try:
            bool(left.value < right.value)  # type: ignore[operator]
        except TypeError:
            return False
    return True


@expression(cst.NamedExpr)
def _walrus(ev: Evaluator, node: cst.NamedExpr, states: list[State]) -> list[Result]:
    return [
        (value, after)
        for given, before in ev.evaluate(node.value, states)
        for value in (kept(ev, given),)  # the variable has it, too
        for after in assign(ev, node.target, value, before)
    ]


@expression(cst.Await, cst.Yield, cst.StarredElement)
def _inner_expression(ev: Evaluator, node: cst.CSTNode, states: list[State]) -> list[Result]:
    inner = getattr(node, "expression", None) or getattr(node, "value", None)
    if not isinstance(inner, cst.BaseExpression):
        return [(ev.unknown(), state) for state in states]
    return [(ev.unknown(), after) for _, after in ev.evaluate(inner, states)]
