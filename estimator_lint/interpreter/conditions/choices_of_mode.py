"""Tests whose outcomes follow from the mode in a way that is not known.

An undecided test is taken to have both outcomes, since what it asks about differs from run to run:
``params``, flags. Some kinds of tests are not like that, and are found by comparing the modes.

- A value that the text of the program fixes has one outcome in every run: an object of a module,
  say, or a member of an enum. Each mode may bring another such value to a test.
- An object may be given something else in each mode: by its constructor, or by a method that is not
  followed. What is read from it then may depend on the mode.
- A test that all modes reach may ask whether there are labels in other words than ``is None``.
- Functions and classes inside the model function see its variables: what comes of one that is not
  followed may depend on any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain.values.compared_modes import ANY_VALUE, ChosenTest
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    BoundMethod,
    ClassValue,
    Compound,
    Constant,
    FunctionValue,
    Reference,
    SymbolicValue,
    Value,
    constant_key,
)
from estimator_lint.project.code import ClassCode
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

    import libcst as cst

    from estimator_lint.interpreter.evaluator import Evaluator

#: How the keys of values begin that a module's text fixes.
_OF_MODULES = frozenset({"global", "import", "module attribute", "decorated", "decorated class"})


def note_tested(ev: Evaluator, node: cst.CSTNode, value: Value) -> None:
    """Record that the test ``node`` asks for the truth of ``value``."""
    ev.compared_modes.note_test(node, _identity(value), value)


def note_given(ev: Evaluator, to: SymbolicValue | ClassValue, values: Iterable[Value]) -> None:
    """Record that an object or class is given values, which what is read from it may depend on."""
    _note(ev, _identity(to), values)


def _note(ev: Evaluator, to: Hashable, values: Iterable[Value]) -> None:
    repeats = ev.iterations > 1 or ev.loops > 0
    ev.compared_modes.note_given(to, map(_identity, values), repeats=repeats)


def note_method_call(
    ev: Evaluator, receiver: SymbolicValue | ClassValue, name: str, arguments: Iterable[Value]
) -> None:
    """Record a call of a method that is not followed.

    Of an object that the evaluated code did not create, ``params`` say, it is not known which
    methods change it; it is taken to learn the mode if it is given the mode.
    """
    if isinstance(receiver, ClassValue):
        note_given(ev, receiver, (Constant(name), *arguments))
        return
    made = ev.origins.get(receiver.number)
    if (
        ev.is_made_here(receiver.number)
        or receiver.number in ev.module_names
        or (isinstance(made, CallOf) and made.path is not None)
    ):
        note_given(ev, receiver, (Constant(name), *arguments))
    else:
        note_told_mode(ev, receiver, arguments)


def note_told_mode(ev: Evaluator, receiver: SymbolicValue, values: Iterable[Value]) -> None:
    """Record that an object is given values, if the mode is among them.

    A function of a library that is given the mode may keep it in its package.
    """
    of_mode = [one for one in values if isinstance(one, Constant) and one.role == "mode"]
    if of_mode:
        note_given(ev, receiver, of_mode)
        if receiver.symbol is not None:
            _note(ev, _package(receiver), of_mode)


def _package(value: Value) -> Hashable:
    """The package of a library that a value is a name of; None of other values."""
    if isinstance(value, SymbolicValue) and value.symbol is not None:
        return ("package", value.symbol.partition(".")[0])
    return None


def _identity(value: Value) -> Hashable:
    """What tells a value from those of other modes, which share their numbers."""
    match value:
        case SymbolicValue():
            return value.number
        case Constant():
            return ("constant", constant_key(value))
        case ClassValue():
            return ("class", id(value.code))
        case _:
            return type(value).__name__


def chosen_by_mode(evaluators: Sequence[Evaluator]) -> frozenset[ChosenTest]:
    """The tests whose outcomes follow from the mode, by the evaluations of all modes."""
    found = set(_tests_of_fixed_values(evaluators))
    dependent = _GivenByMode(evaluators)
    of_labels = _reached_without_labels(evaluators)
    for ev in evaluators:
        for node, values in ev.compared_modes.tested.items():
            for value in values.values():
                if not isinstance(value, SymbolicValue):
                    continue
                parts = [part for part, _ in _made_of(ev, value)]
                if any(
                    _is_closure(part)
                    or (node in of_labels and isinstance(part, SymbolicValue) and part.labels)
                    or dependent(node, _package(part))
                    or (dependent(node, _identity(part)) and not _keeps_type(ev, part, value))
                    for part in parts
                ):
                    # What is made of an unknown value has another number each time.
                    is_renumbered = any(map(ev.is_unknown, parts))
                    found.add((node, ANY_VALUE if is_renumbered else value.number))
    return frozenset(found)


def _keeps_type(ev: Evaluator, part: Value, test: SymbolicValue) -> bool:
    """Whether a test asks for the type of an object from outside: what it is given changes none."""
    return (
        isinstance(part, SymbolicValue)
        and test.result_of == "builtins.isinstance"
        and part in ev.operands.get(test.number, ())[:1]
        and not ev.is_made_here(part.number)
        and not isinstance(ev.origins.get(part.number), CallOf)
    )


def _reached_without_labels(evaluators: Sequence[Evaluator]) -> Collection[cst.CSTNode]:
    """The tests that PREDICT reaches, which has no labels."""
    return {
        node for ev in evaluators if ev.mode is Mode.PREDICT for node in ev.compared_modes.tested
    }


def _is_closure(value: Value) -> bool:
    """Whether a value is a function or class inside a function, or an instance of such a class."""
    match value:
        case FunctionValue(scope=scope):
            return scope is not None
        case ClassValue(code=code) | SymbolicValue(instance_of=ClassCode() as code):
            return code.is_nested
    return False


def _tests_of_fixed_values(evaluators: Sequence[Evaluator]) -> Iterator[ChosenTest]:
    """The tests of fixed values instead of which other modes have others."""
    for ev in evaluators:
        for node in ev.compared_modes.tested:
            for value in _instead_of_others(node, ev, evaluators):
                if not any(is_open for _, is_open in _made_of(ev, value)):
                    yield node, value.number


def _instead_of_others(
    node: cst.CSTNode, ev: Evaluator, evaluators: Iterable[Evaluator]
) -> Iterator[SymbolicValue]:
    """The values of a mode at a test that some other mode lacks, which has others there."""
    own = ev.compared_modes.tested[node]
    for other in evaluators:
        others = other.compared_modes.tested.get(node, {})
        if not others.keys() <= own.keys():
            for identity in own.keys() - others.keys():
                value = own[identity]
                if isinstance(value, SymbolicValue):
                    yield value


class _GivenByMode:
    """The objects and classes that are given something else in one mode than in another.

    Args:
        evaluators: the evaluations of all modes.
    """

    def __init__(self, evaluators: Sequence[Evaluator]) -> None:
        self._compared = [ev.compared_modes for ev in evaluators]
        #: For each, the moments from which on the modes have what the others lack; None: never.
        self._since: dict[Hashable, list[int | None]] = {}
        for to in dict.fromkeys(to for one in self._compared for to in one.given):
            given = [one.given.get(to, {}) for one in self._compared]
            if any(values.keys() != given[0].keys() for values in given):
                shared = set.intersection(*map(set, given))
                self._since[to] = [
                    min((values[key] for key in values.keys() - shared), default=None)
                    for values in given
                ]

    def __call__(self, node: cst.CSTNode, to: Hashable) -> bool:
        """Whether a test may ask for what an object was given before in some mode."""
        return any(
            since is not None and since < one.last_test(node)
            for one, since in zip(self._compared, self._since.get(to, ()), strict=False)
        )


def _made_of(ev: Evaluator, value: Value) -> Iterator[tuple[Value, bool]]:
    """All that a value is made of, itself included.

    With each, whether anything but the text of modules, and the others, decides it.
    """
    seen: set[int] = set()
    pending: list[Value] = [value]
    while pending:
        one = pending.pop()
        parts: Iterable[Value] = ()
        is_open = isinstance(one, Reference)
        match one:
            case SymbolicValue():
                if one.number in seen:
                    continue
                seen.add(one.number)
                parts, is_open = _operands(ev, one)
            case BoundMethod(receiver=receiver):
                parts = (receiver,)
            case Compound():
                parts = one.parts
        yield one, is_open
        pending += parts


def _operands(ev: Evaluator, value: SymbolicValue) -> tuple[Iterable[Value], bool]:
    """What a symbolic value is made of; whether anything else decides it."""
    if value.of_input:
        return (), True
    if value.symbol is not None:
        return (), False
    if value.number in ev.predicates:
        return (ev.predicates[value.number].subject,), False
    match ev.origins.get(value.number):
        case AttributeOf(base=base):
            return (base,), False
        case ItemOf(base=base, key=key):
            return (base, key), False
        case OperationOn(operands=operands):
            return operands, False
    if value.number in ev.operands:
        return ev.operands[value.number], False
    match ev.key_of(value.number):
        case (str() as kind, *_) if kind in _OF_MODULES:
            return (), False
    return (), True
