"""Classes that are defined by their fields: named tuples and dataclasses."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import libcst as cst

from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.values.values import (
    Argument,
    Constant,
    NamedTupleClass,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.arguments import Arguments, argument_mismatch, left_over, spread
from estimator_lint.interpreter.classes.declared_fields import CLASS_VARIABLE, declarations
from estimator_lint.interpreter.classes.isolation import evaluate_in_isolation
from estimator_lint.interpreter.classes.method_resolution import (
    known_ancestors,
    method_resolution_order,
    own_metaclasses,
)
from estimator_lint.interpreter.objects import items_of
from estimator_lint.syntax.nodes import final_name

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator, Result
    from estimator_lint.project.code import ClassCode

_DATACLASS: Final = "dataclasses.dataclass"
_FIELD: Final = "dataclasses.field"
#: Annotations of parameters that are not fields, and of the start of keyword-only fields.
_NO_PLAIN_FIELD: Final = frozenset({"InitVar", "KW_ONLY"})


def named_tuple_class(
    ev: Evaluator, arguments: Sequence[Argument], state: State
) -> NamedTupleClass | None:
    """The result of ``collections.namedtuple(...)``; None if the fields are unknown."""
    given = spread(ev, arguments, state)
    values = dict(zip(("typename", "field_names"), given.values(), strict=False))
    values.update({name: argument.value for name, argument in given.keywords.items()})
    fields = values.pop("field_names", None)
    if fields is None or given.more_positional or given.more_keywords or "rename" in values:
        return None
    names = _names(ev.resolve(fields, state), state)
    if names is None:
        return None
    defaults: tuple[Value, ...] | None = ()
    if "defaults" in values:
        defaults = items_of(ev.resolve(values["defaults"], state), state)
    if defaults is None or len(defaults) > len(names):
        return None
    if ev.frame.code.module.index.mentions("__defaults__"):
        return NamedTupleClass(names, tuple((name, ev.unknown(imprecise=True)) for name in names))
    optional = names[len(names) - len(defaults) :]
    return NamedTupleClass(names, tuple(zip(optional, defaults, strict=True)))


def _names(fields: Value, state: State) -> tuple[str, ...] | None:
    if isinstance(fields, Constant) and isinstance(fields.value, str):
        names = tuple(fields.value.replace(",", " ").split())
    else:
        items = items_of(fields, state)
        if items is None:
            return None
        names = tuple(
            item.value if isinstance(item, Constant) and isinstance(item.value, str) else ""
            for item in items
        )
    plain = all(name.isidentifier() and not keyword.iskeyword(name) for name in names)
    return names if plain and len(set(names)) == len(names) else None


def as_named_tuple_class(ev: Evaluator, code: ClassCode) -> NamedTupleClass | None:
    """A subclass of ``typing.NamedTuple``, unless it does more than hold its fields."""
    ancestors = method_resolution_order(ev, code)
    is_one = len(ancestors) == 2 and (
        isinstance(ancestors[1], int) and ev.symbol_of(ancestors[1]) == "typing.NamedTuple"
    )
    if not is_one or code.methods:
        return None
    fields = dict(_fields(ev, code))
    defaults = tuple((name, value) for name, value in fields.items() if value is not None)
    return NamedTupleClass(tuple(fields), defaults)


def make_named_tuple(
    ev: Evaluator,
    made: NamedTupleClass,
    arguments: Sequence[Argument],
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of calling the class of a named tuple."""
    fields = dict.fromkeys(made.names)
    values = fill(ev, {**fields, **dict(made.defaults)}, spread(ev, arguments, state))
    if isinstance(values, str):
        return argument_mismatch(ev, "a named tuple", values, node, state)
    return [(ev.bounded(TupleValue(tuple(values.values()), made.names)), state)]


def dataclass_fields(ev: Evaluator, code: ClassCode) -> dict[str, Value | None] | None:
    """The fields of a dataclass with their defaults; None for other classes.

    Also None if its ``__init__`` has other parameters, or another order.
    """
    found: dict[str, Value | None] = {}
    if not _is_dataclass(ev, code):
        return None
    for ancestor in reversed(method_resolution_order(ev, code)):
        if isinstance(ancestor, int) or _reorders(ancestor):
            return None
        if _is_dataclass(ev, ancestor):
            found.update(_fields(ev, ancestor))
    return found


def fill(
    ev: Evaluator, fields: dict[str, Value | None], given: Arguments
) -> dict[str, Value] | str:
    """The value of each field; if the call raises TypeError, the reason in words."""
    positional, keywords = list(given.positional), dict(given.keywords)
    if given.repeated:
        return "with an argument given twice"
    values: dict[str, Value] = {}
    for name, default in fields.items():
        if positional:
            if name in keywords:
                return f"with '{name}' given twice"
            values[name] = positional.pop(0).value
        elif name in keywords:
            values[name] = keywords.pop(name).value
        elif given.more_positional or given.more_keywords:
            values[name] = ev.unknown(imprecise=True)
        elif default is None:
            return f"without '{name}'"
        else:
            values[name] = default
    return left_over(positional, keywords) or values


def _is_dataclass(ev: Evaluator, code: ClassCode) -> bool:
    """Whether a class is a dataclass whose ``__init__`` takes its fields in their order."""
    for decorator in code.node.decorators:
        node = decorator.decorator
        if isinstance(node, cst.Call):
            if _names_given(node) & {"init", "kw_only"}:
                return False
            node = node.func
        value = evaluate_in_isolation(ev, Frame(None, code.body), node)
        if isinstance(value, SymbolicValue) and value.symbol == _DATACLASS:
            return True
    return False


def _reorders(code: ClassCode) -> bool:
    """Whether the parameters of a dataclass differ from its fields, or in their order."""
    return any(
        final_name(small.annotation.annotation) in _NO_PLAIN_FIELD
        or (isinstance(small.value, cst.Call) and _names_given(small.value) & {"init", "kw_only"})
        for small in declarations(code)
    )


def is_bare(ev: Evaluator, code: ClassCode) -> bool:
    """Whether nothing affects how a class without ``__init__`` of its own is called."""
    return all(
        not ancestor.node.decorators
        and not ancestor.node.keywords
        and not any(isinstance(base.value, cst.Call) for base in ancestor.node.bases)
        and "__init_subclass__" not in ancestor.defined_names
        and not ancestor.module.index.stores("__init__")
        for ancestor in known_ancestors(ev, code)
    )


def _fields(ev: Evaluator, code: ClassCode) -> Iterator[tuple[str, Value | None]]:
    """The fields that the body of a class declares."""
    for small in declarations(code):
        if (
            isinstance(small.target, cst.Name)
            and final_name(small.annotation.annotation) != CLASS_VARIABLE
        ):
            yield small.target.value, _default(ev, code, small.value)


def _names_given(call: cst.Call) -> set[str]:
    return {argument.keyword.value for argument in call.args if argument.keyword}


def _default(ev: Evaluator, code: ClassCode, node: cst.BaseExpression | None) -> Value | None:
    """The default of a field; None if it has none."""
    if node is None:
        return None
    frame = Frame(None, code.body)
    if isinstance(node, cst.Call):
        function = evaluate_in_isolation(ev, frame, node.func)
        if isinstance(function, SymbolicValue) and function.symbol == _FIELD:
            given = {
                argument.keyword.value: argument.value for argument in node.args if argument.keyword
            }
            if "default" in given:
                return (
                    evaluate_in_isolation(ev, frame, given["default"], lasting=True) or ev.unknown()
                )
            return ev.unknown() if "default_factory" in given else None
    return evaluate_in_isolation(ev, frame, node, lasting=True) or ev.unknown()


def metaclass_makes_them(ev: Evaluator, code: ClassCode) -> bool:
    """Whether calling the class calls a metaclass of the file."""
    return any(
        "__call__" in each.defined_names
        for metaclass in own_metaclasses(ev, code)
        for each in known_ancestors(ev, metaclass)
    )
