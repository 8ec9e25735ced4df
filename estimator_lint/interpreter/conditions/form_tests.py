"""Tests of the form of the input: of the keys of ``features``, or of whether a tensor is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.value_numbers import is_form_of_features, is_input
from estimator_lint.domain.values.provenance import CallOf, OperationOn
from estimator_lint.domain.values.values import (
    Compound,
    Reference,
    SequenceContents,
    SymbolicValue,
    Value,
)
from estimator_lint.interpreter.specs.type_inference import is_symbolic
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


def tests_form(ev: Evaluator, test: SymbolicValue, subject: SymbolicValue, state: State) -> bool:
    """Whether the outcome of ``test``, which is about ``subject``, shows the form of the input."""
    return (
        test.of_input
        or is_form_of_features(subject)
        or _asks_for_form(ev, test)
        or _is_of_form(ev, subject, state)
        or (test.number != subject.number and _is_of_form(ev, test, state))
    )


def _asks_for_form(ev: Evaluator, test: SymbolicValue) -> bool:
    """Whether ``test`` is the answer of unfollowed code about the form of a tensor."""
    call = ev.origins.get(test.number)
    return (
        isinstance(call, CallOf)
        and not (call.path is not None and is_tensorflow(call.path))
        and any(is_symbolic(ev, value) for value in call.arguments)
    )


def _is_of_form(ev: Evaluator, value: SymbolicValue, state: State) -> bool:
    """Whether Python computes a value from the keys of ``features``."""
    pending, seen = [*_operands(ev, value)], {value.number}
    while pending and len(seen) < bounds.MAX_OPERANDS_SEARCHED:
        one = pending.pop()
        if isinstance(one, Compound):
            pending += one.parts
        elif isinstance(one, SymbolicValue | Reference) and one.number not in seen:
            seen.add(one.number)
            if isinstance(one, Reference):
                contents = state.contents(one.number)
                pending += contents.items if isinstance(contents, SequenceContents) else ()
            elif not one.of_input:
                pending += _operands(ev, one)
            elif is_form_of_features(one) or one.number == ev.trace.features:
                return True
    return False


def _operands(ev: Evaluator, value: SymbolicValue) -> Iterable[Value]:
    """What Python computes a value from; unknown code that gets the input makes tensors of it."""
    origin = ev.origins.get(value.number)
    if isinstance(origin, OperationOn):
        return origin.operands
    if not isinstance(origin, CallOf):
        return ev.operands.get(value.number, ())
    if origin.path is not None and is_tensorflow(origin.path):
        return ()
    return [one for one in origin.arguments if not is_input(one) or is_form_of_features(one)]
