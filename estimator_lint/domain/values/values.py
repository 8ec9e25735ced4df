"""What evaluation knows of a value.

Values are immutable. Mutable contents (the entries of a dict, the attributes of an instance) are
held by the state of a path, under the identity of the value.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from estimator_lint.domain import bounds

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.values.scopes import Scope
    from estimator_lint.project.code import ClassCode, FunctionCode
    from estimator_lint.project.locations import Location

#: Where a constant is from: ``mode``, an attribute of ``ModeKeys``, ``labels`` (None in PREDICT).
Role = Literal["mode", "mode key", "labels"]


class Value:
    """Base of all values.

    Attributes:
        size: how many values it is made of, itself included.
        nesting: how deeply compounds are nested in it, itself included.
    """

    __slots__ = ()

    size: int = 1
    nesting: int = 0


class Compound(Value):
    """An immutable value that is made of other values.

    The same value may be in it many times (``x = (x, x)``, repeatedly), so that it may be much
    larger than the program that creates it: each is passed through ``bounded``.
    """

    __slots__ = ("nesting", "size")

    def __post_init__(self) -> None:
        parts = self.parts
        object.__setattr__(self, "size", 1 + size_of(parts))
        object.__setattr__(self, "nesting", 1 + max((part.nesting for part in parts), default=0))

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        raise NotImplementedError


def size_of(values: Iterable[Value]) -> int:
    """How many values ``values`` are made of."""
    return sum([value.size for value in values])


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Value):
    """A known immutable Python value; True is not 1 here."""

    value: object
    role: Role | None = None

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Constant)
            and type(self.value) is type(other.value)
            and self.value == other.value
            and self.role == other.role
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


NONE = Constant(None)
TRUE = Constant(True)
FALSE = Constant(False)


@dataclass(frozen=True, slots=True)
class Unbound(Value):
    """The content of a local variable before it is bound, and after ``del``."""


UNBOUND = Unbound()


@dataclass(frozen=True, slots=True, eq=False)
class SymbolicValue(Value):
    """A value about which little is known; equal only to itself.

    Two evaluations of the same expression over the same parts give the same symbolic value, so that
    a repeated test is recognised.

    Attributes:
        number: its identity within one evaluation.
        not_none: known to be something other than None.
        symbol: the dotted import path, if it is a name of a library.
        result_of: the callee that returned it, as the path of ``CallOf``: the dotted import path of
            a function, or ``path.of.Class().method``.
        instance_of: the class of the project it is an instance of.
        tensor: known to be a tensor or an op.
        labels: it is the ``labels`` argument.
        imprecise: it depends on the mode in an unknown way, or represents values of merged paths; a
            test of it says nothing about which paths are feasible.
        of_mode: it is computed from the ``mode`` argument in an unknown way.
        of_input: it is the result of an input function, or an item of one: not None, and of a form
            that may differ from mode to mode; or the outcome of a test of that form.
    """

    number: int
    not_none: bool = False
    symbol: str | None = None
    result_of: str | None = None
    instance_of: ClassCode | None = None
    tensor: bool = False
    labels: bool = False
    imprecise: bool = False
    of_mode: bool = False
    of_input: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SymbolicValue) and self.number == other.number

    def __hash__(self) -> int:
        return self.number


@dataclass(frozen=True, slots=True)
class TupleValue(Compound):
    """A tuple of known length; ``names`` are the fields of a named tuple."""

    items: tuple[Value, ...]
    names: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return self.items


@dataclass(frozen=True, slots=True)
class Reference(Value):
    """A mutable container created by the evaluated code; its contents are in the state."""

    number: int
    kind: Literal["dict", "list", "set"]


@dataclass(frozen=True, slots=True)
class FunctionValue(Compound):
    """A function or lambda of the project, with the scope it closes over."""

    code: FunctionCode
    scope: Scope | None
    defaults: tuple[tuple[str, Value], ...] = ()

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return tuple(default for _, default in self.defaults)


@dataclass(frozen=True, slots=True)
class BoundMethod(Compound):
    """A function of the project with its first argument filled."""

    function: FunctionValue
    receiver: Value

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return (self.function, self.receiver)


@dataclass(frozen=True, slots=True)
class BoundBuiltin(Compound):
    """A method, not yet called, of a value whose methods evaluation knows."""

    receiver: Value
    method: str

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return (self.receiver,)


@dataclass(frozen=True, slots=True)
class PartialValue(Compound):
    """``functools.partial`` of something."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return (self.function, *self.arguments, *(value for _, value in self.keywords))


@dataclass(frozen=True, slots=True)
class ClassValue(Value):
    """A class of the linted file; ``of`` is an object of the class, or of a subclass."""

    code: ClassCode
    of: SymbolicValue | None = None


@dataclass(frozen=True, slots=True)
class NamedTupleClass(Compound):
    """The result of ``collections.namedtuple``; some of its fields have defaults."""

    names: tuple[str, ...]
    defaults: tuple[tuple[str, Value], ...] = ()

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return tuple(default for _, default in self.defaults)


@dataclass(frozen=True, slots=True)
class ModuleValue(Value):
    """A module or package of the project."""

    location: Location


@dataclass(frozen=True, slots=True)
class SuperValue(Compound):
    """``super()`` in a method."""

    code: ClassCode
    receiver: Value

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return (self.receiver,)


@dataclass(frozen=True, slots=True)
class BuiltinValue(Value):
    """A name of the ``builtins`` module."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class DictContents:
    """Entries of a dict under known keys, in their order.

    ``open`` means that there may be other entries, and that the order is unknown; all that is known
    about these is that some have the values of ``unkeyed``.
    """

    entries: Mapping[Any, Value]
    open: bool = False
    unkeyed: tuple[Value, ...] = ()

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DictContents)
            and self.open is other.open
            and self.entries == other.entries
            and self.unkeyed == other.unkeyed
            and self.has_order_of(other)
        )

    def has_order_of(self, other: DictContents) -> bool:
        """Whether the keys are those of ``other`` in the same order, as far as that is known."""
        return (self.open and other.open) or list(self.entries) == list(other.entries)

    @property
    def values(self) -> tuple[Value, ...]:
        """The known values, regardless of their keys."""
        return (*self.entries.values(), *self.unkeyed)


@dataclass(frozen=True, slots=True)
class SequenceContents:
    """Items of a list or set; ``open`` means that there may be others, say those in ``held``."""

    items: tuple[Value, ...]
    open: bool = False
    held: tuple[SymbolicValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Overrides:
    """Attributes and items that the evaluated code stored in a symbolic value.

    ``open`` means that other code may have stored others.
    """

    attributes: Mapping[str, Value]
    items: Mapping[Any, Value]
    open: bool = False


NOTHING_STORED = Overrides({}, {})

Contents: TypeAlias = "DictContents | SequenceContents | Overrides"


def bounded_contents(contents: Contents) -> Contents:
    """``contents``, or past the bound contents that nothing is known about."""
    if size_of(contained(contents)) <= bounds.MAX_SIZE:
        return contents
    match contents:
        case DictContents():
            return DictContents({}, open=True)
        case SequenceContents():
            return SequenceContents((), open=True)
        case Overrides():
            return Overrides({}, {}, open=True)


def contained(contents: Contents) -> tuple[Value, ...]:
    """The values that are in something mutable, as far as known, or may be."""
    match contents:
        case DictContents():
            return contents.values
        case SequenceContents():
            return (*contents.items, *contents.held)
        case Overrides():
            return (*contents.attributes.values(), *contents.items.values())


@dataclass(frozen=True, slots=True)
class Picture(Compound):
    """A snapshot of a container; found in records, never in a state.

    Attributes:
        number: the identity of the container.
        kind: what it is.
        contents: what it held, including pictures of containers.
    """

    number: int
    kind: Literal["dict", "list", "set"]
    contents: DictContents | SequenceContents

    @property
    def parts(self) -> tuple[Value, ...]:
        """The values that it is made of."""
        return contained(self.contents)


def holds(value: Value, numbers: Set[int], *, closed: bool) -> bool:
    """Whether a value is, or contains, one of the symbolic values of these numbers.

    Args:
        value: the value.
        numbers: those of the symbolic values.
        closed: the answer for opaque values such as a function, which may close over one of them.
    """
    match value:
        case SymbolicValue():
            return value.number in numbers
        case TupleValue() | Picture():
            return any(holds(part, numbers, closed=closed) for part in value.parts)
        case _:
            return closed and not isinstance(value, Constant)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call; ``star`` is ``""``, ``"*"`` or ``"**"``."""

    value: Value
    keyword: str | None = None
    star: str = ""
    node: cst.CSTNode | None = None


def constant_key(constant: Constant) -> Hashable:
    """What distinguishes a constant from others; ``0`` and ``0.0`` compare equal."""
    value = constant.value
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return ("number" if is_number else type(value).__name__, value)


def same_as_none(value: Value) -> bool:
    """Whether a value is the constant None."""
    return isinstance(value, Constant) and value.value is None
