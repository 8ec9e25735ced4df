"""Which fields the spec of a mode has, on which paths, and under which conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from estimator_lint.domain.paths.branch_history import in_order
from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.paths.values_on_paths import not_none
from estimator_lint.domain.values.values import SymbolicValue, Value, same_as_none
from estimator_lint.modes_view.model import Condition, FieldView, Occurrence
from estimator_lint.steps import step_of
from estimator_lint.tensorflow_api.specs import REQUIRED_FIELDS

if TYPE_CHECKING:
    import libcst as cst

    from estimator_lint.domain.paths.branch_history import BranchHistory
    from estimator_lint.domain.paths.doubts import Doubts
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.facts.trace import Trace

#: The most alternatives in a short list of conditions.
_MAX_CONDITIONS: Final = 3

#: A test by its node, with its outcome.
_Literal: TypeAlias = "tuple[cst.CSTNode, bool]"


@dataclass(frozen=True)
class _Path:
    """One path's answer to a question: True, False, or None for unknown."""

    answer: bool | None
    end: _End


@dataclass(frozen=True)
class _End:
    """How a path ends: with a spec that ``visit`` constructed, or with something else.

    Attributes:
        visit: the construction of the spec that TensorFlow gets, or rejects.
        is_known: the path ends with a known value.
        doubts: the assumptions under which the path exists.
        passed: the tests that the path passed last, before each of several places.
    """

    visit: SiteVisit | None
    is_known: bool
    doubts: Doubts
    passed: tuple[BranchHistory | None, ...]


def ends_of(trace: Trace) -> list[_End]:
    """The ends of all paths, without those on which the function itself raises."""
    ends = [
        _End(visit, True, visit.doubts, (visit.passed,))
        for visit in trace.visits
        if visit.rejected and not visit.caught
    ]
    for returned in trace.returns:
        if isinstance(returned.value, SpecValue):
            ends += (
                _End(visit, True, returned.doubts, (returned.passed, visit.passed))
                for visit in returned.value.visits
            )
        else:
            is_known = not isinstance(returned.value, SymbolicValue) or returned.value.tensor
            ends.append(_End(None, is_known, returned.doubts, (returned.passed,)))
    return ends


def spec_of(trace: Trace) -> Occurrence:
    """Whether a mode reaches a spec."""
    return _occurrence(
        [_Path((end.visit is not None) if end.is_known else None, end) for end in ends_of(trace)]
    )


def fields_of(trace: Trace) -> dict[str, FieldView]:
    """The fields of the specs of a mode: all fields of their classes, without ``mode``."""
    ends = [end for end in ends_of(trace) if end.visit is not None or not end.is_known]
    visits = [end.visit for end in ends if end.visit is not None]
    classes = list({visit.spec_class.name: visit.spec_class for visit in visits}.values())
    required = {name for each in classes for name in each.required[trace.mode]}
    names = dict.fromkeys(name for each in classes for name in each.fields[1:])
    if not classes:
        required = set(REQUIRED_FIELDS[trace.mode])
        names = dict.fromkeys(name for each in REQUIRED_FIELDS.values() for name in each)
    return {name: _field(name, name in required, ends) for name in names}


def _field(name: str, required: bool, ends: list[_End]) -> FieldView:
    paths: list[_Path] = []
    lines: set[int] = set()
    for end in ends:
        answer = None if end.visit is None else _is_given(end.visit.fields.get(name))
        paths.append(_Path(answer, end))
        if answer is not False and end.visit is not None:
            lines.add(end.visit.place.position().line)
    given = _occurrence(paths)
    conditions: tuple[Condition, ...] = ()
    if given is Occurrence.SOMETIMES:
        conditions = tuple(_conditions(paths))
    return FieldView(given, tuple(sorted(lines)), conditions, required)


def _is_given(value: Value | None) -> bool | None:
    """Whether the value of a field is something other than None."""
    if value is None or same_as_none(value):
        return False
    return True if not_none(value) else None


def _occurrence(paths: list[_Path]) -> Occurrence:
    """On which paths the answer is yes; a path in doubt makes it unknown."""
    sure = {
        answer
        for answer in (True, False, None)
        if one_exists(path.end.doubts for path in paths if path.answer is answer)
    }
    if sure >= {True, False}:
        return Occurrence.SOMETIMES
    if sure == {True} == {path.answer for path in paths}:
        return Occurrence.ALWAYS
    if not paths or sure == {False} == {path.answer for path in paths}:
        return Occurrence.NEVER
    return Occurrence.UNKNOWN


def _conditions(paths: list[_Path]) -> Iterator[Condition]:
    """The alternative conditions for a yes: tests that distinguish these paths from the others."""
    others = [set(_literals(path)) for path in paths if path.answer is False]
    found: dict[Condition, None] = {}
    for path in paths:
        if path.answer is not True:
            continue
        telling = _telling(_literals(path), others)
        if telling is None and path.end.doubts:
            continue
        if telling is None:
            return
        found[tuple(step_of(test) for test in telling)] = None
    if len(found) <= _MAX_CONDITIONS:
        yield from found


def _literals(path: _Path) -> dict[_Literal, BranchHistory]:
    return {test.identity: test for last in path.end.passed for test in in_order(last)}


def _telling(
    tests: dict[_Literal, BranchHistory], others: list[set[_Literal]]
) -> list[BranchHistory] | None:
    """The fewest tests whose outcomes no other path shares; None if there are none."""
    open_tests = [literal for literal, test in tests.items() if not test.decided]
    if not _excludes(open_tests, others):
        return None
    for literal in reversed(open_tests):
        if _excludes([literal], others):
            return [tests[literal]]
    kept = list(open_tests)
    for literal in open_tests:
        without = [other for other in kept if other != literal]
        if _excludes(without, others):
            kept = without
    return [tests[literal] for literal in kept]


def _excludes(literals: Iterable[_Literal], others: list[set[_Literal]]) -> bool:
    """Whether each of the other paths passed one of the tests with the other outcome."""
    opposite = {(node, not outcome) for node, outcome in literals}
    return all(opposite & other for other in others)
