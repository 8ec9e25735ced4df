"""Where values come from: what rules ask of a value beyond what it is.

An Opaque is the same wherever the same thing is done to the same values, so one
record for each tells of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.evaluation import bounds
from estimator_lint.evaluation.values.values import (
    DictContents,
    Picture,
    Reference,
    SequenceContents,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.evaluation.calls.arguments import Arguments
    from estimator_lint.evaluation.evaluator import Evaluator
    from estimator_lint.evaluation.paths.state import State
    from estimator_lint.evaluation.trace import Place


@dataclass(frozen=True)
class CallOf:
    """A call that was not followed.

    Attributes:
        path: the dotted path of what is called: ``tensorflow.no_op``; of a method
            ``tensorflow.train.AdamOptimizer().minimize``, with ``()`` behind
            the function or class that made the object; None where it is not known.
        receiver: of a method the object.
        arguments: the positional ones, containers as pictures.
        keywords: the others.
        complete: there are no arguments besides these.
        control: the values of the ``tf.control_dependencies`` around it.
        place: where it was first seen.
    """

    path: str | None
    receiver: Value | None
    arguments: tuple[Value, ...]
    keywords: Mapping[str, Value]
    complete: bool
    control: tuple[Value, ...]
    place: Place

    def argument(self, position: int, name: str) -> Value | None:
        """The argument of that position or name; None where it is not given, as far as known."""
        if name in self.keywords:
            return self.keywords[name]
        return self.arguments[position] if position < len(self.arguments) else None


@dataclass(frozen=True)
class ItemOf:
    """``base[key]``, also by unpacking; ``count`` is the number of names unpacked to."""

    base: Value
    key: Value
    count: int | None = None


@dataclass(frozen=True)
class AttributeOf:
    """``base.name``."""

    base: Value
    name: str


@dataclass(frozen=True)
class OperationOn:
    """What an operator makes of its operands; ``name`` is libcst's: ``Add``, ``Minus``."""

    name: str
    operands: tuple[Value, ...]


Origin: TypeAlias = "CallOf | ItemOf | AttributeOf | OperationOn"
#: By the numbers of Opaques.
Origins: TypeAlias = "Mapping[int, Origin]"


def pictures_of(values: Iterable[Value], state: State) -> list[Value]:
    """``values`` as they are now: containers with what they hold, as far as there is room."""
    pictures = _Pictures(state)
    return [pictures.of(value, bounds.PICTURE_DEPTH) for value in values]


class _Pictures:
    """What one record shows of containers."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._room = bounds.MAX_PICTURED

    def of(self, value: Value, depth: int) -> Value:
        """``value`` with what it holds; past the depth or where there is no room, without."""
        if isinstance(value, TupleValue) and depth and self._makes_room(value.items):
            items = tuple(self.of(item, depth - 1) for item in value.items)
            return TupleValue(items, value.names)
        if not isinstance(value, Reference):
            return value
        contents = self._state.contents(value.number) if depth else None
        if isinstance(contents, DictContents) and self._makes_room(contents.values):
            shown = {key: self.of(entry, depth - 1) for key, entry in contents.entries.items()}
            others = tuple(self.of(entry, depth - 1) for entry in contents.unkeyed)
            return Picture(value.number, "dict", DictContents(shown, contents.open, others))
        if isinstance(contents, SequenceContents) and self._makes_room(contents.items):
            items = tuple(self.of(item, depth - 1) for item in contents.items)
            return Picture(value.number, value.kind, SequenceContents(items, contents.open))
        empty = DictContents({}, True) if value.kind == "dict" else SequenceContents((), True)
        return Picture(value.number, value.kind, empty)

    def _makes_room(self, values: Sequence[Value]) -> bool:
        """Whether there is room for ``values``; if so, it is taken."""
        if len(values) > self._room:
            return False
        self._room -= len(values)
        return True


def note_call(
    ev: Evaluator,
    number: int,
    path: str | None,
    receiver: Value | None,
    given: Arguments,
    place: Place,
    state: State,
) -> None:
    """Record the call that made the Opaque of that number."""
    arguments = (*given.positional, *given.keywords.values())
    shown = pictures_of((ev.resolve(one.value, state) for one in arguments), state)
    call = CallOf(
        path,
        receiver,
        tuple(shown[: len(given.positional)]),
        dict(zip(given.keywords, shown[len(given.positional) :], strict=True)),
        not (given.more_positional or given.more_keywords),
        control_inputs(state),
        place,
    )
    known = ev.origins.get(number)
    if known is None:
        ev.origins[number] = call
    elif isinstance(known, CallOf) and (
        known.arguments != call.arguments or known.keywords != call.keywords
    ):
        # A container held something else then: of its contents nothing is certain.
        ev.origins[number] = CallOf(
            path, receiver, (), {}, complete=False, control=call.control, place=known.place
        )


_CONTROL = ("control",)


def control_inputs(state: State) -> tuple[Value, ...]:
    """The values of the ``tf.control_dependencies`` blocks around where ``state`` is."""
    entry = state.get(_CONTROL)
    return entry.items if isinstance(entry, TupleValue) else ()


def set_control_inputs(values: tuple[Value, ...], state: State) -> None:
    """Enter or leave ``tf.control_dependencies`` blocks."""
    if values or control_inputs(state):
        state.set(_CONTROL, TupleValue(values))
