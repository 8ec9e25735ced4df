"""Tests of the form of the input: of the keys of ``features``, or of whether a tensor is known."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.value_numbers import is_form_of_features
from estimator_lint.domain.values.provenance import AttributeOf, CallOf, ItemOf, OperationOn
from estimator_lint.domain.values.values import (
    Compound,
    Reference,
    SequenceContents,
    SymbolicValue,
    Value,
)
from estimator_lint.interpreter.conditions.passed_params import is_known_params
from estimator_lint.interpreter.specs.type_inference import is_symbolic
from estimator_lint.tensorflow_api.symbols import is_tensorflow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator


#: Methods of ``params`` that give the value of a key.
_READING = frozenset({"get", "pop", "setdefault"})
#: Builtins whose results do not depend on the keys of a dict.
_OF_TYPE = frozenset({"builtins.callable", "builtins.id", "builtins.isinstance", "builtins.type"})


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
    """Whether Python computes a value from the keys of ``features``, or of known ``params``."""
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
            elif one.of_input:
                if is_form_of_features(one) or one.number == ev.trace.features:
                    return True
            elif is_known_params(ev, one):
                return True
            else:
                pending += _operands(ev, one)
    return False


def _operands(ev: Evaluator, value: SymbolicValue) -> Iterable[Value]:
    """What Python computes a value from.

    What other code makes of the whole input, or of all ``params``, seldom depends on the keys.
    """
    match ev.origins.get(value.number):
        case OperationOn(operands=operands):
            return operands
        case ItemOf(base=SymbolicValue() as base) if _is_of_library(base.result_of):
            return (base,)
        case ItemOf() | AttributeOf():
            return ()
        case CallOf(path=str() as path) if is_tensorflow(path):
            return ()
        case CallOf(path=path, receiver=receiver, name=name, arguments=arguments):
            if _is_of_library(path):
                given = [*arguments, *ev.operands.get(value.number, ())[1:]]
            else:
                given = [one for one in arguments if not _is_passed(ev, one)]
            if isinstance(receiver, SymbolicValue) and not (
                name in _READING and _is_passed(ev, receiver)
            ):
                given.append(receiver)
            return given
    if value.number in ev.first_items:
        return (ev.first_items[value.number],)
    return () if value.result_of in _OF_TYPE else ev.operands.get(value.number, ())


def _is_of_library(path: str | None) -> bool:
    """Whether a value is made by Python's library: a ``Counter`` has the keys of its argument."""
    return path is not None and path.partition(".")[0] in sys.stdlib_module_names


def _is_passed(ev: Evaluator, value: Value) -> bool:
    """Whether a value is an argument of the model function, or a part of the input."""
    return isinstance(value, SymbolicValue) and (
        (value.of_input and not is_form_of_features(value)) or is_known_params(ev, value)
    )
