"""Context-insensitive summaries (skimming): what a function returns for any arguments.

Even for a call that is too long to be followed, it helps to know that the result is a tensor, or
not None. For that, the function is run once with unknown arguments. All paths are merged after each
statement, loops are not unrolled, and calls inside are skimmed in turn. Nothing that happens in
such a run is recorded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain import bounds
from estimator_lint.domain.paths.frames import Frame
from estimator_lint.domain.paths.state import State
from estimator_lint.domain.values.returned import NOTHING, Returned
from estimator_lint.domain.values.scopes import Scope
from estimator_lint.domain.values.values import (
    NONE,
    UNBOUND,
    Constant,
    SymbolicValue,
    TupleValue,
    Value,
)
from estimator_lint.interpreter.budget import SkimTooLongError
from estimator_lint.interpreter.specs.type_inference import value_type_of

if TYPE_CHECKING:
    from estimator_lint.domain.paths.frames import Exits
    from estimator_lint.interpreter.evaluator import Evaluator, Result
    from estimator_lint.project.code import FunctionCode


def returned_by(ev: Evaluator, code: FunctionCode) -> Returned:
    """What the function ``code`` returns for any arguments; evaluated once per file."""
    known = ev.known_functions.returned(code)
    if known is None:
        known = NOTHING
        ev.known_functions.add_returned(
            code, known
        )  # during the run: nothing is known of recursive calls
        if ev.known_functions.may_skim and _can_be_skimmed(code):
            known = _skimmed(ev, code)
            ev.known_functions.add_returned(code, known)
    return known


def _can_be_skimmed(code: FunctionCode) -> bool:
    """Whether a run is useful: it is not for a method that is meant to be overridden."""
    return code.runs_when_called and not code.is_nested and not code.does_nothing


def _skimmed(ev: Evaluator, code: FunctionCode) -> Returned:
    state = State.at_bottom(ev.bottom)
    scope = Scope(("skimmed", id(code)), code.local_names, code, None)
    for name in sorted(code.local_names):
        state.bind(scope, name, UNBOUND)
    for parameter in code.parameters:
        stars = parameter.kind.startswith("*")
        given = ev.symbolic_value(
            "skimmed", id(code), parameter.name, not_none=stars, imprecise=True
        )
        state.bind(scope, parameter.name, given)
    with (
        ev.aside(Frame(scope, code, is_skimmed=True)),
        ev.on_one_path(bounds.MAX_STEPS_SKIMMED),
        ev.collecting_exits() as exits,
    ):
        try:
            results = _run(ev, code, state, exits)
        except SkimTooLongError:
            return NOTHING
        if not results or any(raised.exception == "NotImplementedError" for raised in exits.raises):
            return NOTHING
        (after,) = ev.partitioner.one(ev.push(results))
        return _summary(ev, ev.resolve(after.pop(), after))


def _run(ev: Evaluator, code: FunctionCode, state: State, exits: Exits) -> list[Result]:
    if isinstance(code.node, cst.Lambda):
        return ev.evaluate(code.node.body, [state])
    ends = ev.run_body(code.node.body, [state])
    return [
        *((value, after) for value, after, _ in exits.returns),
        *((NONE, after) for after in ends),
    ]


def _summary(ev: Evaluator, value: Value) -> Returned:
    match value:
        case SymbolicValue():
            return Returned(value.not_none, value.tensor, value_type_of(ev, value))
        case TupleValue(items=items) if not value.names:
            return Returned(True, items=tuple(_summary(ev, item) for item in items))
    return NOTHING


def as_returned(ev: Evaluator, result: SymbolicValue, known: Returned) -> Value:
    """The result of a call that is not followed, with what is known about it."""
    if known.items is not None:
        parts = (
            ev.derived("item", of=[result, Constant(index)]) for index in range(len(known.items))
        )
        return TupleValue(
            tuple(as_returned(ev, part, of) for part, of in zip(parts, known.items, strict=True))
        )
    if not known.not_none:
        return result
    ev.value_types[result.number] = known.value_type
    return replace(result, not_none=True, tensor=known.tensor)
