"""Holders of values (variables, attributes, entries), and the expressions that fill them."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import libcst as cst

from estimator_lint.steps import source_of
from estimator_lint.syntax.nodes import descendants, literal_value


class HolderKind(enum.Enum):
    """The kind of a holder."""

    VARIABLE = enum.auto()
    ATTRIBUTE = enum.auto()
    #: An entry of a dict or an item of a list, read by a constant subscript.
    ENTRY = enum.auto()


@dataclass(frozen=True)
class Holder:
    """A variable, an attribute or an entry: what holds a value.

    Attributes:
        kind: its kind.
        base: the source of the object or container that it is a part of; empty for a variable.
        key: the name of a variable or attribute; the key or index of an entry.
        shown: its name in messages.
    """

    kind: HolderKind
    base: str
    key: object
    shown: str

    @classmethod
    def variable(cls, name: str) -> Holder:
        """The variable of that name."""
        return cls(HolderKind.VARIABLE, "", name, name)

    @classmethod
    def entry(cls, base: str, key: object) -> Holder:
        """The entry of a container."""
        shown = f'"{key}"' if isinstance(key, str) else repr(key)
        return cls(HolderKind.ENTRY, base, key, f"{base}[{shown}]")

    @classmethod
    def read_by(cls, node: cst.CSTNode, module: cst.Module) -> Holder | None:
        """The holder that an expression reads; None if it computes something."""
        match node:
            case cst.Name(value=name):
                return cls.variable(name)
            case cst.Attribute(value=base, attr=cst.Name(value=name)) if is_plain(base):
                source = source_of(base, module)
                return cls(HolderKind.ATTRIBUTE, source, name, f"{source}.{name}")
            case cst.Subscript(
                value=base, slice=[cst.SubscriptElement(slice=cst.Index(value=key))]
            ):
                return cls._entry_of(base, key, module)
            case cst.Call(
                func=cst.Attribute(value=base, attr=cst.Name(value="get" | "pop")),
                args=[cst.Arg(keyword=None, value=key), *_],
            ):
                return cls._entry_of(base, key, module)
        return None

    @classmethod
    def _entry_of(
        cls, base: cst.BaseExpression, key: cst.BaseExpression, module: cst.Module
    ) -> Holder | None:
        constant = _constant(key)
        if constant is None or not is_plain(base):
            return None
        return cls.entry(source_of(base, module), constant)


#: A change of a holder: the node; the new value, if it is written there; and whether the old value
#: is lost.
Change: TypeAlias = "tuple[cst.CSTNode, cst.BaseExpression | None, bool]"


def changes(holder: Holder, statement: cst.CSTNode, module: cst.Module) -> Iterator[Change]:
    """The changes of a holder by a statement, without those by statements in its blocks."""
    for target, value in bound_by(statement):
        if Holder.read_by(target, module) == holder:
            deletes = isinstance(statement, cst.Del | cst.ExceptHandler | cst.ExceptStarHandler)
            yield target, value, deletes
        elif holder.kind is HolderKind.ENTRY and source_of(target, module) == holder.base:
            yield from _of_container(holder, target, value)
    if holder.kind is HolderKind.ENTRY and isinstance(statement, cst.Expr | cst.Assign):
        value = statement.value
        if isinstance(value, cst.Call):
            yield from _by_method(holder, value, module)


def bound_by(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression | None]]:
    """The targets of a statement, each with the expression assigned to it alone."""
    match node:
        case cst.Assign(targets=targets, value=value):
            for each in targets:
                yield from _paired(each.target, value)
        case cst.AnnAssign(target=target, value=value) if value is not None:
            yield target, value
        case cst.For(target=target) | cst.Del(target=target):
            yield from ((each, None) for each in _targets_in(target))
        case cst.With(items=items):
            for item in items:
                if item.asname is not None:
                    yield from ((each, None) for each in _targets_in(item.asname.name))
        case cst.ExceptHandler(name=cst.AsName() as name):
            yield name.name, None
        case cst.NamedExpr(target=target, value=value):
            yield target, value


def names_in(target: cst.CSTNode) -> Iterator[cst.Name]:
    """The names that a target binds; names in a subscript or attribute are only read."""
    return (each for each in _targets_in(target) if isinstance(each, cst.Name))


_PARTS: Final = frozenset({cst.Subscript, cst.Attribute})


def _targets_in(target: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The variables, attributes and entries that a target binds."""
    if isinstance(target, cst.Subscript | cst.Attribute):
        yield target
        return
    for node in descendants(target, _PARTS):
        if isinstance(node, cst.Name | cst.Subscript | cst.Attribute):
            yield node


def _paired(
    target: cst.BaseExpression, value: cst.BaseExpression
) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression | None]]:
    """The parts of a target paired with those of the value, if both are displays."""
    if not isinstance(target, cst.Tuple | cst.List):
        yield target, value
        return
    names, values = target.elements, getattr(value, "elements", ())
    if (
        isinstance(value, cst.Tuple | cst.List)
        and len(names) == len(values)
        and not any(isinstance(each, cst.StarredElement) for each in (*names, *values))
    ):
        for one, other in zip(names, values, strict=True):
            yield from _paired(one.value, other.value)
    else:
        yield from ((each, None) for each in _targets_in(target))


def _of_container(
    holder: Holder, target: cst.CSTNode, value: cst.BaseExpression | None
) -> Iterator[Change]:
    """The changes of an entry when its container is replaced by another one."""
    entries = None if value is None else _entries(value)
    if entries is None:
        yield target, None, False
    elif holder.key in entries:
        entry = entries[holder.key]
        yield entry, entry, False
    else:
        yield target, None, True


def _entries(container: cst.BaseExpression) -> dict[object, cst.BaseExpression] | None:
    """The entries of a display; None if there may be others."""
    match container:
        case cst.Dict(elements=elements):
            return _if_all(
                (_constant(each.key), each.value) if isinstance(each, cst.DictElement) else None
                for each in elements
            )
        case cst.Call(func=cst.Name(value="dict"), args=arguments):
            return _if_all(map(_keyword, arguments))
        case cst.List(elements=items) | cst.Tuple(elements=items):
            return _if_all(
                (number, each.value) if isinstance(each, cst.Element) else None
                for number, each in enumerate(items)
            )
    return None


def _keyword(argument: cst.Arg) -> tuple[object, cst.BaseExpression] | None:
    return None if argument.keyword is None else (argument.keyword.value, argument.value)


def _if_all(
    entries: Iterator[tuple[object, cst.BaseExpression] | None],
) -> dict[object, cst.BaseExpression] | None:
    found: dict[object, cst.BaseExpression] = {}
    for entry in entries:
        if entry is None or entry[0] is None:
            return None
        found[entry[0]] = entry[1]
    return found


def _by_method(holder: Holder, call: cst.Call, module: cst.Module) -> Iterator[Change]:
    """The changes of an entry by a method of its container."""
    function = call.func
    if not isinstance(function, cst.Attribute) or source_of(function.value, module) != holder.base:
        return
    first = call.args[0].value if call.args else None
    match function.attr.value:
        case "update":
            for name, value in _updates(call.args):
                if name == holder.key:
                    yield value, value, False
        case "setdefault" if first is not None and _constant(first) == holder.key:
            default = call.args[1].value if len(call.args) > 1 else None
            yield call, default, False
        case "pop" if first is not None and _constant(first) == holder.key:
            yield call, None, True
        case "clear":
            yield call, None, True


def _updates(arguments: Sequence[cst.Arg]) -> Iterator[tuple[object, cst.BaseExpression]]:
    for argument in arguments:
        if argument.keyword is not None:
            yield argument.keyword.value, argument.value
        elif not argument.star:
            yield from (_entries(argument.value) or {}).items()


def _constant(node: cst.CSTNode) -> object:
    """The value of a string or number literal; None for anything else."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.Integer):
        return literal_value(node)
    return None


def is_plain(node: cst.CSTNode) -> bool:
    """Whether an expression is a name, or a chain of attributes of one."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)
