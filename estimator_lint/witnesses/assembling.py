"""From the judgement of a rule to the witness of a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.spec_values import SiteVisit
from estimator_lint.facts.trace import UnboundRead
from estimator_lint.findings import Event, EventKind, Witness
from estimator_lint.steps import Steps, source_at, source_of, telling_tests
from estimator_lint.tensorflow_api.modes import Mode, in_order
from estimator_lint.witnesses.assignments import Assignments
from estimator_lint.witnesses.calls import calls_that_lead_to, function_around
from estimator_lint.witnesses.evidence import Evidence
from estimator_lint.witnesses.missing_values import OnePath, Told, assignments_not_made
from estimator_lint.witnesses.wrong_values import values_of

if TYPE_CHECKING:
    from estimator_lint.domain.paths.branch_history import BranchHistory
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.rules.rule import Judgement, Rule


#: Called expressions that are longer are not shown.
_LONGEST_NAME = 60


@dataclass(frozen=True, eq=False)
class _Happened:
    """An event, with its position among the others."""

    kind: EventKind
    place: Place
    text: str
    depth: int
    outcome: bool | None = None


class _ToldTests:
    """What is said about the tests of paths in one mode; most findings share theirs."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._passed: dict[BranchHistory, _Happened] = {}
        self._contrasts: dict[BranchHistory, _Happened] = {}

    def passed(self, tests: Sequence[BranchHistory]) -> list[_Happened]:
        """That a path has passed these tests."""
        told = self._passed
        for test in tests:
            if test not in told:
                text = sentence_of(test, self._mode)
                told[test] = _Happened(EventKind.TEST, test.place, text, test.depth, test.outcome)
        return [told[test] for test in tests]

    def contrasts(self, tests: Sequence[BranchHistory]) -> list[_Happened]:
        """That other outcomes of these tests lead to no finding."""
        told = self._contrasts
        for test in tests:
            if test not in told:
                text = _contrast(test)
                told[test] = _Happened(
                    EventKind.CONTRAST, test.place, text, test.depth, not test.outcome
                )
        return [told[test] for test in tests]


class Witnesses:
    """Makes the witnesses of the findings of one file."""

    def __init__(self, functions: list[FunctionTraces]) -> None:
        self._functions = functions
        self._steps = Steps({node for each in functions for node in each.tests_of_mode()})
        self._evidence: dict[int, Evidence] = {}
        self._assignments = {id(each): Assignments(each) for each in functions}
        self._told = {mode: _ToldTests(mode) for mode in Mode}
        self._made: dict[_Happened, Event] = {}

    def of(
        self,
        rule: Rule,
        judgement: Judgement,
        text: str,
        *,
        is_possible: bool,
        wrong: Set[Mode | None],
    ) -> Witness:
        """The explanation of a judgement in its mode.

        ``text`` is the message; ``wrong`` are the modes in which it holds for the same place.
        """
        mode = judgement.mode
        tests = telling_tests(judgement.passed)
        steps = self._steps.of(tests)
        happened = [_Happened(EventKind.FINDING, judgement.place, text, 0)]
        fine_in: tuple[Mode, ...] = ()
        traces = None if mode is None else self._function_of(judgement, mode, tests)
        if mode is not None and traces is not None:
            happened = self._events(judgement, mode, traces, text, tests, is_possible=is_possible)
            fine_in = _fine_in(rule, judgement.place, traces, wrong)
        return Witness(mode, self._made_of(happened), steps, fine_in)

    def _made_of(self, happened: Sequence[_Happened]) -> tuple[Event, ...]:
        made = self._made
        for one in happened:
            if one not in made:
                made[one] = _event(one)
        return tuple([made[one] for one in happened])

    def _function_of(
        self, judgement: Judgement, mode: Mode, tests: Sequence[BranchHistory]
    ) -> FunctionTraces | None:
        """The model function that the path belongs to."""
        if len(self._functions) == 1:
            return self._functions[0]
        nodes = {test.place.node for test in tests}
        for traces in self._functions:
            trace = traces.traces[mode]
            if nodes <= trace.outcomes.keys() and (
                judgement.place == traces.name_place
                or _is_in(judgement.place, traces)
                or calls_that_lead_to(judgement.place, traces.body, trace)
            ):
                return traces
        return None

    def _events(
        self,
        judgement: Judgement,
        mode: Mode,
        traces: FunctionTraces,
        text: str,
        tests: Sequence[BranchHistory],
        *,
        is_possible: bool,
    ) -> list[_Happened]:
        evidence = self._evidence.get(id(traces))
        if evidence is None:
            evidence = self._evidence[id(traces)] = Evidence(traces)
        needed = evidence.minimal(tests, mode, judgement.fact)
        calls = calls_that_lead_to(judgement.place, traces.body, traces.traces[mode])
        finding = _Happened(EventKind.FINDING, judgement.place, text, len(calls))
        told = self._told[mode]
        passed = [*_with_calls(needed, calls, judgement.place, told)]
        path = OnePath(mode, traces, tests, self._assignments[id(traces)])
        values = list(_values(judgement, path, len(calls)))
        contrasts: list[_Happened] = []
        if is_possible:
            contrasts = told.contrasts(list(evidence.one_change_away(needed, mode, judgement.fact)))
        return [
            finding,
            *_run_of(traces, mode),
            *_in_order_of_text(passed, values),
            *contrasts,
        ]


def _is_in(place: Place, traces: FunctionTraces) -> bool:
    """Whether a place is in the source of a model function."""
    piece, body = place.piece, traces.body
    if piece is not traces.name_place.piece:
        return False
    start, at, end = piece.position(body), piece.position(place.node), piece.end(body)
    return start <= at < end


def _fine_in(
    rule: Rule, place: Place, traces: FunctionTraces, wrong: Set[Mode | None]
) -> tuple[Mode, ...]:
    """The modes in which paths reach the place and all of them are correct."""
    if rule.fine_at is None:
        return ()
    return in_order(
        {
            mode
            for mode in Mode
            if mode not in wrong
            and rule.fine_at(traces, place, mode)
            and not _is_rejected(place, traces, mode)
        }
    )


def _is_rejected(place: Place, traces: FunctionTraces, mode: Mode) -> bool:
    """Whether TensorFlow rejects, on some path of a mode, a spec that is built at a place.

    Findings do not tell: there may be none in a mode that the function does not address.
    """
    return any(
        visit.rejected and not visit.caught and place in (visit.place, *visit.field_places.values())
        for visit in traces.traces[mode].visits_about(place)
    )


def _with_calls(
    tests: Sequence[BranchHistory], calls: Sequence[Place], place: Place, told: _ToldTests
) -> Iterable[_Happened]:
    """The tests, with each call before the tests in the called function.

    The calls lead to ``place``.  If the fault was only noticed when they were over, the tests in
    the called functions are aside.
    """
    passed = told.passed(tests)
    return _among_calls(tests, passed, calls, place) if calls else passed


def _among_calls(
    tests: Sequence[BranchHistory],
    passed: Sequence[_Happened],
    calls: Sequence[Place],
    place: Place,
) -> Iterator[_Happened]:
    are_over = all(test.aside or not test.depth for test in tests)
    called = [function_around(at.piece, at.node) for at in (*calls[1:], place)]
    entered = 0
    for test, happened in zip(tests, passed, strict=True):
        if not test.aside or (
            are_over
            and 0 < test.depth <= len(called)
            and called[test.depth - 1] is function_around(test.place.piece, test.place.node)
        ):
            while entered < min(test.depth, len(calls)):
                yield _call(calls[entered], entered)
                entered += 1
        yield happened
    for depth in range(entered, len(calls)):
        yield _call(calls[depth], depth)


def _run_of(traces: FunctionTraces, mode: Mode) -> Iterator[_Happened]:
    """Where the file runs the function in a mode that the function itself does not address."""
    run = None if mode in traces.addressed else traces.run_in(mode)
    if run is not None:
        place, name = run
        yield _Happened(EventKind.CALL, place, f"'{name}' runs the model function in {mode}", 0)


def _call(place: Place, depth: int) -> _Happened:
    function = getattr(place.node, "func", place.node)
    name = source_of(function, place.piece.module)
    told = f"'{name}'" if len(name) <= _LONGEST_NAME else "a function"
    return _Happened(EventKind.CALL, place, f"{told} is called", depth)


def sentence_of(test: BranchHistory, mode: Mode) -> str:
    """The outcome of a test, as a sentence."""
    where = f" in {mode}" if test.decided else " on this path"
    source = source_at(test.place)
    match test.place.node:
        case cst.MatchCase():
            return f"'{source}' {'matches' if test.outcome else 'does not match'}{where}"
        case cst.ExceptHandler() | cst.ExceptStarHandler():
            return f"an exception is caught by '{source}'{where}"
    return f"'{source}' is {_answer(test.outcome)}{where}"


def _contrast(test: BranchHistory) -> str:
    source = source_at(test.place)
    return f"fine if '{source}' is {_answer(not test.outcome)}"


def _answer(outcome: bool) -> str:
    return "true" if outcome else "false"


def _values(judgement: Judgement, path: OnePath, depth: int) -> Iterator[_Happened]:
    """The origin of the missing or wrong value."""
    fact = judgement.fact
    found: Iterator[Told] = iter(())
    if isinstance(fact, UnboundRead):
        found = assignments_not_made(fact.name, fact.place, path)
    elif isinstance(fact, SiteVisit):
        found = values_of(fact, judgement, path)
    for told in found:
        yield _Happened(told.kind, told.place, told.text, max(0, depth + told.level))


def _in_order_of_text(path: list[_Happened], values: list[_Happened]) -> list[_Happened]:
    """The events of a path, merged with those of values in the order of the text.

    Events inside a call follow it directly.
    """
    ordered = list(path)
    for number, value in enumerate(values):
        if number and value.depth > values[number - 1].depth:
            ordered.insert(ordered.index(values[number - 1]) + 1, value)
            continue
        at = value.place.position()
        for index, other in enumerate(ordered):
            there = other.place.position()
            if other.depth == value.depth and at < there:
                ordered.insert(index, value)
                break
        else:
            ordered.append(value)
    return ordered


def _event(happened: _Happened) -> Event:
    start, end = happened.place.position(), happened.place.end()
    within = happened.place.within
    text = happened.text
    if within and happened.kind is not EventKind.FINDING:
        text += f", in '{within}'"
    return Event(
        happened.kind,
        start.line,
        start.column,
        text,
        happened.depth,
        happened.outcome,
        within,
        end_line=end.line,
        end_column=end.column,
    )
