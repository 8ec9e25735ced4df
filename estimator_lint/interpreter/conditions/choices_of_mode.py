"""Tests of values that the mode chooses.

An undecided test is taken to have both outcomes, since what it asks about differs from run to run:
``params``, flags. A value that the text of the program fixes has one outcome in every run: an
object of a module, say, or a member of an enum. Where each mode brings another such value to a
test, its outcome follows from the mode, in a way that is not known here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    BoundMethod,
    Compound,
    Constant,
    Reference,
    SymbolicValue,
    Value,
    constant_key,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    import libcst as cst

    from estimator_lint.interpreter.evaluator import Evaluator

#: A test, and the number of the symbolic value whose truth it asks for.
ChosenTest: TypeAlias = "tuple[cst.CSTNode, int]"

#: How the keys of values begin that a module's text fixes.
_OF_MODULES = frozenset({"global", "import", "module attribute", "decorated", "decorated class"})


def note_tested(ev: Evaluator, node: cst.CSTNode, value: Value) -> None:
    """Record that the test ``node`` asks for the truth of ``value``."""
    ev.tested.setdefault(node, {})[_identity(value)] = value


def _identity(value: Value) -> Hashable:
    """What tells a tested value from those of other modes."""
    match value:
        case SymbolicValue():
            return value.number
        case Constant():
            return ("constant", constant_key(value))
        case _:
            return type(value).__name__


def chosen_by_mode(evaluators: Sequence[Evaluator]) -> frozenset[ChosenTest]:
    """The tests of fixed values instead of which other modes have others.

    The evaluators of the modes share their numbers.
    """
    reached = Counter(node for ev in evaluators for node in ev.tested)
    return frozenset(
        (node, value.number)
        for node, count in reached.items()
        if count > 1
        for ev in evaluators
        for value in _instead_of_others(node, ev, evaluators)
        if _is_fixed(ev, value)
    )


def _instead_of_others(
    node: cst.CSTNode, ev: Evaluator, evaluators: Iterable[Evaluator]
) -> Iterable[SymbolicValue]:
    """The values of a mode at a test that some other mode lacks, which has others there."""
    own = ev.tested.get(node, {})
    for other in evaluators:
        others = other.tested.get(node, {})
        if not others.keys() <= own.keys():
            for identity in own.keys() - others.keys():
                value = own[identity]
                if isinstance(value, SymbolicValue):
                    yield value


def _is_fixed(ev: Evaluator, value: Value) -> bool:
    """Whether a value is made of nothing but what the text of modules fixes."""
    seen: set[int] = set()
    pending: list[Value] = [value]
    while pending:
        one = pending.pop()
        parts: Iterable[Value] | None = ()
        match one:
            case SymbolicValue() if one.number not in seen:
                seen.add(one.number)
                parts = _operands(ev, one)
            case BoundMethod(receiver=receiver):
                parts = (receiver,)
            case Compound():
                parts = one.parts
            case Reference():
                parts = None
        if parts is None:
            return False
        pending += parts
    return True


def _operands(ev: Evaluator, value: SymbolicValue) -> Iterable[Value] | None:
    """What a symbolic value is made of; None if anything but the text of modules decides it."""
    if value.of_input:
        return None
    if value.symbol is not None:
        return ()
    if value.number in ev.predicates:
        return (ev.predicates[value.number].subject,)
    match ev.origins.get(value.number):
        case AttributeOf(base=base):
            return (base,)
        case ItemOf(base=base, key=key):
            return (base, key)
        case OperationOn(operands=operands):
            return operands
        case CallOf(complete=False):
            return None
        case CallOf(receiver=Value() as receiver) as call:
            return (receiver, *call.arguments, *call.keywords.values())
        case CallOf(path=str()) as call:
            return (*call.arguments, *call.keywords.values())
        case CallOf():
            return None
    if value.number in ev.operands:
        return ev.operands[value.number]
    return () if _is_of_module(ev, value.number) else None


def _is_of_module(ev: Evaluator, number: int) -> bool:
    """Whether a value is one of a module's names, or an instance that its statements create."""
    match ev.key_of(number):
        case (str() as kind, *_) if kind in _OF_MODULES:
            return True
        case ("instance", _, int() as made):
            match ev.key_of(made):
                case ("object", _, None | ("class", _), _):
                    return True
    return False
