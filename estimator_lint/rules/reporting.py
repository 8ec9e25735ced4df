"""From the judgements of all rules on all functions of a file to its findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from estimator_lint.findings import Finding
from estimator_lint.rules import RULES
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.settings import Settings
from estimator_lint.steps import steps_of
from estimator_lint.tensorflow_api.modes import Mode, in_order

if TYPE_CHECKING:
    from estimator_lint.evaluation.model_function import FunctionTraces
    from estimator_lint.evaluation.trace import Place


def findings_of(evaluated: Iterable[FunctionTraces], settings: Settings) -> list[Finding]:
    """The findings of all rules: one for each code and place."""
    functions = [traces.requiring(settings.require_modes) for traces in evaluated]
    judgements: dict[tuple[str, Place], list[Judgement]] = {}
    for traces in functions:
        for rule in RULES:
            for judgement in rule.check(traces):
                judgements.setdefault((rule.code, judgement.place), []).append(judgement)
    by_code = {rule.code: rule for rule in RULES}
    return [
        finding
        for (code, place), judged in judgements.items()
        for finding in _findings_at(by_code[code], place, judged, functions)
    ]


def _findings_at(
    rule: Rule, place: Place, judged: list[Judgement], functions: list[FunctionTraces]
) -> Iterable[Finding]:
    """A definite finding, a possible one, or both, for different modes."""
    concerned_modes = {judgement.mode for judgement in judged}
    possible = {judgement.mode for judgement in judged if not judgement.certain}
    if rule.fine_at is not None:
        possible |= {
            mode
            for mode in concerned_modes
            if mode is not None
            and any(
                mode in traces.addressed and rule.fine_at(traces, place, mode)
                for traces in functions
            )
        }
    certain = concerned_modes - possible
    for code, modes, possibly in (
        (rule.code, certain, ""),
        (rule.possible_code or rule.code, possible, " on some paths"),
    ):
        if not modes:
            continue
        first = next(judgement for judgement in judged if judgement.mode in modes)
        concerned = in_order({mode for mode in modes if mode is not None})
        text = rule.message.format(
            subject=first.subject, spec=first.spec, modes=listed(concerned), possibly=possibly
        )
        position = place.position()
        steps = steps_of(_of_first_mode(judged, concerned).passed)
        yield Finding(position.line, position.column, code, text, concerned, steps)


def _of_first_mode(judged: list[Judgement], concerned: tuple[Mode, ...]) -> Judgement:
    """The first judgement in the first of the modes concerned, or of all where there is none."""
    mode = concerned[0] if concerned else None
    return next(judgement for judgement in judged if judgement.mode is mode)


def listed(modes: tuple[Mode, ...]) -> str:
    """``modes`` in a sentence: ``TRAIN, EVAL and PREDICT``."""
    names = [str(mode) for mode in modes]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
