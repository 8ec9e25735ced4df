"""Recording which call created a value, and its control dependencies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from estimator_lint.domain.paths.pictures import common_pictures, pictures_of
from estimator_lint.domain.values.provenance import CallOf
from estimator_lint.domain.values.values import (
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.places import Place
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Evaluator


def note_call(
    ev: Evaluator,
    number: int,
    path: str | None,
    receiver: Value | None,
    given: Arguments,
    place: Place,
    state: State,
    **around: Any,
) -> None:
    """Record the call that created the value of that number; ``around``: more of ``CallOf``."""
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
        **around,
    )
    known = ev.origins.get(number)
    if known is None or number in ev.created_in_skims:
        ev.origins[number] = call
        if ev.skims:
            ev.created_in_skims.add(number)
        else:
            ev.created_in_skims.discard(number)
    elif isinstance(known, CallOf) and (
        known.arguments != call.arguments or known.keywords != call.keywords
    ):
        # A container had other contents then, so nothing about them is certain.
        ev.origins[number] = _of_both(known, call)
    elif isinstance(known, CallOf) and not known.repeated and known.place.node is not place.node:
        ev.origins[number] = replace(known, repeated=True)


def _of_both(known: CallOf, call: CallOf) -> CallOf:
    """The origin of a value that two calls create, on different paths."""
    arguments: tuple[Value, ...] | None = None
    keywords: tuple[Value, ...] | None = None
    if known.complete and call.complete and list(known.keywords) == list(call.keywords):
        arguments = common_pictures(known.arguments, call.arguments)
        keywords = common_pictures([*known.keywords.values()], [*call.keywords.values()])
    repeated = known.repeated or known.place.node is not call.place.node
    call = replace(call, place=known.place, repeated=repeated)
    if arguments is None or keywords is None:
        return replace(call, arguments=(), keywords={}, complete=False)
    named = dict(zip(call.keywords, keywords, strict=True))
    return replace(call, arguments=arguments, keywords=named)


_CONTROL = ("control",)


def control_inputs(state: State) -> tuple[Value, ...]:
    """The values of the enclosing ``tf.control_dependencies`` blocks on the path of ``state``."""
    entry = state.get(_CONTROL)
    return entry.items if isinstance(entry, TupleValue) else ()


def set_control_inputs(values: tuple[Value, ...], state: State) -> None:
    """Enter or leave ``tf.control_dependencies`` blocks."""
    if values or control_inputs(state):
        state.set(_CONTROL, TupleValue(values))
