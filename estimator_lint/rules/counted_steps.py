"""MFN506/516: one run of the train_op counts the global step more than once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.provenance import CallOf, OperationOn
from estimator_lint.domain.values.values import TRUE, Constant, SymbolicValue, Value, same_as_none
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.train_ops import items_of, op_behind, training_paths
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.modes import Mode
from estimator_lint.tensorflow_api.results import CHANGING_METHODS
from estimator_lint.tensorflow_api.symbols import short_name
from estimator_lint.tensorflow_api.train_op_functions import (
    argument_counted_in,
    argument_that_counts,
    global_step_argument,
    is_global_step,
    runs_what_it_is_given,
)

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.domain.values.provenance import Origins
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return

_ADDS = "assign_add"
_SETS = "assign"
#: Functions that can compensate for counting a step too often.
_SUBTRACTS = "assign_sub"


def _counted_twice(traces: FunctionTraces) -> Iterator[Judgement]:
    wrong: dict[Place, list[Return]] = {}
    counts: dict[Place, int] = {}
    paths = training_paths(traces)
    for path in paths:
        counted = _counted_by(path.returned, path.trace.origins)
        if len(counted) > 1:
            last = max(counted, key=_order)
            wrong.setdefault(last.place, []).append(path.returned)
            counts[last.place] = len(counted)
    for place, returns in wrong.items():
        if one_exists(returned.doubts for returned in returns):
            passed = clearest(returns).passed
            reaching = [path for path in paths if _makes_call_at(place, path.returned)]
            certain = len(returns) == len(reaching or paths)
            yield Judgement(place, Mode.TRAIN, certain, str(counts[place]), passed=passed)


def _makes_call_at(place: Place, returned: Return) -> bool:
    """Whether a path takes the optimizer's step at that place."""
    return any(watched.place == place for watched in returned.happened)


def _order(call: CallOf) -> tuple[bool, int, int]:
    """A sort key: an explicit count comes last, preceded by the last step in the text."""
    position = call.place.position()
    explicit = global_step_argument(call.path or "") is None
    return explicit, position.line, position.column


def _counted_by(returned: Return, origins: Origins) -> list[CallOf]:
    """The known calls by which the train_op of a path increments the global step."""
    if not isinstance(returned.value, SpecValue) or len(returned.value.visits) != 1:
        return []
    if any(_makes_up(origin, origins) for origin in origins.values()):
        return []
    counted: list[CallOf] = []
    seen: set[int] = set()
    pending: list[Value] = [returned.value.visits[0].fields["train_op"]]
    while pending:
        value = pending.pop()
        pending += items_of(value) or ()
        if not isinstance(value, SymbolicValue) or value.number in seen:
            continue
        seen.add(value.number)
        call = origins.get(value.number)
        run_with = op_behind(call)
        pending += () if run_with is None else (run_with,)
        if not isinstance(call, CallOf) or call.path is None or not call.complete:
            continue
        pending += call.control
        if _counts(call, origins):
            counted.append(call)
        elif runs_what_it_is_given(call.path):
            pending += call.arguments
            pending += call.keywords.values()
    return counted


def _counts(call: CallOf, origins: Origins) -> bool:
    """Whether running the result of a call increments the global step."""
    position = global_step_argument(call.path or "")
    if position is not None:
        given = call.argument(position, "global_step")
        return given is not None and _is_global_step(given, origins)
    whole = argument_that_counts(call.path or "")
    if whole is not None:
        counter = argument_counted_in(call.path or "")
        step = None if counter is None else call.argument(*counter)
        if step is not None and not same_as_none(step) and not _is_global_step(step, origins):
            return False
        told = call.argument(*whole)
        return told is None or told == TRUE or _is_global_step(told, origins)
    changed = _change(call, origins)
    if changed is None:
        return False
    how, value = changed
    if how == _ADDS:
        return isinstance(value, Constant) and isinstance(value.value, int) and value.value > 0
    return how == _SETS and value is not None and _is_next_step(value, origins)


def _change(call: CallOf, origins: Origins) -> tuple[str, Value | None] | None:
    """How a call changes the global step, and by which value; None if it does not."""
    name = (call.path or "").rpartition(".")[2]
    if name not in CHANGING_METHODS:
        return None
    if call.receiver is not None:
        is_step = _is_global_step(call.receiver, origins)
        return (name, call.argument(0, "delta")) if is_step else None
    variable = call.argument(0, "ref")
    if variable is None or not _is_global_step(variable, origins):
        return None
    return name, call.argument(1, "value")


def _makes_up(origin: object, origins: Origins) -> bool:
    """Whether a call decreases the global step, or adds an unknown value to it."""
    changed = _change(origin, origins) if isinstance(origin, CallOf) else None
    if changed is None:
        return False
    how, value = changed
    return how == _SUBTRACTS or (how == _ADDS and not isinstance(value, Constant))


def _is_next_step(value: Value, origins: Origins) -> bool:
    """Whether a value is the global step plus a number."""
    origin = origins.get(value.number) if isinstance(value, SymbolicValue) else None
    match origin:
        case OperationOn(name="Add", operands=operands):
            parts = operands
        case CallOf(path=str() as path, arguments=arguments) if short_name(path) in (
            "add",
            "math.add",
        ):
            parts = arguments
        case _:
            return False
    return any(_is_global_step(part, origins) for part in parts) and any(
        isinstance(part, Constant) for part in parts
    )


def _is_global_step(value: Value, origins: Origins) -> bool:
    origin = origins.get(value.number) if isinstance(value, SymbolicValue) else None
    return isinstance(origin, CallOf) and is_global_step(origin.path or "")


COUNTED_TWICE = Rule(
    "MFN506",
    "MFN516",
    "step-counted-twice",
    "One run of `train_op` increments the global step more than once.",
    "train_op increments the global step {subject} times per run{possibly} in {modes}: "
    "training ends early",
    _counted_twice,
)
