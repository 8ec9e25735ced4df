"""Expressions that may fill a field of a spec: of the function, or to be completed."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from typing import Final

from estimator_lint.fixes.added_arguments import given
from estimator_lint.fixes.fixer import Case
from estimator_lint.syntax.parsed_text import expression_tree
from estimator_lint.tensorflow_api.results import is_v1_optimizer, returns_tensor
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
    return _choices(case, node, found)


def skeletons_for(case: Case, node: ast.AST, field: str) -> list[str]:
    """Expressions for the user to complete, of what is known: if the function has no better ones.

    A loss is computed as in another branch, or from the labels and an output of the model; a
    training step reduces such a loss.
    """
    match field:
        case "loss":
            found = [*_losses_elsewhere(case, node), *_loss_of_outputs(case, node)]
        case "train_op":
            losses = skeletons_for(case, node, "loss")[:1]
            found = [step for loss in losses for step in steps_of(case, node, loss)]
        case "predictions":
            found = [f'{{"{name}": {name}}}' for name in _tensors(case, node)]
        case _:
            found = []
    return _choices(case, node, found)


def _choices(case: Case, node: ast.AST, found: Iterable[str]) -> list[str]:
    """The first few expressions that mean something at a node.

    A variable of a comprehension or of an inner function does not.
    """
    visible = set(dir(builtins)) | set(case.analysis.source.bindings)
    for function in case.index.functions_around(node):
        visible |= set(case.analysis.definitions.scopes[function].times_bound)
    different = dict.fromkeys(found)
    return [each for each in different if _names_read(each) <= visible][:MOST_CHOICES]


def _names_read(expression: str) -> set[str]:
    """The names that an expression takes from around it."""
    nodes = list(ast.walk(expression_tree(expression)))
    own = {each.arg for each in nodes if isinstance(each, ast.arg)}
    names = [each for each in nodes if isinstance(each, ast.Name)]
    own |= {each.id for each in names if not isinstance(each.ctx, ast.Load)}
    return {each.id for each in names} - own


def _losses_elsewhere(case: Case, node: ast.AST) -> Iterator[str]:
    """The calls of loss functions in the function."""
    for each in case.index.inside(case.index.scope_of(node)):
        if isinstance(each, ast.Call) and _is_loss(_called_path(case, each) or ""):
            yield from _on_one_line(case, each)


def _loss_of_outputs(case: Case, node: ast.AST) -> Iterator[str]:
    """A loss function for the user to replace, of the labels and what the model gives."""
    function = case.analysis.spelling.tensorflow("losses.mean_squared_error")
    labels = _labels(case, node)
    if function is not None and labels is not None:
        for output in dict.fromkeys([*_predicted(case, node), *_tensors(case, node)]):
            yield f"{function}({labels}, {output})"


def _labels(case: Case, node: ast.AST) -> str | None:
    """The parameter that gets the labels; None if the function around a node has none."""
    scope = case.index.scope_of(node)
    for function in case.analysis.functions:
        if function.function.node is scope:
            name = next(iter(function.traces.values())).labels_name
            arguments = function.function.node.args
            parameters = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
            return name if any(each.arg == name for each in parameters) else None
    return None


def _predicted(case: Case, node: ast.AST) -> Iterator[str]:
    """The variables of which the function's specs predict something."""
    bound = _variables(case, node)
    for expression in _given_elsewhere(case, node, "predictions"):
        pending: list[ast.AST] = [expression_tree(expression)]
        while pending:
            each = pending.pop(0)
            if isinstance(each, ast.Name) and each.id in bound:
                values = [value for name, value in bound.items() if name == each.id]
                pending += [value for value in values if isinstance(value, ast.Dict)]
                if not any(isinstance(value, ast.Dict) for value in values):
                    yield each.id
            pending += ast.iter_child_nodes(each)


def _variables(case: Case, node: ast.AST) -> dict[str, ast.expr]:
    """The variables that the function assigns to, with the last value of each."""
    return {
        each.targets[0].id: each.value
        for each in case.index.inside(case.index.scope_of(node))
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
    }


def _tensors(case: Case, node: ast.AST) -> Iterator[str]:
    """The variables that hold tensors of TensorFlow functions, the last one first."""
    for name, path in reversed(list(_results(case, node))):
        if returns_tensor(path) and not _is_loss(path):
            yield name


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
    while isinstance(expression, ast.NamedExpr):  # its parentheses are not part of it
        expression = expression.value
    if isinstance(expression, ast.Yield | ast.YieldFrom):
        return
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
    """A step that reduces a loss of the function."""
    present = given(node, "loss") if isinstance(node, ast.Call) else None
    losses = [*_on_one_line(case, present)] if present is not None else []
    losses += expressions_for(case, node, "loss")
    for loss in losses[:1]:
        yield from steps_of(case, node, loss)


def steps_of(case: Case, node: ast.AST, loss: str) -> Iterator[str]:
    """A step of an optimizer in the function, or else of one for the user to choose."""
    step = case.analysis.spelling.tensorflow("train.get_global_step")
    adam = case.analysis.spelling.tensorflow("train.AdamOptimizer")
    optimizers = [name for name, path in _results(case, node) if is_v1_optimizer(path)]
    optimizers += [f"{adam}()"] if adam is not None and not optimizers else []
    if step is not None:
        for optimizer in optimizers:
            yield f"{optimizer}.minimize({loss}, global_step={step}())"


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
