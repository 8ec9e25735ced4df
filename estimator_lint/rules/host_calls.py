"""MFN701 and 702: a function with tensors that do not fit it, or something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estimator_lint.domain.paths.doubts import one_exists
from estimator_lint.domain.paths.spec_values import SpecValue
from estimator_lint.domain.values.values import (
    BoundMethod,
    BuiltinValue,
    ClassValue,
    Constant,
    DictContents,
    FunctionValue,
    PartialValue,
    Picture,
    SequenceContents,
    SymbolicValue,
    TupleValue,
    Value,
    same_as_none,
)
from estimator_lint.rules.rule import Check, FineAt, Judgement, Rule
from estimator_lint.rules.sites import always_fail, visits_by_site
from estimator_lint.rules.type_names import type_with_article
from estimator_lint.steps import clearest
from estimator_lint.tensorflow_api.host_functions import CHECKING, FAILS_WHEN_REPLACED

if TYPE_CHECKING:
    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.domain.values.places import Place
    from estimator_lint.facts.function_traces import FunctionTraces
    from estimator_lint.project.code import Parameter
    from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True)
class _Problem:
    """What is wrong with a field; ``at_once``: the constructor raises."""

    text: str
    at_once: bool = True


def _problem(visit: SiteVisit, field: str) -> str | None:
    """What is wrong with a field of the spec of ``visit``, if TensorFlow receives it."""
    if visit.caught or visit.spec_class.name not in CHECKING:
        return None
    value = visit.fields[field]
    found = None if same_as_none(value) else _malformed(field, value)
    if found is None:
        return None
    if visit.key_place is None:
        return found.text if found.at_once and _fails_when_used(visit, field) else None
    return found.text if found.at_once or visit.used else None


def _fails_when_used(visit: SiteVisit, field: str) -> bool:
    """Whether TensorFlow, which does not check a ``_replace``, uses the new value."""
    value = visit.fields[field]
    is_empty = _items(value) == () or _names(value) == frozenset()
    return (
        visit.used
        and not is_empty
        and field in visit.field_places
        and visit.key == FAILS_WHEN_REPLACED[field].value
        and all(same_as_none(earlier.fields[field]) for earlier in visit.replaced)
    )


def _malformed(field: str, value: Value) -> _Problem | None:
    """What is wrong with a field that is not None."""
    pair = _items(value)
    if pair is None:
        kind = _kind(value)
        is_open = isinstance(value, Picture) and value.kind == "list"
        return None if kind is None or is_open else _Problem(f"{field} is {kind}, not {_PAIR}")
    if len(pair) != 2:
        return _Problem(f"{field} is {_kind(value)} of {len(pair)}, not {_PAIR}")
    function, tensors = pair
    if _kind(function) is not None and not isinstance(function, _CALLABLE):
        return _Problem(f"{field}[0] is {_kind(function)}, not a function")
    names = _names(tensors)
    items = _items(tensors)
    is_collection = isinstance(tensors, Picture | TupleValue)
    if (_kind(tensors) is not None and not is_collection) or _is_set(tensors):
        return _Problem(f"{field}[1] is {_kind(tensors)}, not a list or dict of tensors")
    parameters = _parameters(function)
    if parameters is None:
        return None
    if items is not None:
        return _wrong_number(field, len(items), parameters)
    return None if names is None else _wrong_names(field, names, parameters)


def _wrong_number(field: str, tensors: int, parameters: list[Parameter]) -> _Problem | None:
    seen = [parameter for parameter in parameters if parameter.kind.startswith("positional")]
    if tensors == len(seen) or any(parameter.kind == "*" for parameter in parameters):
        return None
    counted = "1 tensor" if tensors == 1 else f"{tensors} tensors"
    return _Problem(f"{field} has {counted} for a function that takes {len(seen)}")


def _wrong_names(field: str, names: frozenset[str], parameters: list[Parameter]) -> _Problem | None:
    by_name = {
        parameter.name: parameter
        for parameter in parameters
        if parameter.kind in ("positional", "keyword-only")
    }
    takes_any = any(parameter.kind == "**" for parameter in parameters)
    for name in sorted(names - by_name.keys()):
        if not takes_any:
            return _Problem(
                f"{field} has '{name}', which its function does not accept", at_once=False
            )
    for name, parameter in by_name.items():
        if name not in names and parameter.default is None:
            return _Problem(f"{field} has no '{name}', which its function takes", at_once=False)
    return None


_PAIR = "(function, tensors)"
_CALLABLE = (FunctionValue, BoundMethod, PartialValue, ClassValue, BuiltinValue)


def _parameters(function: Value) -> list[Parameter] | None:
    """The parameters that a function still accepts, if known."""
    match function:
        case FunctionValue(code=code):
            return list(code.parameters)
        case BoundMethod(function=method):
            parameters = list(method.code.parameters)
            takes_receiver = bool(parameters) and parameters[0].kind.startswith("positional")
            return parameters[1:] if takes_receiver else None
    return None


def _items(value: Value) -> tuple[Value, ...] | None:
    """The items of a tuple or list, if known."""
    match value:
        case TupleValue(items=items):
            return items
        case Picture(kind="list", contents=SequenceContents(items=items, open=False)):
            return items
    return None


def _names(value: Value) -> frozenset[str] | None:
    """The keys of a dict, if they are known strings."""
    match value:
        case Picture(contents=DictContents(entries=entries, open=False)):
            keys = frozenset(entries)
            return keys if all(isinstance(key, str) for key in keys) else None
    return None


def _is_set(value: Value) -> bool:
    return isinstance(value, Picture) and value.kind == "set"


def _kind(value: Value) -> str | None:
    """The kind of a value, if known."""
    match value:
        case Constant(value=constant):
            return type_with_article(constant)
        case TupleValue():
            return "a tuple"
        case Picture(kind=kind):
            return f"a {kind}"
        case SymbolicValue(tensor=True):
            return "a tensor or op"
        case SpecValue():
            return "a spec"
    return "a function or class" if isinstance(value, _CALLABLE) else None


def _check(field: str) -> Check:
    def check(traces: FunctionTraces) -> Iterator[Judgement]:
        for mode in traces.checked_modes:
            for site in visits_by_site(traces.traces[mode].visits).values():
                bad = [visit for visit in site if _problem(visit, field) is not None]
                if one_exists(visit.doubts for visit in bad):
                    shown = clearest(bad)
                    certain = always_fail(bad, site)
                    text = _problem(shown, field) or ""
                    yield Judgement(shown.place_of(field), mode, certain, text, passed=shown.passed)

    return check


def _fits(field: str) -> FineAt:
    def fine_at(traces: FunctionTraces, place: Place, mode: Mode) -> bool:
        return any(
            visit.place_of(field) == place and _problem(visit, field) is None
            for visit in traces.traces[mode].visits_about(place)
            if not visit.caught
        )

    return fine_at


_MESSAGE = "{subject}{possibly}, in {modes}"

HOST_CALL_RULES = (
    Rule(
        "MFN701",
        None,
        "eval-metrics-form",
        "`eval_metrics` is not `(metric_fn, tensors)`, or `metric_fn` does not accept the tensors.",
        _MESSAGE,
        _check("eval_metrics"),
        _fits("eval_metrics"),
    ),
    Rule(
        "MFN702",
        None,
        "host-call-form",
        "`host_call` is not `(function, tensors)`, or the function does not accept the tensors.",
        _MESSAGE,
        _check("host_call"),
        _fits("host_call"),
    ),
)
