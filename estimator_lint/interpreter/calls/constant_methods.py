"""Methods of strings and other constants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimator_lint.domain.values.constants import (
    COMPUTING_FAILS,
    formatted_text,
    method_result,
    split_text,
)
from estimator_lint.domain.values.values import Constant, SequenceContents
from estimator_lint.interpreter.classes.implicit_calls import TEXT, note_implicit_call
from estimator_lint.interpreter.conditions.formatting import format_method_of_tensor
from estimator_lint.interpreter.lookup.possibly_empty import note_made_of
from estimator_lint.interpreter.objects import new_sequence

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.state import State
    from estimator_lint.domain.values.values import Value
    from estimator_lint.interpreter.arguments import Arguments
    from estimator_lint.interpreter.evaluator import Evaluator, Result

#: Methods of strings that are computed if everything is constant.
_STRING_METHODS = frozenset(
    "capitalize endswith lower lstrip removeprefix removesuffix replace rstrip startswith strip"
    " title upper".split()
)
#: Methods of strings that return a list.
_SPLITTING = frozenset("rsplit split splitlines".split())


def call_of_constant(
    ev: Evaluator,
    receiver: Constant,
    name: str,
    given: Arguments,
    node: cst.BaseExpression,
    state: State,
) -> list[Result]:
    """The results of calling a method of a string or another constant."""
    if name == "format" and isinstance(receiver.value, str):
        for value in given.values():
            note_implicit_call(ev, value, TEXT, state)
        failed = format_method_of_tensor(ev, receiver.value, given, node, state)
        if failed is not None:
            return failed
        formatted = _formatted(receiver.value, given)
        if formatted is not None:
            return [(formatted, state)]
    values = given.values()
    constants = [value for value in values if isinstance(value, Constant)]
    text = receiver.value
    if isinstance(text, str) and not given.keywords and len(constants) == len(values):
        try:
            result = _computed(ev, text, name, constants, node, state)
        except COMPUTING_FAILS as error:
            return ev.fails(state, type(error).__name__)
        if result is not None:
            return [(result, state)]
    not_none = isinstance(text, str)
    made = ev.derived("method", name, of=[receiver, *values], not_none=not_none)
    if name == "join":
        note_made_of(ev, made, values, state)
    return [(made, state)]


def _computed(
    ev: Evaluator,
    text: str,
    name: str,
    constants: Sequence[Constant],
    node: cst.BaseExpression,
    state: State,
) -> Value | None:
    """What a string method makes of constants; None if that is unknown, or too large."""
    if name in _STRING_METHODS:
        return method_result(text, name, constants)
    parts = split_text(text, name, constants) if name in _SPLITTING else None
    if parts is None:
        return None
    return new_sequence(ev, node, SequenceContents(parts), state, of_set=False)


def _formatted(text: str, given: Arguments) -> Constant | None:
    """The result of ``text.format(...)``, if it is known."""
    if given.more_positional or given.more_keywords:
        return None
    positional = [argument.value for argument in given.positional]
    named = {name: argument.value for name, argument in given.keywords.items()}
    return formatted_text(text, positional, named)
