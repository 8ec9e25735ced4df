"""Which tests of a path matter: those that distinguish it from the correct paths.

Paths are known by their ends: the recorded facts, each with the tests that the path passed before.
For joined paths, only their common tests are known, so the code concludes that two ends differ, but
never that they are the same.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from estimator_lint.domain.paths.faults import Fault
from estimator_lint.domain.paths.spec_values import SiteVisit
from estimator_lint.facts.trace import Return
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.domain.paths.branch_history import BranchHistory
    from estimator_lint.domain.paths.faults import OnPath
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Trace
    from estimator_lint.syntax.pieces import Piece, Position

#: A test and its outcome.
_Test: TypeAlias = "tuple[cst.CSTNode, bool]"
#: Some of the ends of paths: a number with a bit for each. There are as many ends as findings, and
#: each finding is compared with all of them.
_Ends: TypeAlias = int


@dataclass(frozen=True, eq=False)
class End:
    """What happened on a path, and the tests before.

    Attributes:
        mode: the mode of the path.
        fact: the recorded fact.
        is_last: the path ends with it.
    """

    mode: Mode
    fact: Fault | OnPath
    is_last: bool

    @property
    def place(self) -> Place | None:
        """Where it happened."""
        place: Place | None = getattr(self.fact, "place", None)
        return place


class Evidence:
    """The ends of all paths of a model function, in all modes."""

    def __init__(self, traces: FunctionTraces) -> None:
        self._traces = traces.traces
        self._ends = [end for mode, trace in self._traces.items() for end in _ends(mode, trace)]
        self._all: _Ends = (1 << len(self._ends)) - 1
        self._returns: _Ends = 0
        self._of_mode: dict[Mode, _Ends] = dict.fromkeys(self._traces, 0)
        self._at: dict[Place | None, _Ends] = {}
        #: By mode, kind and place, the facts with which paths end, by their numbers.
        self._like: dict[tuple[Mode, type, Place | None], list[int]] = {}
        for number, end in enumerate(self._ends):
            self._like.setdefault((end.mode, type(end.fact), end.place), []).append(number)
            self._of_mode[end.mode] |= 1 << number
            self._at[end.place] = self._at.get(end.place, 0) | 1 << number
            if isinstance(end.fact, Return):
                self._returns |= 1 << number
        self._passed = _ends_by_test(self._ends)
        self._last = {piece: _LastEnds(found) for piece, found in self._last_by_piece().items()}
        #: By test, the ends of paths that did not pass it with its outcome.
        self._differing: dict[_Test, _Ends] = {}
        #: The same by the test of a path: most paths share theirs, and each finding asks for all.
        self._differing_from: dict[BranchHistory, _Ends] = {}
        self._otherwise: dict[tuple[_Test, Mode], bool] = {}
        self._may_be_otherwise: dict[Mode, dict[BranchHistory, bool]] = {}
        #: By history, the ends of paths that passed all of its tests.
        self._containing: dict[BranchHistory, _Ends] = {}
        #: By test of a path, and by node, the tests that lead to it.
        self._leading: dict[BranchHistory, frozenset[_Test]] = {}
        self._leading_to: dict[cst.CSTNode, frozenset[_Test]] = {}

    def _last_by_piece(self) -> dict[Piece, list[tuple[Position, int]]]:
        found: dict[Piece, list[tuple[Position, int]]] = {}
        for number, end in enumerate(self._ends):
            place = end.place
            if end.is_last and place is not None and place.via is None:
                found.setdefault(place.piece, []).append((place.position(), number))
        return found

    def minimal(
        self, tests: Sequence[BranchHistory], mode: Mode, fact: Fault | OnPath | None
    ) -> list[BranchHistory]:
        """The ``tests`` needed to distinguish the path that leads to ``fact`` from correct ones."""
        right = self._all & ~self._coming_to(self._wrong(mode, fact))
        differing = self._differing_from_each(tests)
        keeps_apart = [right & differing[test] for test in tests]
        may_be_otherwise = self._may_be_otherwise.setdefault(mode, {})
        otherwise = 0
        for index, test in enumerate(tests):
            if test not in may_be_otherwise:
                may_be_otherwise[test] = self._is_otherwise(test, mode)
            if may_be_otherwise[test]:
                # Such a path ends by a `raise`, so it reaches no later test either.
                otherwise |= 1 << (len(self._ends) + index)
            keeps_apart[index] |= otherwise
        needed = _smallest(list(range(len(tests))), keeps_apart)
        known = self._leading
        for index in needed if len(needed) > 1 else ():
            if tests[index] not in known:
                known[tests[index]] = self._led_by(tests[index].place)
        led = [index for index in needed if known.get(tests[index])] if len(needed) > 1 else []
        if led:
            at: dict[_Test, list[int]] = {}
            for index in needed:
                at.setdefault(tests[index].identity, []).append(index)
            for inner in led:
                for around in known[tests[inner]] & at.keys():
                    for outer in at[around]:
                        keeps_apart[inner] |= keeps_apart[outer]
            needed = _smallest(needed, keeps_apart)
        return [tests[index] for index in needed]

    def one_change_away(
        self, tests: Sequence[BranchHistory], mode: Mode, fact: Fault | OnPath | None
    ) -> Iterator[BranchHistory]:
        """The tests whose other outcome, alone, leads to a correct path."""
        wrong = self._wrong(mode, fact)
        place = self._ends[wrong[0]].place if wrong else None
        right = self._of_mode.get(mode, 0) & ~self._coming_to(wrong)
        right &= self._returns | self._at.get(place, 0)
        differing = self._differing_from_each(tests)
        apart = [differing[test] for test in tests]
        before = 0
        behind = [*accumulate(reversed(apart), operator.or_, initial=0)]
        for test, own, later in zip(tests, apart, reversed(behind[:-1]), strict=True):
            others = before | later
            if not test.decided and right & self._passing(test, not test.outcome) & ~others:
                yield test
            before |= own

    def _wrong(self, mode: Mode, fact: Fault | OnPath | None) -> list[int]:
        """The ends in a mode that are the same fault as ``fact``, at the same place."""
        alike = self._like.get((mode, type(fact), getattr(fact, "place", None)), ())
        return [number for number in alike if _is_same(self._ends[number].fact, fact)]

    def _coming_to(self, wrong: Sequence[int]) -> _Ends:
        """The ends of paths that lead to one of these."""
        found = 0
        for number in wrong:
            end = self._ends[number]
            found |= 1 << number | self._of_mode[end.mode] & self._with_all_of(end.fact.passed)
        return found

    def _with_all_of(self, passed: BranchHistory | None) -> _Ends:
        """The ends of paths that passed all the tests of a history."""
        tests: list[BranchHistory] = []
        while passed is not None and passed not in self._containing:
            tests.append(passed)
            passed = passed.before
        found = self._all if passed is None else self._containing[passed]
        for test in reversed(tests):
            found &= self._passing(test, test.outcome)
            self._containing[test] = found
        return found

    def _passing(self, test: BranchHistory, outcome: bool) -> _Ends:
        """The ends of paths that certainly passed a test with an outcome."""
        return self._passed.get((test.place.node, outcome), 0)

    def _led_by(self, place: Place) -> frozenset[_Test]:
        """The tests that each path to ``place`` passed, for the branches that it is in."""
        if place.node not in self._leading_to:
            self._leading_to[place.node] = frozenset(_branches_around(place))
        return self._leading_to[place.node]

    def _differing_from_each(self, tests: Sequence[BranchHistory]) -> dict[BranchHistory, _Ends]:
        """For each test, the ends of paths that did not pass it with its outcome, for certain."""
        known = self._differing_from
        for test in tests:
            if test not in known:
                known[test] = self._not_passing(test)
        return known

    def _not_passing(self, test: BranchHistory) -> _Ends:
        identity = test.identity
        if identity not in self._differing:
            others = self._passing(test, not test.outcome) | self._ended_before(test)
            found = others & ~self._passing(test, test.outcome)
            for mode, trace in self._traces.items():
                if test.outcome not in trace.outcomes.get(test.place.node, ()):
                    found |= self._of_mode[mode]
            self._differing[identity] = found
        return self._differing[identity]

    def _ended_before(self, test: BranchHistory) -> _Ends:
        """The ends of paths that ended above a test."""
        last = self._last.get(test.place.piece) if test.place.via is None else None
        return 0 if last is None else last.before(test.place.position())

    def _is_otherwise(self, test: BranchHistory, mode: Mode) -> bool:
        """Whether a test has another outcome, with which no path reaches a recorded fact."""
        if test.decided:
            return False
        key = (test.identity, mode)
        if key not in self._otherwise:
            outcomes = self._traces[mode].outcomes.get(test.place.node, ())
            alike = self._passing(test, test.outcome) | self._ended_before(test)
            self._otherwise[key] = (not test.outcome) in outcomes and not (
                self._of_mode[mode] & ~alike
            )
        return self._otherwise[key]


class _LastEnds:
    """Where paths end, in one piece of the source.

    Args:
        found: the positions, with the numbers of the ends.
    """

    def __init__(self, found: list[tuple[Position, int]]) -> None:
        found.sort()
        self._positions = [position for position, _ in found]
        self._before = [*accumulate((1 << number for _, number in found), operator.or_, initial=0)]

    def before(self, position: Position) -> _Ends:
        """The ends above a position."""
        return self._before[bisect_left(self._positions, position)]


def _ends_by_test(ends: Sequence[End]) -> dict[_Test, _Ends]:
    """By test, the ends of paths that certainly passed it."""
    behind: dict[BranchHistory, _Ends] = {}
    for number, end in enumerate(ends):
        passed = end.fact.passed
        if passed is not None:
            behind[passed] = behind.get(passed, 0) | 1 << number
        while passed is not None and passed.before not in behind:
            passed = passed.before
            if passed is not None:
                behind[passed] = 0
    found: dict[_Test, _Ends] = {}
    # Paths share the tests that they passed together: each hands its ends on to the one before.
    for test in sorted(behind, key=lambda test: test.count, reverse=True):
        found[test.identity] = found.get(test.identity, 0) | behind[test]
        if test.before is not None:
            behind[test.before] |= behind[test]
    return found


def _smallest(needed: list[int], keeps_apart: Sequence[_Ends]) -> list[int]:
    """A minimal subset of ``needed`` that distinguishes as much as all of them."""
    behind = [
        *accumulate([keeps_apart[index] for index in reversed(needed)], operator.or_, initial=0)
    ]
    kept: list[int] = []
    apart = 0
    for index, later in zip(needed, reversed(behind[:-1]), strict=True):
        if keeps_apart[index] & ~(apart | later):
            apart |= keeps_apart[index]
            kept.append(index)
    return kept


def _branches_around(place: Place) -> Iterator[_Test]:
    """The tests that each path to ``place`` passed, for the branches of ``if`` that it is in."""
    inner = place.node
    for outer in place.piece.around(place.node):
        if isinstance(outer, cst.If | cst.IfExp) and inner is not outer.test:
            yield from _settled_by(outer.test, outer.body is inner)
        elif isinstance(outer, cst.FunctionDef | cst.Lambda):
            return
        inner = outer


def _settled_by(test: cst.BaseExpression, holds: bool) -> Iterator[_Test]:
    """The outcomes of a test and its operands that its outcome implies."""
    yield test, holds
    match test:
        case cst.UnaryOperation(operator=cst.Not(), expression=expression):
            yield from _settled_by(expression, not holds)
        case cst.BooleanOperation(operator=operator, left=left, right=right):
            if holds is isinstance(operator, cst.And):
                yield from _settled_by(left, holds)
                yield from _settled_by(right, holds)


def _ends(mode: Mode, trace: Trace) -> Iterator[End]:
    for visit in trace.visits:
        yield End(mode, visit, visit.rejected and not visit.caught)
    for fault in (
        *trace.unbound_reads,
        *trace.labels_uses,
        *trace.none_uses,
        *trace.argument_mismatches,
        *trace.missing_params,
        *trace.missing_items,
        *trace.rejected_calls,
    ):
        yield End(mode, fault, not fault.swallowed)
    for returned in trace.returns:
        yield End(mode, returned, True)


def _is_same(one: Fault | OnPath, other: Fault | OnPath | None) -> bool:
    """Whether two facts of the same kind, at the same place, are the same fault."""
    if isinstance(one, SiteVisit) and isinstance(other, SiteVisit):
        return one is other or bool(_faulty_fields(one) & _faulty_fields(other))
    if isinstance(one, Return) and isinstance(other, Return):
        return type(one.value) is type(other.value)
    return True


def _faulty_fields(visit: SiteVisit) -> set[str]:
    return {*visit.missing, *(mistyped.field for mistyped in visit.mistyped)}
