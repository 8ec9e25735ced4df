"""MFN201/211 and 202/212: what a model function returns instead of a spec."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.discovery.estimator_uses import UNKNOWN_ESTIMATOR
from estimator_lint.domain.paths.branch_history import in_order
from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.values import (
    BoundBuiltin,
    BoundMethod,
    ClassValue,
    Constant,
    FunctionValue,
    PartialValue,
    Reference,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.type_names import type_with_article
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.symbols import spec_class

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return, Trace
    from estimator_lint.tensorflow_api.modes import Mode


def _no_spec(traces: FunctionTraces) -> Iterator[Judgement]:
    if not traces.is_evident:
        return
    named = {mode for trace in traces.traces.values() for mode in trace.tested}
    for mode in traces.checked_modes:
        if mode in traces.function.never_run and mode not in named:
            continue  # the mode was not requested
        returns = traces.traces[mode].returns
        without = [returned for returned in returns if same_as_none(returned.value)]
        if one_exists(returned.doubts for returned in without):
            given_to = traces.function.given_to
            certain = all(
                same_as_none(returned.value) or _kind(returned.value, given_to) is not None
                for returned in returns
            )
            name, shown = traces.function.name, clearest(without)
            yield Judgement(traces.name_place, mode, certain, name, passed=shown.passed, fact=shown)


def _wrong_type(traces: FunctionTraces) -> Iterator[Judgement]:
    # What an Estimator of another library accepts is unknown.
    if not traces.is_evident or UNKNOWN_ESTIMATOR in traces.function.given_to:
        return
    given_to = traces.function.given_to
    if any(_chooses_class(trace, given_to) for trace in traces.traces.values()):
        # Code that chooses between two classes of specs knows the Estimator.
        given_to = frozenset()
    if _keeps_its_specs(traces):
        return
    for mode in traces.checked_modes:
        by_place: dict[Place, list[tuple[Return, str | None]]] = {}
        returns = traces.traces[mode].returns
        for returned in returns:
            kind = _kind(returned.value, given_to)
            place = returned.place
            if kind is not None and _is_left_to_other_files(traces, returned):
                continue
            if isinstance(returned.value, SpecValue) and kind is not None:
                place = returned.value.visits[0].place
            if place is not None and not same_as_none(returned.value):
                by_place.setdefault(place, []).append((returned, kind))
        for place, entries in by_place.items():
            wrong = [(returned, kind) for returned, kind in entries if kind is not None]
            if one_exists(returned.doubts for returned, _ in wrong):
                certain = len(wrong) == len(entries)
                shown = clearest(returned for returned, _ in wrong)
                subject = wrong[0][1] or ""
                yield Judgement(place, mode, certain, subject, passed=shown.passed, fact=shown)


def _is_left_to_other_files(traces: FunctionTraces, returned: Return) -> bool:
    """Whether a path passes a test of a builder's parameter that no call in the file lets pass.

    A caller that asks for something else than a spec gives the function to no Estimator.
    """
    kept = traces.function.defaults_kept
    return bool(kept) and any(
        isinstance(test.place.node, cst.Name) and (test.place.node.value, not test.outcome) in kept
        for test in in_order(returned.passed)
    )


def _keeps_its_specs(traces: FunctionTraces) -> bool:
    """Whether every mode builds specs and returns a dict: a caller of its own takes them out."""
    returns = [one for trace in traces.traces.values() for one in trace.returns]
    return (
        not traces.function.estimator_uses
        and all(trace.visits for trace in traces.traces.values() if trace.returns)
        and bool(returns)
        and all(isinstance(one.value, Reference) and one.value.kind == "dict" for one in returns)
    )


def _chooses_class(trace: Trace, given_to: frozenset[str]) -> bool:
    """Whether a mode returns specs that the Estimator accepts, and others that it does not."""
    specs = [returned.value for returned in trace.returns if isinstance(returned.value, SpecValue)]
    taken = {_kind(spec, given_to) is None for spec in specs}
    return taken == {True, False}


def _kind(value: Value, given_to: frozenset[str]) -> str | None:
    """The kind of ``value``, if it is known not to be a spec that the Estimator accepts."""
    match value:
        case TupleValue():
            return "a tuple"
        case Reference(kind=kind):
            return f"a {kind}"
        case Constant(value=constant):
            return type_with_article(constant)
        case SymbolicValue(tensor=True):
            return "a tensor or op"
        case BoundBuiltin(receiver=SpecValue(), method=method):
            return f"the method '{method}' (not called)"
        case SpecValue() if given_to == {"Estimator"}:
            if "Estimator" not in value.spec_class.accepted_by:
                return f"a {value.spec_class.name}"
        case SymbolicValue(symbol=str() as path) if spec_class(path) is not None:
            return f"the class '{path.rpartition('.')[2]}' (not called)"
        case FunctionValue() | BoundMethod() | PartialValue() | ClassValue():
            return "a function or class"
    return None


def _returns_spec(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return any(
        returned.place == place and _kind(returned.value, traces.function.given_to) is None
        for returned in traces.traces[mode].returns
    )


RETURNED_VALUE_RULES = (
    Rule(
        "MFN201",
        "MFN211",
        "no-spec-returned",
        "In some mode, the function ends without returning a spec, or returns None.",
        "'{subject}' returns no spec{possibly} in {modes}",
        _no_spec,
    ),
    Rule(
        "MFN202",
        "MFN212",
        "wrong-return-type",
        "A mode returns something other than a spec.",
        "returns {subject}, not an EstimatorSpec{possibly}, in {modes}",
        _wrong_type,
        _returns_spec,
    ),
)
