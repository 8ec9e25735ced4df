"""MFN204 and 205/215: mode keys that don't exist, or are another mode's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.discovery.definitions import is_static
from estimator_lint.discovery.signatures import signature_of
from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.sites import always_fail, visits_by_site
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.model_fn_arguments import MODEL_FN_ARGUMENTS
from estimator_lint.tensorflow_api.modes import (
    CONTRIB_LEARN_MODE_KEYS,
    ESTIMATOR_MODE_KEYS,
    MODE_OF_KEY,
    Mode,
    meant_mode,
)

if TYPE_CHECKING:
    from estimator_lint.discovery.model_functions import ModelFunction
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import UnknownModeKey


def _needs_more(function: ModelFunction) -> bool:
    """Whether it has a parameter without a default that no Estimator passes."""
    taken = signature_of(function.node).of_kind("positional-only", "positional", "keyword-only")
    receiver = 1 if function.owner is not None and not is_static(function.node) else 0
    return any(
        not parameter.has_default and parameter.name not in MODEL_FN_ARGUMENTS
        for parameter in taken[receiver:]
    )


def _unknown_key(traces: FunctionTraces) -> Iterator[Judgement]:
    function = traces.function
    if not traces.is_evident or (_needs_more(function) and not function.given_to):
        return  # code other than an Estimator calls it, with any mode
    otherwise = {node for trace in traces.traces.values() for node in trace.compared_otherwise}
    for trace in traces.traces.values():
        compared: dict[tuple[Place, str], list[UnknownModeKey]] = {}
        for fact in trace.unknown_keys:
            compared.setdefault((fact.place, fact.key), []).append(fact)
        for (place, key), facts in compared.items():
            if place.node not in otherwise and one_exists(fact.doubts for fact in facts):
                yield Judgement(place, None, subject=key + _instead(key), passed=facts[0].passed)


def _instead(key: str) -> str:
    """The key that was meant, as the end of a clause: of a string or a ``ModeKeys`` attribute."""
    written = key.rpartition(".")[2]
    mode = meant_mode(written.strip("'\""))
    if mode is None:
        return ""
    # tf.estimator's class has no such attribute, so this is that of contrib.learn.
    names = CONTRIB_LEARN_MODE_KEYS if written in ESTIMATOR_MODE_KEYS else ESTIMATOR_MODE_KEYS
    name = next(name for name, named in names.items() if named is mode)
    return f" (did you mean ModeKeys.{name}?)"


def _is_mismatched(visit: SiteVisit, mode: Mode) -> bool:
    """Whether the Estimator gets a spec of another mode, or one without that mode's fields."""
    return visit.key_known and visit.key != mode.value and visit.used


def _mismatch(traces: FunctionTraces) -> Iterator[Judgement]:
    for mode in traces.checked_modes:
        for site in visits_by_site(traces.traces[mode].visits).values():
            # A path that ends before it uses the spec shows nothing.
            judged = [
                visit for visit in site if visit.key == mode.value or visit.used or visit.spared
            ]
            bad = [visit for visit in judged if _is_mismatched(visit, mode)]
            place = bad[0].key_place if bad else None
            if place is not None and one_exists(visit.doubts for visit in bad):
                key, passed = _key_name(bad[0].key), clearest(bad).passed
                yield Judgement(place, mode, always_fail(bad, judged), key, passed=passed)


def _matches_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
    return any(
        visit.key_place == place
        and not _is_mismatched(visit, mode)
        and (visit.key == mode.value or visit.spared)
        for visit in traces.traces[mode].visits_about(place)
    )


def _key_name(key: object) -> str:
    mode = MODE_OF_KEY.get(key) if isinstance(key, str) else None
    return repr(key) if mode is None else f"the {mode} key"


MODE_KEY_RULES = (
    Rule(
        "MFN204",
        None,
        "unknown-mode-key",
        "`mode` is compared with a value that no mode equals.",
        "mode never equals {subject}: the keys are 'train', 'eval' and 'infer'",
        _unknown_key,
    ),
    Rule(
        "MFN205",
        "MFN215",
        "spec-mode-mismatch",
        "A spec is built with one mode's key on another mode's path.",
        "spec is built with {subject}{possibly} in {modes}",
        _mismatch,
        _matches_at,
    ),
)
