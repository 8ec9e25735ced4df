"""Expressions of a function that may fill a field of a spec."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from estimator_lint.fixes.added_arguments import given
from estimator_lint.fixes.fixer import Case
from estimator_lint.tensorflow_api.results import is_v1_optimizer
from estimator_lint.tensorflow_api.symbols import short_name
from estimator_lint.tensorflow_api.train_op_functions import makes_a_step

#: At most this many candidates are offered.
MOST_CHOICES: Final = 3
#: Longer expressions are not repeated.
_LONGEST: Final = 60
#: The name and position of the argument of loss functions for the model's output.
_OUTPUTS: Final = ("logits", "predictions")
_OUTPUT_POSITION: Final = 1


def expressions_for(case: Case, node: ast.AST, field: str) -> list[str]:
    """The candidates for a field of a spec at a node, the likeliest first."""
    found = [
        *_given_elsewhere(case, node, field),
        *_called_alike(case, node, field),
        *_made_for(case, node, field),
    ]
    return list(dict.fromkeys(found))[:MOST_CHOICES]


def _given_elsewhere(case: Case, node: ast.AST, field: str) -> Iterator[str]:
    """The values that other specs of the function have for the field."""
    scope = case.index.scope_of(node)
    for visit in case.analysis.visits():
        if field in visit.field_places and field not in visit.missing:
            position = visit.field_places[field].position()
            expression = case.index.expression_at(position.line, position.column)
            if expression is not None and case.index.scope_of(expression) is scope:
                yield from _on_one_line(case, expression)


def _on_one_line(case: Case, expression: ast.expr) -> Iterator[str]:
    parent = next(case.index.around(expression), None)
    is_unpacked = isinstance(parent, ast.Starred) or (
        isinstance(parent, ast.keyword) and parent.arg is None
    )
    text = case.index.text(expression)
    if isinstance(expression, ast.Constant) or is_unpacked or "\n" in text or "#" in text:
        return
    if len(text) <= _LONGEST:
        yield text


def _called_alike(case: Case, node: ast.AST, field: str) -> list[str]:
    """The variables of the function that are named like the field."""
    scope = case.index.scope_of(node)
    names = {
        each.id
        for each in case.index.inside(scope)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    part = field.removesuffix("s")
    return sorted((name for name in names if part in name), key=lambda name: (len(name), name))


def _made_for(case: Case, node: ast.AST, field: str) -> Iterator[str]:
    """The values that the function's losses, optimizers or layers make for the field."""
    match field:
        case "loss":
            yield from (name for name, path in _results(case, node) if _is_loss(path))
        case "train_op":
            yield from (name for name, path in _results(case, node) if makes_a_step(path))
            yield from _training_step(case, node)
        case "predictions":
            for name in _outputs(case, node):
                yield f'{{"{name}": {name}}}'


def _is_loss(path: str) -> bool:
    return (short_name(path) or "").startswith("losses.")


def _called_path(case: Case, call: ast.Call) -> str | None:
    """The path of the function that a call calls; None if it is unknown."""
    return case.analysis.called_paths.get((*case.index.start(call), *case.index.end(call)))


def _results(case: Case, node: ast.AST) -> Iterator[tuple[str, str]]:
    """The variables that hold results of TensorFlow calls, with the called functions."""
    for each in case.index.inside(case.index.scope_of(node)):
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                path = _called_path(case, call)
                if path is not None:
                    yield name, path


def _training_step(case: Case, node: ast.AST) -> Iterator[str]:
    """A step of an optimizer in the function, or else of one for the user to choose."""
    step = case.analysis.spelling.tensorflow("train.get_global_step")
    adam = case.analysis.spelling.tensorflow("train.AdamOptimizer")
    present = given(node, "loss") if isinstance(node, ast.Call) else None
    losses = [*_on_one_line(case, present)] if present is not None else []
    losses += expressions_for(case, node, "loss")
    optimizers = [name for name, path in _results(case, node) if is_v1_optimizer(path)]
    optimizers += [f"{adam}()"] if adam is not None and not optimizers else []
    if step is not None and losses:
        for optimizer in optimizers:
            yield f"{optimizer}.minimize({losses[0]}, global_step={step}())"


def _outputs(case: Case, node: ast.AST) -> Iterator[str]:
    """The variables that are passed to a loss function as the model's output."""
    for each in case.index.inside(case.index.scope_of(node)):
        if not isinstance(each, ast.Call):
            continue
        path = _called_path(case, each)
        if path is None:
            continue
        position = _OUTPUT_POSITION if _is_loss(path) else None
        for keyword in _OUTPUTS:
            output = given(each, keyword, position)
            if isinstance(output, ast.Name):
                yield output.id
