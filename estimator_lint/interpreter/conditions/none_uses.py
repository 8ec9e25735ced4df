"""Uses of None that raise; those of the ``labels`` argument are recorded as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.values.values import (
    Argument,
    Constant,
    Reference,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.facts.refusals import NoneUse
from estimator_lint.facts.trace import LabelsUse
from estimator_lint.interpreter.objects import items_of
from estimator_lint.interpreter.specs.type_inference import kind_of
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.none_arguments import (
    accepts_none_in_list,
    parameters_rejecting_none,
)
from estimator_lint.tensorflow_api.value_types import TENSOR_LIKE

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator, Result

#: Builtins that raise TypeError for None, with the positions at which they do.
_BUILTINS_REJECTING_NONE: dict[str, slice] = {
    **dict.fromkeys(("max", "min", "range", "zip"), slice(None)),
    **dict.fromkeys(("filter", "map"), slice(1, None)),
    **dict.fromkeys(
        """
        abs all any dict enumerate float frozenset int iter len list next reversed round set
        sorted sum tuple
        """.split(),
        slice(1),
    ),
}


#: One operand of an operator, and where it is.
Operand: TypeAlias = "tuple[Value, cst.CSTNode]"


def none_use(
    ev: Evaluator, value: Value, node: cst.CSTNode, how: str, state: State
) -> LabelsUse | NoneUse | None:
    """Record that ``value``, the operand ``node``, is used in an operation that None lacks.

    Returns the fault if ``value`` is None.
    """
    if not same_as_none(value):
        ev.trace.operands.add(node)
        return None
    if _is_labels(value):
        return _labels_use(ev, node, how, state)
    use = NoneUse(ev.place(node), how, state.doubts, passed=state.passed)
    ev.trace.none_uses.append(use)
    return use


def _is_labels(value: Value) -> bool:
    return isinstance(value, Constant) and value.role == "labels"


def _labels_use(ev: Evaluator, node: cst.CSTNode, how: str, state: State) -> LabelsUse | None:
    """The fault of using the argument ``labels``, which is None in PREDICT only."""
    if ev.mode is not Mode.PREDICT:
        return None
    use = LabelsUse(ev.place(node), how, state.doubts, passed=state.passed)
    ev.trace.labels_uses.append(use)
    return use


def operand_of(node: cst.BaseExpression) -> cst.CSTNode:
    """The object of a call, an attribute or a subscript.

    The whole may be an operand itself: ``self.labels`` in ``self.labels + 1``.
    """
    if type(node) is cst.Call:
        return node.func
    return node.value if type(node) is cst.Attribute or type(node) is cst.Subscript else node


def none_as_operand(
    ev: Evaluator, left: Operand, right: Operand, how: str, state: State
) -> list[Result] | None:
    """The results of a binary operator that None lacks; None if neither operand is None."""
    for (value, node), (other, _) in ((left, right), (right, left)):
        use = none_use(ev, value, node, how, state)
        if same_as_none(value):
            return ev.fails(state, _raised_by_operator(ev, other), use)
    return None


def _raised_by_operator(ev: Evaluator, other: Value) -> str | None:
    """What an operator raises for None and ``other``; None if unknown.

    A tensor converts the other operand: "None values not supported." (TensorFlow 2.15.1 and
    1.15.0); an op does not.
    """
    kind = kind_of(ev, other)
    if kind is None:
        return None
    return "ValueError" if kind in TENSOR_LIKE else "TypeError"


def spread_none(
    ev: Evaluator, spread: Iterable[tuple[Value, cst.CSTNode, str]], state: State
) -> list[Result] | None:
    """The results of a call or display that spreads None; None if it does not.

    ``spread`` are the values that it spreads, each with its node and ``*`` or ``**``.
    """
    for value, node, star in spread:
        failed = fails_for_none(ev, value, node, f"is unpacked with '{star}'", state)
        if failed is not None:
            return failed
    return None


def none_to_builtin(
    ev: Evaluator, name: str, arguments: Sequence[Argument], state: State
) -> list[Result] | None:
    """The results of calling a builtin with a None that it rejects; None otherwise."""
    positions = _BUILTINS_REJECTING_NONE.get(name)
    if positions is None or any(argument.star for argument in arguments):
        return None
    positional = [argument for argument in arguments if argument.keyword is None]
    for argument in positional[positions]:
        node = expression_of(argument)
        failed = fails_for_none(ev, argument.value, node, f"is passed to '{name}'", state)
        if failed is not None:
            return failed
    return None


def fails_for_none(
    ev: Evaluator, value: Value, node: cst.CSTNode | None, how: str, state: State
) -> list[Result] | None:
    """The results of an operation that raises TypeError for None; None if it may not be one."""
    value = ev.resolve(value, state)
    use = None if node is None else none_use(ev, value, node, how, state)
    return ev.fails(state, "TypeError", use) if same_as_none(value) else None


def none_to_library(
    ev: Evaluator,
    path: str,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result] | None:
    """The results of calling a TensorFlow function with a None that it rejects.

    None if it accepts None, or is given none.
    """
    rejecting = parameters_rejecting_none(path)
    if rejecting is None:
        return None
    starred = False
    for position, argument in enumerate(arguments):
        starred |= bool(argument.star)
        known = position if argument.keyword is None else argument.keyword
        if argument.star or known not in rejecting:
            continue
        if starred and argument.keyword is None:
            continue
        how = f"is passed to '{_written(path)}'"
        value = ev.resolve(argument.value, state)
        # Arguments from a partial are written where the partial was created.
        given = expression_of(argument) or node
        if not accepts_none_in_list(path):
            in_list = _labels_in(ev, value, given, f"{how} in a list", state)
            if in_list is not None:
                return ev.fails(state, None, in_list)
        use = none_use(ev, value, given, how, state)
        if same_as_none(value):
            return ev.fails(state, rejecting[known], use)
    return None


def _labels_in(
    ev: Evaluator, value: Value, node: cst.CSTNode, how: str, state: State, depth: int = 0
) -> LabelsUse | None:
    """The use of ``labels`` as an item of a list that TensorFlow converts to a tensor.

    Another None may be the size of a dimension.
    """
    if depth > bounds.MAX_OPERATORS or not isinstance(value, Reference | TupleValue):
        return None
    items = items_of(value, state)
    nodes: list[cst.CSTNode] = [node] * len(items or ())
    if isinstance(node, cst.List | cst.Tuple) and len(node.elements) == len(nodes):
        nodes = [element.value for element in node.elements]
    for item, at in zip(items or (), nodes, strict=True):
        item = ev.resolve(item, state)
        use = None
        if _is_labels(item):
            use = _labels_use(ev, at, how, state)
        elif at is not node and not same_as_none(item):
            # Other items of a list that is not written here say nothing about its place.
            ev.trace.operands.add(at)
        use = use or _labels_in(ev, item, at, how, state, depth + 1)
        if use is not None:
            return use
    return None


def expression_of(argument: Argument) -> cst.CSTNode | None:
    """The expression of an argument, if it is written in the call."""
    return getattr(argument.node, "value", None)


def _written(path: str) -> str:
    return path.replace("tensorflow", "tf", 1)
