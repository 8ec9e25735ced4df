"""Where a missing or wrong value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from estimator_lint.domain.paths.spec_values import SiteVisit
from estimator_lint.domain.values.places import Place
from estimator_lint.findings import EventKind
from estimator_lint.steps import source_of
from estimator_lint.tensorflow_api.modes import Mode, in_order
from estimator_lint.witnesses.assignments import Assignment, assignments_to

if TYPE_CHECKING:
    from estimator_lint.domain.paths.branch_history import BranchHistory
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.rules.rule import Judgement

_Told: TypeAlias = "tuple[EventKind, Place, str]"

#: How many variables are followed from one to the other.
_MAX_HOPS = 5


def assignments_not_made(
    name: str, place: Place, mode: Mode, traces: FunctionTraces, tests: Sequence[BranchHistory]
) -> Iterator[tuple[Place, str]]:
    """Where the function gives a variable a value, on other paths than this one, or takes it."""
    for assignment in assignments_to(name, place, traces):
        at = replace(place, node=assignment.target)
        if assignment.deletes:
            if _is_before(assignment, place, mode, tests):
                yield at, f"'{name}' is deleted here"
        elif mode in assignment.modes:
            if not _is_before(assignment, place, mode, tests) or assignment.may_be_skipped:
                yield at, f"'{name}' is assigned here on other paths"
        elif assignment.modes:
            yield at, f"'{name}' is assigned here in {_listed(assignment.modes)}, not in {mode}"
        else:
            yield at, f"'{name}' is assigned here, but no path reaches this line"


def values_of(
    visit: SiteVisit,
    judgement: Judgement,
    mode: Mode,
    traces: FunctionTraces,
    tests: Sequence[BranchHistory],
) -> Iterator[_Told]:
    """Where the fault of a spec comes from: a None that it is given, or a value of another type."""
    field = judgement.subject
    if field in visit.missing:
        if field in visit.field_places:
            yield from _none(visit.field_places[field], mode, traces, tests)
        return
    shown = judgement.place
    for mistyped in visit.mistyped:
        place = mistyped.place or visit.place_of(mistyped.field)
        origin = mistyped.origin
        if place == shown and origin is not None and origin != place:
            told = f"the value of {mistyped.field}{mistyped.part} is created here"
            yield EventKind.VALUE, origin, told


def _none(
    place: Place, mode: Mode, traces: FunctionTraces, tests: Sequence[BranchHistory]
) -> Iterator[_Told]:
    """Where an expression that is None gets that from, variable by variable."""
    for _ in range(_MAX_HOPS):
        if not isinstance(place.node, cst.Name):
            return
        name = place.node.value
        assignments = [each for each in assignments_to(name, place, traces) if not each.deletes]
        before = [each for each in assignments if _is_before(each, place, mode, tests)]
        others = [each for each in assignments if mode not in each.modes and each.modes]
        for other in others:
            told = f"'{name}' is assigned here in {_listed(other.modes)}, not in {mode}"
            yield EventKind.ASSIGNMENT, replace(place, node=other.target), told
        if not before or before[-1].value is None:
            return
        value = before[-1].value
        at = replace(place, node=before[-1].target)
        if isinstance(value, cst.Name) and value.value == "None":
            yield EventKind.VALUE, at, f"'{name}' is set to None"
            return
        yield EventKind.VALUE, at, f"'{name}' gets its value here"
        if isinstance(value, cst.Call):
            yield from _none_of_call(replace(place, node=value), mode, traces)
            return
        place = replace(place, node=value)


def _none_of_call(call: Place, mode: Mode, traces: FunctionTraces) -> Iterator[_Told]:
    calls = traces.traces[mode].calls
    if any(call in made for made in calls.values()):
        assert isinstance(call.node, cst.Call)
        name = source_of(call.node.func, call.piece.module)
        yield EventKind.VALUE, call, f"'{name}' returns None here"


def _is_before(
    assignment: Assignment, place: Place, mode: Mode, tests: Sequence[BranchHistory]
) -> bool:
    """Whether a path that passed ``tests`` comes by an assignment on its way to ``place``."""
    if mode not in assignment.modes:
        return False
    start, here = place.piece.position(assignment.target), place.piece.position(place.node)
    if start >= here:
        return False
    outcomes = {test.place.node: test.outcome for test in tests}
    inner = assignment.statement
    for outer in place.piece.around(assignment.statement):
        if isinstance(outer, cst.If) and inner is not outer.test:
            passed = _outcome(outer.test, outcomes)
            if passed is not None and passed is not (outer.body is inner):
                return False
        inner = outer
    return True


def _outcome(test: cst.BaseExpression, outcomes: Mapping[cst.CSTNode, bool]) -> bool | None:
    """How a test came out, by the outcomes of its operands; None where these don't tell."""
    if test in outcomes:
        return outcomes[test]
    match test:
        case cst.UnaryOperation(operator=cst.Not(), expression=expression):
            inner = _outcome(expression, outcomes)
            return None if inner is None else not inner
        case cst.BooleanOperation(left=left, operator=operator, right=right):
            settling = isinstance(operator, cst.Or)
            sides = [_outcome(left, outcomes), _outcome(right, outcomes)]
            if settling in sides:
                return settling
            return None if None in sides else not settling
    return None


def _listed(modes: frozenset[Mode]) -> str:
    names = [str(mode) for mode in in_order(modes)]
    return " and ".join([*filter(None, [", ".join(names[:-1])]), names[-1]])
