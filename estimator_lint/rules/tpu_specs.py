"""MFN703: specs that a TPUEstimator does not accept when it runs on a TPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.values import NONE, SymbolicValue, same_as_none
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.rules.train_ops import items_of
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.tpu import ON_TPU, OnTpu

if TYPE_CHECKING:
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.facts.trace import Return
    from estimator_lint.tensorflow_api.modes import Mode


class _Problem(NamedTuple):
    """What is wrong with a spec; ``field``: the field at fault, if any."""

    text: str
    field: str = ""


_Find: TypeAlias = "Callable[[SpecValue, OnTpu], _Problem | None]"


def _tpu_spec(traces: FunctionTraces) -> Iterator[Judgement]:
    said: dict[Place, str] = {}
    for mode in traces.checked_modes:
        if not runs_on_tpu(traces, mode):
            continue
        # Other rules report a None that is returned instead of a spec.
        returns = [
            returned for returned in traces.traces[mode].returns if not same_as_none(returned.value)
        ]
        for find in (_other_class, _refused_field, _field_that_is_no_dict):
            for judgement in _judge(mode, returns, find):
                # A place gets one finding, with the text of the first mode.
                if said.setdefault(judgement.place, judgement.subject) == judgement.subject:
                    yield judgement


def runs_on_tpu(traces: FunctionTraces, mode: Mode) -> bool:
    """Whether every Estimator runs the function on a TPU, and without a wrapper."""
    return traces.function.runs_on_tpu(mode)


def _judge(mode: Mode, returns: list[Return], find: _Find) -> Iterator[Judgement]:
    """Judgements if all that a mode returns has the same problem.

    Otherwise, the function may know by ``params["use_tpu"]`` whether it runs on a TPU.
    """
    wrong: dict[Place, list[tuple[Return, str]]] = {}
    for returned in returns:
        spec = returned.value
        if not isinstance(spec, SpecValue):
            return
        problem = find(spec, ON_TPU[mode])
        if problem is None:
            return
        for place in _places(returned, spec, problem.field):
            wrong.setdefault(place, []).append((returned, problem.text))
    for place, found in wrong.items():
        if one_exists(returned.doubts for returned, _ in found):
            passed = clearest(returned for returned, _ in found).passed
            yield Judgement(place, mode, subject=found[0][1], passed=passed)


def _other_class(spec: SpecValue, asked: OnTpu) -> _Problem | None:
    if not asked.asks_for_tpu_spec or spec.spec_class.for_tpu or _is_exported(spec, asked):
        return None
    return _Problem(f"{spec.spec_class.name} is not a TPUEstimatorSpec, which a TPU requires")


def _refused_field(spec: SpecValue, asked: OnTpu) -> _Problem | None:
    if spec.spec_class.for_tpu:
        return None
    for field in asked.refused:
        if all(items_of(visit.fields.get(field, NONE)) for visit in spec.visits):
            return _Problem(
                f"{spec.spec_class.name} has {field}, which a TPU does not support", field
            )
    return None


def _field_that_is_no_dict(spec: SpecValue, asked: OnTpu) -> _Problem | None:
    if not spec.spec_class.for_tpu or _is_exported(spec, asked):
        return None
    for field in asked.dicts:
        value = spec.fields[field]
        if isinstance(value, SymbolicValue) and value.tensor:
            return _Problem(f"{field} is a tensor, but a TPU requires a dict", field)
    return None


def _is_exported(spec: SpecValue, asked: OnTpu) -> bool:
    """Whether a spec may be created for an export, which runs on the CPU."""
    return any(not same_as_none(spec.fields.get(field, NONE)) for field in asked.exported)


def _places(returned: Return, spec: SpecValue, field: str) -> Iterator[Place]:
    """The places of the fault: the value of ``field``, or the construction."""
    for visit in spec.visits:
        if visit.spec_class is spec.spec_class:
            yield from _written(visit, field)
        elif returned.place is not None:  # a method of the spec created another one
            yield returned.place


def _written(visit: SiteVisit, field: str) -> Iterator[Place]:
    """The same in one construction, or in those of the spec that it replaced."""
    if visit.replaced and field not in visit.field_places:
        for earlier in visit.replaced:
            yield from _written(earlier, field)
    else:
        yield visit.place_of(field)


TPU_SPEC = Rule(
    "MFN703",
    None,
    "tpu-spec",
    "A spec does not meet the requirements of `TPUEstimator` on a TPU.",
    "{subject}, in {modes}",
    _tpu_spec,
)
