"""From the judgements of all rules on all functions of a file to its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from estimator_lint.facts.function_traces import CallsBetween
from estimator_lint.findings import Finding
from estimator_lint.rules import RULES
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.settings import Settings
from estimator_lint.tensorflow_api.modes import Mode, in_order
from estimator_lint.witnesses.assembling import Witnesses

if TYPE_CHECKING:
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces


#: What rules say of functions: by the recorded facts and the function, as objects, the addressed
#: modes and the code.
Judged: TypeAlias = "dict[tuple[int, int, frozenset[Mode], str], tuple[Judgement, ...]]"


def findings_of(
    evaluated: Iterable[FunctionTraces], settings: Settings, known: Judged | None = None
) -> list[Finding]:
    """The findings of all rules: one for each code, place and text.

    ``known`` is for several calls with some of the same functions: each is judged once.
    """
    evident = [traces for traces in evaluated if traces.is_evident]
    calls = CallsBetween(evident)
    functions = [traces.requiring(settings.require_modes, calls) for traces in evident]
    judgements: dict[tuple[str, Place, str], dict[Place, list[Judgement]]] = {}
    rules = [rule for rule in RULES if settings.hints or not rule.is_hint]
    for rule, judgement in _judgements(functions, rules, {} if known is None else known):
        places = judgements.setdefault(_subject_of_finding(rule, judgement), {})
        places.setdefault(judgement.place, []).append(judgement)
    by_code = {rule.code: rule for rule in RULES}
    witnesses = Witnesses(functions)
    visiting = _by_place(functions)
    found = (
        finding
        for (code, _, _), places in judgements.items()
        for finding in _findings_at(by_code[code], places, visiting, witnesses)
    )
    # A call and the `_replace` of what it makes begin at one place.
    return list(dict.fromkeys(found))


def may_be_reported(traces: FunctionTraces, settings: Settings) -> bool:
    """Whether any rule, hints aside, finds something in one model function."""
    traces = traces.requiring(settings.require_modes, CallsBetween())
    return any(judged for rule in RULES if not rule.is_hint for judged in rule.check(traces))


def _judgements(
    functions: list[FunctionTraces], rules: list[Rule], known: Judged
) -> Iterator[tuple[Rule, Judgement]]:
    """All judgements, minus function-level ones of wrappers that only delegate."""
    judged = list(_of_each(functions, rules, known))
    calls = CallsBetween(functions)
    of_whole: dict[tuple[str, Mode], set[int]] = {}
    for traces, rule, judgement in judged:
        if judgement.place == traces.name_place and judgement.mode is not None:
            of_whole.setdefault((rule.code, judgement.mode), set()).add(id(traces))
    for traces, rule, judgement in judged:
        mode = judgement.mode
        if (
            judgement.place != traces.name_place
            or mode is None
            or not any(
                id(other) in of_whole[rule.code, mode]
                and all(one is not traces for one in calls.called_by(other, mode))
                for other in calls.called_by(traces, mode)
            )
        ):
            yield rule, judgement


def _of_each(
    functions: list[FunctionTraces],
    rules: list[Rule],
    known: Judged,
) -> Iterator[tuple[FunctionTraces, Rule, Judgement]]:
    """The judgements of each function; of another file's only once for all its Estimators."""
    told: set[tuple[object, ...]] = set()
    for traces in functions:
        before = set(told)
        for rule in rules:
            for judgement in _news(rule, traces, known):
                if traces.via is not None:
                    place = judgement.place
                    node = None if place.via is None else place.node
                    fault = (rule.code, traces.body, node, judgement.subject, judgement.mode)
                    told.add(fault)
                    if fault in before:
                        continue
                yield traces, rule, judgement


def _news(rule: Rule, traces: FunctionTraces, known: Judged) -> tuple[Judgement, ...]:
    """The judgements of a rule, without those reported in the function's own other file."""
    subject = (id(traces.traces), id(traces.function), traces.addressed, rule.code)
    news = known.get(subject)
    if news is None:
        told: set[Judgement] = set()
        if traces.as_defined is not None:
            told.update(rule.check(replace(traces, function=traces.as_defined)))
        news = tuple(judgement for judgement in rule.check(traces) if judgement not in told)
        known[subject] = news
    return news


def _subject_of_finding(rule: Rule, judgement: Judgement) -> tuple[str, Place, str]:
    """The subject of one finding: a place, or a fault inside a call into another file."""
    place = judgement.place
    if place.via is None:
        return rule.code, place, ""
    return rule.code, place.via, f"{place.within} {judgement.subject}"


def _findings_at(
    rule: Rule,
    places: dict[Place, list[Judgement]],
    visiting: dict[Place, list[FunctionTraces]],
    witnesses: Witnesses,
) -> Iterable[Finding]:
    """A definite finding, a possible one, or both, for different modes."""
    certain: set[Mode | None] = set()
    possible: set[Mode | None] = set()
    for place, judged in places.items():
        uncertain = _possible(rule, place, judged, visiting.get(place, []))
        certain |= {judgement.mode for judgement in judged} - uncertain
        possible |= uncertain
    judgements = [judgement for judged in places.values() for judgement in judged]
    wrong = certain | possible
    for code, modes, possibly in (
        (rule.code, certain, ""),
        (rule.possible_code or rule.code, possible - certain, " on some paths"),
    ):
        for told in _told_alike(judgements, modes):
            first = told[0]
            concerned = tuple(judgement.mode for judgement in told if judgement.mode is not None)
            text = rule.message.format(
                subject=first.subject, spec=first.spec, modes=listed(concerned), possibly=possibly
            )
            if first.place.within:
                text += f", in '{first.place.within}'"
            start, end = first.place.position(), first.place.end()
            yield Finding(
                start.line,
                start.column,
                code,
                text,
                concerned,
                tuple(
                    witnesses.of(rule, judgement, text, is_possible=bool(possibly), wrong=wrong)
                    for judgement in told
                ),
                bool(possibly),
                end_line=end.line,
                end_column=end.column,
            )


def _told_alike(
    judgements: list[Judgement], modes: set[Mode | None]
) -> Iterable[tuple[Judgement, ...]]:
    """The first judgement in each mode, together with those of which the same is said."""
    alike: dict[tuple[str, str], list[Judgement]] = {}
    for mode in in_order({mode for mode in modes if mode is not None}) or modes:
        first = next(judgement for judgement in judgements if judgement.mode is mode)
        alike.setdefault((first.subject, first.spec), []).append(first)
    return map(tuple, alike.values())


def _by_place(functions: list[FunctionTraces]) -> dict[Place, list[FunctionTraces]]:
    """The functions that have visits about a place, by the place."""
    visiting: dict[Place, list[FunctionTraces]] = {}
    for traces in functions:
        places = [place for trace in traces.traces.values() for place in trace.places_visited()]
        for place in dict.fromkeys(places):
            visiting.setdefault(place, []).append(traces)
    return visiting


def _possible(
    rule: Rule, place: Place, judged: list[Judgement], functions: list[FunctionTraces]
) -> set[Mode | None]:
    """The modes in which some path passes ``place`` correctly; ``functions`` have visited it."""
    concerned_modes = {judgement.mode for judgement in judged}
    possible = {judgement.mode for judgement in judged if not judgement.certain}
    if rule.fine_at is not None:
        possible |= {
            mode
            for mode in concerned_modes
            if mode is not None
            and any(
                mode in traces.addressed_or_run and rule.fine_at(traces, place, mode)
                for traces in functions
            )
        }
    return possible


def listed(modes: tuple[Mode, ...]) -> str:
    """``modes`` in a sentence: ``TRAIN, EVAL and PREDICT``."""
    names = [str(mode) for mode in modes]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
