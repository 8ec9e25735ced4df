"""What a function has at hand for a field of a spec, as expressions in its own words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from estimator_lint.fixes.added_arguments import given
from estimator_lint.fixes.fixer import Case
from estimator_lint.tensorflow_api.results import is_v1_optimizer
from estimator_lint.tensorflow_api.symbols import short_name
from estimator_lint.tensorflow_api.train_op_functions import makes_a_step

#: More choices than this are none.
MOST_CHOICES: Final = 3
#: Longer expressions are not written a second time.
_LONGEST: Final = 60
#: What loss functions call what the model computes, and where it stands among their arguments.
_OUTPUTS: Final = ("logits", "predictions")
_OUTPUT_POSITION: Final = 1


def expressions_for(case: Case, node: ast.AST, field: str) -> list[str]:
    """What a spec where a node stands may be given for a field, the likeliest first."""
    found = [
        *_given_elsewhere(case, node, field),
        *_called_alike(case, node, field),
        *_made_for(case, node, field),
    ]
    return list(dict.fromkeys(found))[:MOST_CHOICES]


def _given_elsewhere(case: Case, node: ast.AST, field: str) -> Iterator[str]:
    """What other specs of the function are given for the field."""
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
    """The variables of the function that are called like the field."""
    scope = case.index.scope_of(node)
    names = {
        each.id
        for each in case.index.inside(scope)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    part = field.removesuffix("s")
    return sorted((name for name in names if part in name), key=lambda name: (len(name), name))


def _made_for(case: Case, node: ast.AST, field: str) -> Iterator[str]:
    """What the function makes for the field: by a loss function, an optimizer, its layers."""
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


def _results(case: Case, node: ast.AST) -> Iterator[tuple[str, str]]:
    """The variables that calls of TensorFlow's are assigned to, with what is called."""
    for each in case.index.inside(case.index.scope_of(node)):
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                path = case.analysis.called_paths.get(
                    (*case.index.start(call), *case.index.end(call))
                )
                if path is not None:
                    yield name, path


def _training_step(case: Case, node: ast.AST) -> Iterator[str]:
    """A step of an optimizer of the function, or else of one that is to be chosen."""
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
    """The variables that a loss function is given for what the model computes."""
    for each in case.index.inside(case.index.scope_of(node)):
        if not isinstance(each, ast.Call):
            continue
        path = case.analysis.called_paths.get((*case.index.start(each), *case.index.end(each)))
        if path is None:
            continue
        position = _OUTPUT_POSITION if _is_loss(path) else None
        for keyword in _OUTPUTS:
            output = given(each, keyword, position)
            if isinstance(output, ast.Name):
                yield output.id
