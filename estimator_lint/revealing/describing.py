"""Describing values in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.values import (
    BoundBuiltin,
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    DictContents,
    FunctionValue,
    ModuleValue,
    NamedTupleClass,
    PartialValue,
    Reference,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Unbound,
    Value,
    same_as_none,
)
from estimator_lint.interpreter.specs.type_inference import value_type
from estimator_lint.printable import printable
from estimator_lint.tensorflow_api.value_types import Kind

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

_NAMES = {Kind.METRIC_VALUE: "metric value", Kind.METRIC_UPDATE: "metric update op"}

#: Values nested more deeply than this are not shown.
_DEPTH: Final = 2
#: More items than this are not shown.
_ITEMS: Final = 6
#: Longer constants are truncated.
_LONGEST: Final = 60


def described(ev: Evaluator, value: Value, state: State, depth: int = _DEPTH) -> str:
    """The description of a value on a path."""
    value = ev.resolve(value, state)
    match value:
        case Unbound():
            return "unbound"
        case Constant(value=constant):
            return _shortened(repr(constant))
        case TupleValue(items=items):
            return _listing(
                "tuple", "()", (described(ev, each, state, depth - 1) for each in items), depth
            )
        case Reference():
            return _container(ev, value, state, depth)
        case SpecValue():
            given = [name for name, field in value.fields.items() if not same_as_none(field)]
            given = [name for name in given if name != "mode"]
            return f"{value.spec_class.name} ({', '.join(given) or 'no fields'})"
        case FunctionValue(code=code) | BoundMethod(function=FunctionValue(code=code)):
            return f"function '{code.name}'"
        case PartialValue(function=function):
            return f"partial of {described(ev, function, state, depth)}"
        case ClassValue(code=code):
            return f"class '{code.name}'"
        case BoundBuiltin(method=method):
            return f"method '{method}'"
        case BuiltinValue(name=name):
            return f"built-in '{name}'"
        case NamedTupleClass():
            return "class of named tuples"
        case ModuleValue():
            return "module"
        case SymbolicValue():
            return _opaque(ev, value)
    return "not None"


def _opaque(ev: Evaluator, value: SymbolicValue) -> str:
    if value.symbol is not None:
        return f"'{value.symbol}'"
    if value.instance_of is not None:
        return f"'{value.instance_of.name}' object"
    kind, per_example = value_type(ev, value)
    if kind is not None:
        text = _NAMES.get(kind) or kind.value.removeprefix("a ").removeprefix("an ")
        return f"{text} (per-example)" if per_example else text
    if value.labels:
        return "labels, not None"
    return "not None" if value.not_none else "unknown"


def _container(ev: Evaluator, value: Reference, state: State, depth: int) -> str:
    contents = state.contents(value.number)
    brackets = "[]" if value.kind == "list" else "{}"
    parts: list[str] = []
    is_open = True
    if isinstance(contents, DictContents):
        is_open = contents.open or bool(contents.unkeyed)
        parts = [
            f"{_shortened(repr(key))}: {described(ev, entry, state, depth - 1)}"
            for key, entry in (contents.entries.items() if depth else ())
        ]
    elif isinstance(contents, SequenceContents):
        is_open = contents.open
        parts = [
            described(ev, item, state, depth - 1) for item in (contents.items if depth else ())
        ]
    return _listing(value.kind, brackets, [*parts, *(["…"] if is_open else [])], depth)


def _listing(kind: str, brackets: str, parts: Iterable[str], depth: int) -> str:
    shown = list(_at_most(parts)) if depth else ["…"]
    return f"{kind} {brackets[0]}{', '.join(shown)}{brackets[1]}"


def _at_most(parts: Iterable[str]) -> Iterator[str]:
    for count, part in enumerate(parts):
        if count == _ITEMS:
            yield "…"
            return
        yield part


def _shortened(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
