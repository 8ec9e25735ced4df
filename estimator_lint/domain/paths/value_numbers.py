"""The identities of values, objects, scopes and doubts while a function is evaluated.

The same operation on the same values gives the same symbolic value on all paths: that is how a
repeated test is recognised.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.values.scopes import Scope
from estimator_lint.domain.values.values import (
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Compound,
    Constant,
    FunctionValue,
    ModuleValue,
    PartialValue,
    Picture,
    Reference,
    SymbolicValue,
    TupleValue,
    Value,
    constant_key,
)
from estimator_lint.project.code import FunctionCode

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.frames import Frame
    from estimator_lint.domain.paths.state import State
    from estimator_lint.project.code import ClassCode


@dataclass(frozen=True)
class Alternatives:
    """The keys of a container that has many.

    Attributes:
        held: the container, kept so that its ``id`` is not reused.
        number: the same for the same keys.
        of_mode: some of them depend on the mode.
    """

    held: object
    number: int
    of_mode: bool


class ValueNumbers:
    """The identities of one evaluation.

    Args:
        numbers: the numbers by their keys; evaluations that share them have the same numbers for
            the same operations.

    Attributes:
        frames: the functions being evaluated, the innermost last.
        alternatives: by the ``id`` of the container.
        module_names: the numbers of the values of global names about which nothing else is known.
        fixed_names: those of them whose objects importing the file changes.
        first_items: what is iterated over, by the numbers of the first items.
        possibly_empty: the numbers of iterables that may have no items, by what makes them.
        slices: of those that are parts of others, what they are of, and how many items that has
            to have.
        limits_of_ranges: the arguments of ranges whose numbers are unknown.
        lengths: what ``len`` has said of unknown iterables.
        doubts: how many doubts there have been.
        operands: of the results of operations about which nothing else is known, by their numbers.
        closing_over: the numbers of those that have a function of the evaluated code among them.
    """

    def __init__(self, numbers: dict[Hashable, int] | None = None) -> None:
        self.frames: list[Frame] = []
        self.alternatives: dict[int, Alternatives] = {}
        self.operands: dict[int, Sequence[Value]] = {}
        self.closing_over: set[int] = set()
        self._numbers: dict[Hashable, int] = {} if numbers is None else numbers
        self.module_names: set[int] = set()
        self.fixed_names: set[int] = set()
        self.first_items: dict[int, Value] = {}
        self.possibly_empty: set[int] = set()
        self.slices: dict[int, tuple[SymbolicValue | Reference, int]] = {}
        self.limits_of_ranges: dict[int, Sequence[Value]] = {}
        self.lengths: dict[int, SymbolicValue] = {}
        self._keys: list[Hashable] = []
        self._unknown: set[int] = set()
        self.doubts = 0
        self._doubts_of_mode: set[int] = set()
        self._symbolic_values: dict[int, SymbolicValue] = {}
        self._scopes: dict[Hashable, Scope] = {}

    @property
    def scope(self) -> Scope | None:
        """The variables of the function being evaluated, if there is one."""
        return self.frames[-1].scope if self.frames else None

    def number_of(self, key: Hashable) -> int:
        """A number for ``key``, the same each time."""
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def key_of(self, number: int) -> Hashable:
        """The key that has a number; a search, for what is seldom asked."""
        if len(self._keys) < number:
            self._keys = list(self._numbers)  # in the order of their numbers
        return self._keys[number - 1]

    def symbolic_value(
        self,
        *key: Hashable,
        not_none: bool = False,
        symbol: str | None = None,
        result_of: str | None = None,
        instance_of: ClassCode | None = None,
        tensor: bool = False,
        labels: bool = False,
        imprecise: bool = False,
        of_mode: bool = False,
        of_input: bool = False,
    ) -> SymbolicValue:
        """The symbolic value for ``key``, the same each time."""
        number = self.number_of(key)
        known = self._symbolic_values.get(number)
        if known is None:
            known = SymbolicValue(
                *(number, not_none, symbol, result_of, instance_of),
                *(tensor, labels, imprecise, of_mode, of_input),
            )
            self._symbolic_values[number] = known
        return known

    def unknown(self, *, not_none: bool = False, imprecise: bool = False) -> SymbolicValue:
        """A new symbolic value about which nothing is known."""
        value = self.symbolic_value(
            "new", len(self._numbers), not_none=not_none, imprecise=imprecise
        )
        self._unknown.add(value.number)
        return value

    def is_unknown(self, value: Value | None) -> bool:
        """Whether ``unknown`` created a value, and nothing else is known of it."""
        return (
            isinstance(value, SymbolicValue)
            and value.number in self._unknown
            and not value.imprecise
        )

    def symbol(self, path: str) -> SymbolicValue:
        """The value that a dotted path into a library names."""
        return self.symbolic_value("symbol", path, symbol=path)

    def made_by(self, number: int) -> str | None:
        """The dotted path of the function that the symbolic value of that number is a result of."""
        known = self._symbolic_values.get(number)
        return None if known is None else known.result_of

    def symbol_of(self, number: int) -> str | None:
        """The dotted path of the symbolic value of that number, if it has one."""
        known = self._symbolic_values.get(number)
        return None if known is None else known.symbol

    def identity(self, value: Value) -> Hashable:
        """What distinguishes ``value`` from others, for use in keys."""
        match value:
            case SymbolicValue() | Reference():
                return value.number
            case Constant():
                return ("constant", constant_key(value))
            case TupleValue():
                return ("tuple", *(self.identity(item) for item in value.items))
            case Picture(number=number):
                return number
            case FunctionValue():
                return ("function", id(value.code), value.scope and value.scope.identity)
            case BoundMethod():
                return ("method", id(value.function.code), self.identity(value.receiver))
            case ClassValue():
                return ("class", id(value.code), value.of and value.of.number)
            case ModuleValue():
                return ("module", value.location)
            case BuiltinValue():
                return ("builtin", value.name)
            case PartialValue():
                return (
                    "partial",
                    self.identity(value.function),
                    *(self.identity(argument) for argument in value.arguments),
                    *((name, self.identity(argument)) for name, argument in value.keywords),
                )
            case _:
                return ("object", id(value))

    def bounded(self, value: Compound) -> Value:
        """``value``; past the bounds, a value that is only known not to be None."""
        if value.size <= bounds.MAX_SIZE and value.nesting <= bounds.MAX_NESTING:
            return value
        return self.unknown(not_none=True, imprecise=self.depends_on_mode(*value.parts))

    def depends_on_mode(self, *values: Value) -> bool:
        """Whether a result of ``values`` may depend on the mode in an unknown way."""
        for value in values:
            if value.imprecise if isinstance(value, SymbolicValue) else _holds_mode(value):
                return True
        return False

    def is_settings_object(self, value: SymbolicValue) -> bool:
        """Whether a value is what an Estimator passes as ``params`` or ``config``.

        ``params`` is a dict, or an object with attributes, and ``config`` a RunConfig: a test
        whether one is a string is meant for calls from the file itself.
        """
        return value.number in [
            self.number_of(("parameter", name)) for name in ("params", "config")
        ]

    def part(self, *key: Hashable, of: Sequence[Value]) -> SymbolicValue:
        """The part ``key`` of the first of the values ``of``; a part of an input is a tensor."""
        of_input = is_input(of[0])
        return self.derived(*key, of=of, not_none=of_input, of_input=of_input)

    def derived(
        self,
        *key: Hashable,
        of: Sequence[Value],
        not_none: bool = False,
        tensor: bool = False,
        of_input: bool = False,
    ) -> SymbolicValue:
        """The unknown result of the operation ``key`` on the values ``of``."""
        result = self.symbolic_value(
            *key,
            *(self.identity(value) for value in of),
            not_none=not_none or tensor,
            tensor=tensor,
            imprecise=self.depends_on_mode(*of),
            of_mode=any(map(comes_of_mode, of)),
            of_input=of_input,
        )
        if result.number not in self.operands:
            self.note_operands(result.number, of)
        return result

    def note_operands(self, number: int, operands: Sequence[Value]) -> None:
        """Record what the symbolic value of that number was computed from."""
        self.operands[number] = operands
        for operand in operands:
            if isinstance(operand, FunctionValue) and operand.scope is not None:
                self.closing_over.add(number)

    def new_doubt(self, *, of_mode: bool = False, of_form: bool = False) -> int:
        """A number for a test, or similar event, about which nothing is known."""
        self.doubts += 1
        if of_mode:
            self._doubts_of_mode.add(self.doubts)
        return -self.doubts if of_form else self.doubts

    def dispel(self, states: Iterable[State], arisen: Collection[int]) -> None:
        """Remove doubts, by their numbers, except those about the mode.

        The other side of each ends in an explicit ``raise``: it guards against what does not
        happen.
        """
        numbers = set(arisen) - self._doubts_of_mode
        for state in states:
            state.dispel(numbers)

    def new_scope(
        self,
        names: frozenset[str],
        code: FunctionCode,
        parent: Scope | None,
        node: cst.CSTNode,
        state: State,
    ) -> Scope:
        """A scope for a call at ``node``; paths that make the same call share it."""
        where = (id(node), id(code), self.scope and self.scope.identity)
        key = (*where, state.next_count("scope", *where))
        scope = self._scopes.get(key)
        if scope is None:
            scope = self._scopes[key] = Scope(self.number_of(("scope", key)), names, code, parent)
        return scope


def is_input(value: Value) -> bool:
    """Whether a value is ``features`` or ``labels``, or a part of one."""
    return isinstance(value, SymbolicValue) and value.of_input


def is_features(value: Value) -> bool:
    """Whether a value is ``features``, or an item of it, whose form may depend on the mode.

    Labels have one form in the modes that have any.
    """
    return isinstance(value, SymbolicValue) and value.of_input and not value.labels


def is_form_of_features(value: Value) -> bool:
    """Whether a value is what a builtin says about the form of ``features``: ``len(features)``."""
    return (
        isinstance(value, SymbolicValue)
        and is_features(value)
        and value.result_of is not None
        and value.result_of.startswith("builtins.")
    )


def tells_form_of_features(value: Value) -> bool:
    """Whether a value is ``features``, or shows something of its form."""
    return is_features(value) or is_form_of_features(value)


def comes_of_mode(value: Value) -> bool:
    """Whether a value is computed from the ``mode`` argument in an unknown way."""
    if isinstance(value, SymbolicValue):
        return value.of_mode
    return not isinstance(value, Reference) and _holds_mode(value)


def _holds_mode(value: Value) -> bool:
    if isinstance(value, Constant):
        return value.role is not None
    if isinstance(value, TupleValue):
        return any(_holds_mode(item) for item in value.items)
    return isinstance(value, Reference)
