"""Which tests of a path matter: those that distinguish it from the correct paths.

Paths are known by their ends: the recorded facts, each with the tests that the path passed before.
For joined paths, only their common tests are known, so the code concludes that two ends differ, but
never that they are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from estimator_lint.domain.paths.branch_history import in_order
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

#: A test and its outcome.
_Test: TypeAlias = "tuple[cst.CSTNode, bool]"


@dataclass(eq=False)
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

    @cached_property
    def tests(self) -> set[_Test]:
        """The tests that the path certainly passed."""
        return {test.identity for test in in_order(self.fact.passed)}

    @cached_property
    def place(self) -> Place | None:
        """Where it happened."""
        place: Place | None = getattr(self.fact, "place", None)
        return place


class Evidence:
    """The ends of all paths of a model function, in all modes."""

    def __init__(self, traces: FunctionTraces) -> None:
        self._traces = traces.traces
        self._ends = [end for mode, trace in self._traces.items() for end in _ends(mode, trace)]
        #: By test, the ends of paths that did not pass it with its outcome.
        self._differing: dict[_Test, frozenset[End]] = {}
        self._otherwise: dict[tuple[_Test, Mode], bool] = {}
        #: By node, the tests that lead to it.
        self._leading: dict[cst.CSTNode, frozenset[_Test]] = {}

    def minimal(
        self, tests: Sequence[BranchHistory], mode: Mode, is_same: Callable[[Fault | OnPath], bool]
    ) -> list[BranchHistory]:
        """The ``tests`` needed to distinguish the path from all correct ones.

        ``is_same`` says whether a fact is the fault that the path leads to.
        """
        wrong = [end for end in self._ends if end.mode is mode and is_same(end.fact)]
        right = {end for end in self._ends if not _comes_to(end, wrong)}
        keeps_apart: list[set[object]] = [{*(right & self._differing_from(test))} for test in tests]
        for index, test in enumerate(tests):
            if self._may_be_otherwise(test, mode):
                # Such a path ends by a `raise`, so it reaches no later test either.
                for later in keeps_apart[index:]:
                    later.add(test)
        needed = _smallest(list(range(len(tests))), keeps_apart)
        if len(needed) > 1:
            at: dict[_Test, list[int]] = {}
            for index in needed:
                at.setdefault(tests[index].identity, []).append(index)
            for inner in needed:
                for around in self._led_by(tests[inner].place) & at.keys():
                    for outer in at[around]:
                        keeps_apart[inner] |= keeps_apart[outer]
            needed = _smallest(needed, keeps_apart)
        return [tests[index] for index in needed]

    def one_change_away(
        self, tests: Sequence[BranchHistory], mode: Mode, is_same: Callable[[Fault | OnPath], bool]
    ) -> Iterator[BranchHistory]:
        """The tests whose other outcome, alone, leads to a correct path."""
        wrong = [end for end in self._ends if end.mode is mode and is_same(end.fact)]
        place = wrong[0].place if wrong else None
        for test in tests:
            if not test.decided and any(
                (test.place.node, not test.outcome) in end.tests
                for end in self._ends
                if end.mode is mode
                and not _comes_to(end, wrong)
                and (isinstance(end.fact, Return) or end.place == place)
                and not any(
                    end in self._differing_from(other) for other in tests if other is not test
                )
            ):
                yield test

    def _led_by(self, place: Place) -> frozenset[_Test]:
        """The tests that each path to ``place`` passed, for the branches that it is in."""
        if place.node not in self._leading:
            self._leading[place.node] = frozenset(_branches_around(place))
        return self._leading[place.node]

    def _differing_from(self, test: BranchHistory) -> frozenset[End]:
        """The ends of paths that did not pass ``test`` with its outcome, for certain."""
        identity = test.identity
        if identity not in self._differing:
            self._differing[identity] = frozenset(
                end for end in self._ends if self._differs(end, test)
            )
        return self._differing[identity]

    def _differs(self, end: End, test: BranchHistory) -> bool:
        """Whether a path did not pass ``test`` with its outcome, for certain."""
        node = test.place.node
        if test.outcome not in self._traces[end.mode].outcomes.get(node, ()):
            return True
        if test.identity in end.tests:
            return False
        if (node, not test.outcome) in end.tests:
            return True
        return _ended_before(end, test)

    def _may_be_otherwise(self, test: BranchHistory, mode: Mode) -> bool:
        """Whether a test has another outcome, with which no path reaches a recorded fact."""
        if test.decided:
            return False
        key = (test.identity, mode)
        if key not in self._otherwise:
            self._otherwise[key] = self._is_passed_by_all(test, mode)
        return self._otherwise[key]

    def _is_passed_by_all(self, test: BranchHistory, mode: Mode) -> bool:
        """Whether all paths that end after a test had its outcome, although it has another."""
        return (not test.outcome) in self._traces[mode].outcomes.get(test.place.node, ()) and all(
            test.identity in end.tests or _ended_before(end, test)
            for end in self._ends
            if end.mode is mode
        )


def _smallest(needed: list[int], keeps_apart: Sequence[Set[object]]) -> list[int]:
    """A minimal subset of ``needed`` that distinguishes as much as all of them."""
    keeping = Counter(chain.from_iterable(keeps_apart[index] for index in needed))
    kept: list[int] = []
    for index in needed:
        if all(keeping[one] > 1 for one in keeps_apart[index]):
            keeping.subtract(keeps_apart[index])
        else:
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
        *trace.argument_mismatches,
        *trace.missing_params,
        *trace.missing_items,
        *trace.rejected_calls,
    ):
        yield End(mode, fault, not fault.swallowed)
    for returned in trace.returns:
        yield End(mode, returned, True)


def _comes_to(end: End, wrong: list[End]) -> bool:
    """Whether a path leads to the fault."""
    return any(end is each or (end.mode is each.mode and each.tests <= end.tests) for each in wrong)


def _ended_before(end: End, test: BranchHistory) -> bool:
    """Whether a path ended above a test."""
    return end.is_last and end.place is not None and _stands_before(end.place, test.place)


def _stands_before(one: Place, other: Place) -> bool:
    if one.piece is not other.piece or one.via is not None or other.via is not None:
        return False
    return one.position() < other.position()


def same_fault(fact: Fault | OnPath | None) -> Callable[[Fault | OnPath], bool]:
    """A predicate for facts that are the same fault as ``fact``, at the same place."""

    def is_same(other: Fault | OnPath) -> bool:
        if other is fact:
            return True
        if type(other) is not type(fact):
            return False
        if getattr(other, "place", None) != getattr(fact, "place", None):
            return False
        if isinstance(fact, SiteVisit) and isinstance(other, SiteVisit):
            return bool(_faulty_fields(fact) & _faulty_fields(other))
        if isinstance(fact, Return) and isinstance(other, Return):
            return type(fact.value) is type(other.value)
        return True

    return is_same


def _faulty_fields(visit: SiteVisit) -> set[str]:
    return {*visit.missing, *(mistyped.field for mistyped in visit.mistyped)}
