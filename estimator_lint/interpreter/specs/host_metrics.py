"""What the functions in ``eval_metrics`` and ``scaffold_fn`` of a TPU spec return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from estimator_lint.domain.paths.pictures import pictures_of
from estimator_lint.domain.paths.spec_values import HostMetrics
from estimator_lint.domain.values.places import Place
from estimator_lint.domain.values.values import (
    Argument,
    BoundMethod,
    DictContents,
    FunctionValue,
    PartialValue,
    Value,
)
from estimator_lint.interpreter.objects import dict_contents, items_of
from estimator_lint.interpreter.specs.mistyped_fields import mistyped_fields
from estimator_lint.syntax.local_bindings import own_nodes
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.domain.paths.spec_values import Mistyped
    from estimator_lint.domain.paths.state import State
    from estimator_lint.interpreter.evaluator import Evaluator

_FIELD = "eval_metrics"
_PLAIN_FIELD = "eval_metric_ops"


def host_metrics(
    ev: Evaluator, fields: Mapping[str, Value], node: cst.CSTNode, state: State
) -> HostMetrics | None:
    """The metrics that a TPUEstimator evaluates with, on the CPU or a TPU.

    It calls the function with the tensors, and uses the result as ``eval_metric_ops``. Nothing else
    that happens in the call belongs to the path.
    """
    pair = items_of(fields.get(_FIELD, ev.unknown()), state)
    if ev.mode is not Mode.EVAL or pair is None or len(pair) != 2:
        return None
    function, tensors = pair
    arguments = _arguments(tensors, state)
    if arguments is None or not isinstance(function, FunctionValue | BoundMethod | PartialValue):
        return None
    return HostMetrics(
        _results(ev, function, arguments, node, state), _place_of_result(ev, function)
    )


def scaffolds(
    ev: Evaluator, fields: Mapping[str, Value], node: cst.CSTNode, state: State
) -> tuple[Value, ...]:
    """What a TPUEstimator gets from ``scaffold_fn`` when it trains."""
    function = fields.get("scaffold_fn")
    if not isinstance(function, FunctionValue | BoundMethod | PartialValue):
        return ()
    return _results(ev, function, [], node, state)


def _results(
    ev: Evaluator, function: Value, arguments: list[Argument], node: cst.CSTNode, state: State
) -> tuple[Value, ...]:
    """What a call returns of which nothing else belongs to the path; containers as ``Picture``."""
    with ev.aside(ev.frame), ev.collecting_exits():
        results = ev.call(function, arguments, node, state.fork())  # type: ignore[arg-type]
        return tuple(pictures_of([ev.resolve(value, after)], after)[0] for value, after in results)


def mistyped_metrics(ev: Evaluator, metrics: HostMetrics) -> tuple[Mistyped, ...]:
    """The values in such metrics that TensorFlow does not accept."""
    found = [
        mistyped_fields(ev, {_PLAIN_FIELD: value}, Mode.EVAL.value) for value in metrics.results
    ]
    if not found or not any(found):
        return ()
    sure = all(found)
    return tuple(_of_function(one, sure, metrics.place) for one in next(filter(None, found)))


def _place_of_result(ev: Evaluator, function: Value) -> Place | None:
    """Where a function of the same file returns its result, if in a single place."""
    while isinstance(function, PartialValue | BoundMethod):
        function = function.function
    if not isinstance(function, FunctionValue) or function.code.module is not ev.own_module:
        return None
    body = function.code.node.body
    if isinstance(function.code.node, cst.Lambda):
        return Place(function.code.piece, body)
    returned = [
        node.value
        for node in own_nodes(body)
        if isinstance(node, cst.Return) and node.value is not None
    ]
    return Place(function.code.piece, returned[0]) if len(returned) == 1 else None


def _arguments(tensors: Value, state: State) -> list[Argument] | None:
    """The arguments of the call: by position, or by the keys of a dict."""
    contents = dict_contents(tensors, state)
    if isinstance(contents, DictContents):
        if contents.open or not all(isinstance(key, str) for key in contents.entries):
            return None
        return [Argument(value, keyword=key) for key, value in contents.entries.items()]
    items = items_of(tensors, state)
    return None if items is None else [Argument(item) for item in items]


def _of_function(mistyped: Mistyped, sure: bool, place: Place | None) -> Mistyped:
    """The same, as seen by the Estimator when it calls the function."""
    return replace(
        mistyped,
        field=_FIELD,
        part=f" result{mistyped.part}",
        exception=None,
        sure=sure,
        place=place,
    )
