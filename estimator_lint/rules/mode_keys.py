"""MFN204 and 205/215: mode keys that don't exist, or are another mode's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.required_fields import visits_by_site
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY, Mode

if TYPE_CHECKING:
    from estimator_lint.evaluation.model_function import FunctionTraces
    from estimator_lint.evaluation.trace import SiteVisit


def _unknown_key(traces: FunctionTraces) -> Iterator[Judgement]:
    if traces.builds_specs:
        for trace in traces.traces.values():
            for fact in trace.unknown_keys:
                yield Judgement(fact.place, None, subject=fact.key)


def _mismatch(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in sorted(traces.addressed, key=list(Mode).index):

        def is_bad(visit: SiteVisit, key: str = mode.value) -> bool:
            return visit.key_known and visit.key != key

        for site in visits_by_site(traces.traces[mode].visits).values():
            judged = [visit for visit in site if visit.key_place is not None]
            bad = [visit for visit in judged if is_bad(visit)]
            if any(not visit.speculative for visit in bad):
                place = bad[0].key_place or bad[0].place
                certain = len(bad) == len(judged)
                yield Judgement(place, mode, certain, _key_name(bad[0].key))


def _key_name(key: object) -> str:
    mode = MODE_OF_KEY.get(key) if isinstance(key, str) else None
    return repr(key) if mode is None else f"the key of {mode}"


MODE_KEY_RULES = (
    Rule(
        "MFN204",
        None,
        "unknown-mode-key",
        "`mode` is compared with something that no mode equals.",
        "mode is never {subject}: the keys are 'train', 'eval' and 'infer'",
        _unknown_key,
    ),
    Rule(
        "MFN205",
        "MFN215",
        "spec-mode-mismatch",
        "A spec is built with one mode's key on another mode's path.",
        "spec is built with {subject}{possibly} in {modes}",
        _mismatch,
    ),
)
