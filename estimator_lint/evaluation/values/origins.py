"""Where values come from: what rules ask of a value beyond what it is.

An Opaque is the same wherever the same thing is done to the same values, so one
record for each tells of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

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

#: Containers in containers that a picture shows.
_PICTURE_DEPTH = 5


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


def picture(value: Value, state: State, depth: int = _PICTURE_DEPTH) -> Value:
    """``value`` as it is now: containers with what they hold."""
    if isinstance(value, TupleValue) and depth:
        items = tuple(picture(item, state, depth - 1) for item in value.items)
        return TupleValue(items, value.names)
    if not isinstance(value, Reference):
        return value
    contents = state.contents(value.number) if depth else None
    match contents:
        case DictContents(entries, is_open, unkeyed):
            shown = {key: picture(entry, state, depth - 1) for key, entry in entries.items()}
            others = tuple(picture(entry, state, depth - 1) for entry in unkeyed)
            return Picture(value.number, "dict", DictContents(shown, is_open, others))
        case SequenceContents(items, is_open):
            items = tuple(picture(item, state, depth - 1) for item in items)
            return Picture(value.number, value.kind, SequenceContents(items, is_open))
        case _:
            empty = DictContents({}, True) if value.kind == "dict" else SequenceContents((), True)
            return Picture(value.number, value.kind, empty)


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
    call = CallOf(
        path,
        receiver,
        tuple(picture(ev.resolve(one.value, state), state) for one in given.positional),
        {
            name: picture(ev.resolve(one.value, state), state)
            for name, one in given.keywords.items()
        },
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
