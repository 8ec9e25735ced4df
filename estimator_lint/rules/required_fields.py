"""MFN101-104 and 111-114: fields that a mode requires and a spec does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.rules.rule import Check, Judgement, Rule
from estimator_lint.tensorflow_api.modes import MODE_OF_KEY, Mode

if TYPE_CHECKING:
    from estimator_lint.evaluation.model_function import FunctionTraces
    from estimator_lint.evaluation.trace import Place, SiteVisit


def _missing(field: str, *modes: Mode) -> Check:
    """A check for ``field`` in specs whose key is that of one of ``modes``."""

    def is_bad(visit: SiteVisit) -> bool:
        return (
            visit.rejected
            and not visit.caught
            and field in visit.missing
            and isinstance(visit.key, str)
            and MODE_OF_KEY.get(visit.key) in modes
        )

    def check(traces: FunctionTraces) -> Iterator[Judgement]:
        for mode in sorted(traces.addressed, key=list(Mode).index):
            visits = traces.traces[mode].visits
            for place, site in visits_by_site(visits).items():
                if any(is_bad(visit) and not visit.speculative for visit in site):
                    certain = all(is_bad(visit) for visit in site if not visit.caught)
                    yield Judgement(place, mode, certain, field, site[0].spec_class.name)

    return check


def visits_by_site(visits: list[SiteVisit]) -> dict[Place, list[SiteVisit]]:
    """The visits of each site, in the order of evaluation."""
    sites: dict[Place, list[SiteVisit]] = {}
    for visit in visits:
        sites.setdefault(visit.place, []).append(visit)
    return sites


_MESSAGE = "{spec} has no {subject}{possibly} in {modes}"

REQUIRED_FIELD_RULES = (
    Rule(
        "MFN101",
        "MFN111",
        "missing-loss-in-train",
        "A spec has no `loss` in TRAIN.",
        _MESSAGE,
        _missing("loss", Mode.TRAIN),
    ),
    Rule(
        "MFN102",
        "MFN112",
        "missing-train-op",
        "A spec has no `train_op` in TRAIN.",
        _MESSAGE,
        _missing("train_op", Mode.TRAIN),
    ),
    Rule(
        "MFN103",
        "MFN113",
        "missing-loss-in-eval",
        "A spec has no `loss` in EVAL.",
        _MESSAGE,
        _missing("loss", Mode.EVAL),
    ),
    Rule(
        "MFN104",
        "MFN114",
        "missing-predictions",
        "A spec has no `predictions` in PREDICT.",
        _MESSAGE,
        _missing("predictions", Mode.PREDICT, Mode.EVAL),
    ),
)
