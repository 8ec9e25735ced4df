"""MFN401-405: parameters that an Estimator does not fill, or does not find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.discovery.estimator_uses import UNKNOWN_ESTIMATOR
from estimator_lint.rules.rule import Judgement, Rule
from estimator_lint.tensorflow_api.model_fn_arguments import (
    ACCEPTED_ARGUMENTS,
    MODEL_FN_ARGUMENTS,
    NEEDED_ARGUMENTS,
    NEEDING_PARAMS,
)

if TYPE_CHECKING:
    import ast

    from estimator_lint.discovery.callables import Given
    from estimator_lint.discovery.estimator_uses import EstimatorUse
    from estimator_lint.discovery.signatures import Parameter, Signature
    from estimator_lint.facts.function_traces import FunctionTraces


def _estimator_uses(traces: FunctionTraces) -> Iterator[tuple[EstimatorUse, Signature]]:
    """The uses by Estimators in which it is known what signature TensorFlow sees."""
    for estimator_use in traces.function.estimator_uses:
        given = estimator_use.given
        known = given.certain and estimator_use.estimator != UNKNOWN_ESTIMATOR
        if known and given.signature is not None:
            yield estimator_use, given.signature


def _seen(signature: Signature) -> frozenset[str]:
    return frozenset(parameter.name for parameter in signature.seen)


def _is_keyword_only(signature: Signature, name: str) -> bool:
    return any(parameter.name == name for parameter in signature.of_kind("keyword-only"))


def _is_hidden(given: Given) -> bool:
    """Whether a wrapper hides, behind ``*`` or ``**``, parameters that the Estimator must see."""
    if given.wrapped_by is None or given.signature is None:
        return False
    hidden = _seen(given.own_signature) - _seen(given.signature)
    return bool(given.signature.of_kind("*", "**") and hidden & NEEDED_ARGUMENTS)


def _judge(traces: FunctionTraces, node: ast.AST | None, subject: str) -> Judgement:
    place = traces.name_place if node is None else traces.place_of(node)
    return Judgement(place, None, subject=f"{_name(traces)} {subject}")


def _name(traces: FunctionTraces) -> str:
    name = traces.function.name
    return "lambda" if name == "<lambda>" else f"'{name}'"


def _missing_features(traces: FunctionTraces) -> Iterator[Judgement]:
    for estimator_use, signature in _estimator_uses(traces):
        given = estimator_use.given
        if _lacks_features(given, signature):
            # It may exist, filled by a partial.
            filled = "features" in _seen(given.own_signature)
            node = given.wrapped_by or (estimator_use.node if filled else None)
            yield _judge(traces, node, "has no 'features' argument for the Estimator to fill")


def _lacks_features(given: Given, signature: Signature) -> bool:
    return (
        "features" not in _seen(signature)
        and not _is_keyword_only(signature, "features")
        and not _is_hidden(given)
    )


def _unexpected(traces: FunctionTraces) -> Iterator[Judgement]:
    for estimator_use, signature in _estimator_uses(traces):
        if _is_hidden(estimator_use.given) or _lacks_features(estimator_use.given, signature):
            continue  # by another name, features may be the argument at hand
        for parameter in signature.seen:
            if parameter.name not in ACCEPTED_ARGUMENTS:
                subject = f"has an argument '{parameter.name}' that no Estimator passes"
                yield _judge(traces, parameter.node, subject)


def _params(traces: FunctionTraces) -> Iterator[Judgement]:
    told: list[Signature] = []
    for estimator_use, signature in _estimator_uses(traces):
        given = estimator_use.given
        if "params" in _seen(signature) or _is_hidden(given):
            continue
        if estimator_use.gives_params and not _is_keyword_only(signature, "params"):
            subject = "has no 'params' argument, but the Estimator passes params"
            # One additional parameter fixes it for all Estimators that see the same signature.
            if signature not in told:
                told.append(signature)
                yield _judge(traces, estimator_use.params, subject)
        elif estimator_use.hands_on_params and not _is_keyword_only(signature, "params"):
            yield _judge(
                traces,
                estimator_use.params,
                "has no 'params' argument, but 'params' is passed on to the Estimator",
            )
        elif estimator_use.estimator in NEEDING_PARAMS:
            filled = "params" in _seen(given.own_signature)
            node = given.wrapped_by or (estimator_use.node if filled else None)
            yield _judge(
                traces, node, f"has no 'params' argument, which {estimator_use.estimator} requires"
            )


def _unfillable(traces: FunctionTraces) -> Iterator[Judgement]:
    for estimator_use, signature in _estimator_uses(traces):
        if _is_hidden(estimator_use.given):
            continue
        never = "Estimators never pass it"
        keyword_only = _left_empty(estimator_use, signature)
        positional_only = [
            parameter
            for parameter in signature.of_kind("positional-only")
            if parameter.name in MODEL_FN_ARGUMENTS
        ]
        if keyword_only:
            subject = f"has '{keyword_only[0].name}' as a keyword-only argument: {never}"
            yield _judge(traces, keyword_only[0].node, subject)
        if positional_only:
            name = positional_only[0].name
            subject = f"has '{name}' as a positional-only argument: Estimators pass it by name"
            yield _judge(traces, positional_only[0].node, subject)
        receiver = signature.named("self")
        if receiver is not None and not receiver.has_default:
            subject = "is an unbound method: the Estimator never passes 'self'"
            yield _judge(traces, receiver.node, subject)
        stars = signature.of_kind("*", "**")
        in_place_of_labels = estimator_use.given.own_signature.named("labels") is None
        if stars and in_place_of_labels and "features" in _seen(signature):
            subject = f"has '{stars[0].kind}{stars[0].name}' in place of 'labels': {never}"
            yield _judge(traces, stars[0].node, subject)


def _left_empty(estimator_use: EstimatorUse, signature: Signature) -> list[Parameter]:
    """The keyword-only parameters that the Estimator would have to fill, but can't see."""
    given = {"features", "labels", "mode"} | ({"params"} if estimator_use.gives_params else set())
    return [
        parameter
        for parameter in signature.of_kind("keyword-only")
        if not parameter.has_default or parameter.name in given
    ]


def _opaque_decorator(traces: FunctionTraces) -> Iterator[Judgement]:
    for estimator_use, _ in _estimator_uses(traces):
        given = estimator_use.given
        if _is_hidden(given):
            yield _judge(traces, given.wrapped_by, "has a decorator that hides its arguments")


SIGNATURE_RULES = (
    Rule(
        "MFN401",
        None,
        "missing-features-argument",
        "A model function has no argument `features`.",
        "{subject}",
        _missing_features,
    ),
    Rule(
        "MFN402",
        None,
        "unexpected-argument",
        "A model function has an argument that the Estimator does not pass.",
        "{subject}",
        _unexpected,
    ),
    Rule(
        "MFN403",
        None,
        "params-argument",
        "A model function has no `params` argument, but the Estimator passes or requires it.",
        "{subject}",
        _params,
    ),
    Rule(
        "MFN404",
        None,
        "unfillable-argument",
        "A model function has an argument of a kind that the Estimator cannot pass.",
        "{subject}",
        _unfillable,
    ),
    Rule(
        "MFN405",
        None,
        "opaque-decorator",
        "A decorator in the same file hides a model function's signature.",
        "{subject}",
        _opaque_decorator,
    ),
)
