"""What a step returns instead of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from estimator_lint.migration.skeleton.fields_by_hand import BY_HAND
from estimator_lint.migration.skeleton.name_paths import code_of
from estimator_lint.migration.skeleton.name_rewriting import dict_entries, in_parentheses
from estimator_lint.tensorflow_api.modes import Mode

#: The name of the metric that takes the mean of the loss over the batches of an evaluation.
MEAN_LOSS = "mean_loss"


@dataclass
class StepResult:
    """The replacement of a construction of a spec.

    Attributes:
        text: the expression.
        before: statements to run first.
        todos: what is left to do, in words.
        takes_mean_loss: it uses the metric ``MEAN_LOSS``.
    """

    text: str
    before: list[str] = field(default_factory=list)
    todos: list[str] = field(default_factory=list)
    takes_mean_loss: bool = False


def is_none(node: cst.BaseExpression | None) -> bool:
    """Whether an expression is missing or the word None."""
    return node is None or (isinstance(node, cst.Name) and node.value == "None")


def one_line(node: cst.BaseExpression) -> str:
    """The source of an expression on one line, as far as comments allow it."""
    return " ".join(code_of(node).split())


def step_result(
    mode: Mode,
    fields: Mapping[str, cst.BaseExpression],
    computed: Mapping[str, Sequence[str]],
    *,
    metric_objects: bool,
) -> StepResult:
    """The replacement of a spec with these fields.

    Args:
        mode: the mode that builds it.
        fields: the arguments by name, as written in the step.
        computed: for fields that are left to do by hand, the lines that compute them.
        metric_objects: the metrics of the function are objects of Keras, not results.
    """
    result = _RESULTS[mode](fields, metric_objects)
    for name, value in fields.items():
        modes, instead = BY_HAND.get(name, (frozenset(), ""))
        empty = isinstance(value, cst.List | cst.Tuple) and not value.elements
        if mode in modes and not is_none(value) and not empty:
            code = "".join(f"\n{text}" for text in computed.get(name, ()))
            result.todos.append(f"{name}={one_line(value)}: {instead}{code}")
    return result


def _trained(fields: Mapping[str, cst.BaseExpression], metric_objects: bool) -> StepResult:
    loss, train_op = fields.get("loss"), fields.get("train_op")
    result = StepResult("{}" if is_none(loss) else _entry("loss", loss))
    if is_none(loss):
        result.todos.append("there is no loss: return what fit() should show")
    if train_op is not None and not isinstance(train_op, cst.Name):
        result.before.append(code_of(train_op))
    return result


def _evaluated(fields: Mapping[str, cst.BaseExpression], metric_objects: bool) -> StepResult:
    loss = fields.get("loss")
    result = StepResult("")
    entries: list[str] = []
    if is_none(loss):
        result.todos.append("there is no loss: return what evaluate() should show")
    else:
        assert loss is not None
        entries.append(f'"loss": self.{MEAN_LOSS}({code_of(loss)})')
        result.takes_mean_loss = True
    metrics = fields.get("eval_metric_ops")
    if metrics is not None and not is_none(metrics):
        if metric_objects:
            items = f"{in_parentheses(code_of(metrics))}.items()"
            entries.append(f"**{{name: metric.result() for name, metric in {items}}}")
        else:
            entries += dict_entries(metrics)
    on_host = fields.get("eval_metrics")
    if on_host is not None and not is_none(on_host):
        entries += _of_host(on_host, result)
    result.text = "{" + ", ".join(entries) + "}"
    return result


def _of_host(metrics: cst.BaseExpression, result: StepResult) -> list[str]:
    """The metrics of a TPU spec: a function and its arguments."""
    if isinstance(metrics, cst.Tuple) and len(metrics.elements) == 2:
        function, tensors = (element.value for element in metrics.elements)
        star = "**" if isinstance(tensors, cst.Dict) else "*"
        given = in_parentheses(code_of(tensors))
        return [f"**{in_parentheses(code_of(function))}({star}{given})"]
    result.todos.append(f"eval_metrics={one_line(metrics)}: add what it measures")
    return []


def _predicted(fields: Mapping[str, cst.BaseExpression], metric_objects: bool) -> StepResult:
    predictions = fields.get("predictions")
    if predictions is None or is_none(predictions):
        return StepResult("{}", todos=["there are no predictions: return what predict() gives"])
    return StepResult(code_of(predictions))


def _entry(name: str, value: cst.BaseExpression | None) -> str:
    assert value is not None
    return f'{{"{name}": {code_of(value)}}}'


_RESULTS = {Mode.TRAIN: _trained, Mode.EVAL: _evaluated, Mode.PREDICT: _predicted}
