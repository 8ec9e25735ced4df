"""Fixes for MFN502 and MFN503: run the updates of moving averages before each training step."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.fixes.indenting import put_under
from estimator_lint.tensorflow_api.layer_functions import is_functional, is_sequential, layer_call


def _of_collection(case: Case) -> Iterator[Proposal]:
    """Make the step depend on the collection UPDATE_OPS."""
    collection = case.analysis.spelling.tensorflow("get_collection")
    keys = case.analysis.spelling.tensorflow("GraphKeys.UPDATE_OPS")
    yield from _depending_on(case, f"{collection}({keys})")


def _of_layers(case: Case) -> Iterator[Proposal]:
    """Make the step depend on the updates that Keras layers keep."""
    node = case.expression
    layers = None if node is None else _normalizing(case, node)
    if layers:
        updates = " + ".join(f"{layer.name}.updates" for layer in layers)
        naming = tuple(edit for layer in layers for edit in layer.naming)
        yield from _depending_on(case, updates, naming)


def _depending_on(case: Case, updates: str, others: tuple[Edit, ...] = ()) -> Iterator[Proposal]:
    node = case.expression
    dependencies = case.analysis.spelling.tensorflow("control_dependencies")
    statement = None if node is None else case.index.statement_of(node)
    if dependencies is None or node is None or statement is None:
        return
    if isinstance(case.index.scope_of(node), ast.Lambda):
        return  # it makes the step when it is called, perhaps after the block
    edits = put_under(case.index, statement, f"with {dependencies}({updates}):")
    if edits is not None:
        title = "Run the updates of the moving averages before the step"
        yield Proposal(title, FixKind.UNSAFE, (*others, *edits))


@dataclass(frozen=True)
class _Layer:
    """A layer or model that may normalize.

    Attributes:
        name: the variable that holds it.
        naming: the edits that introduce that variable.
    """

    name: str
    naming: tuple[Edit, ...] = ()


def _normalizing(case: Case, step: ast.expr) -> list[_Layer] | None:
    """The Keras layers and models of the function that may normalize.

    None if one of them has no name where the step is made.
    """
    layers: list[_Layer] = []
    for node in case.index.inside(case.index.scope_of(step)):
        if isinstance(node, ast.Call) and node.lineno < step.lineno and _may_normalize(case, node):
            parent = next(case.index.around(node), None)
            if isinstance(parent, ast.List | ast.Tuple):
                continue  # a layer in a model
            layer = _named(case, node, parent, {layer.name for layer in layers})
            if layer is None or any(
                isinstance(each, ast.For | ast.While | ast.Lambda | ast.comprehension)
                for each in case.index.around(node)
            ):
                return None
            layers.append(layer)
    places = [layer.naming[0].start for layer in layers if layer.naming]
    return layers if len(places) == len(set(places)) else None


def _named(case: Case, call: ast.Call, parent: ast.AST | None, taken: set[str]) -> _Layer | None:
    """A layer with its variable, which is introduced if the layer is applied at once."""
    match parent:
        case ast.Assign(targets=[ast.Name() as target]):
            return _Layer(target.id) if case.analysis.is_bound_once(target) else None
        case ast.Call(func=func) if func is call:
            statement = case.index.statement_of(call)
            if not isinstance(statement, ast.Assign | ast.Return | ast.Expr):
                return None
            indentation = case.index.before(statement)
            name = case.analysis.new_name("normalize", taken)
            if indentation.strip():
                return None
            assignment = f"{name} = {case.index.text(call)}\n{indentation}"
            return _Layer(
                name,
                (case.index.insert_before(statement, assignment), case.index.replace(call, name)),
            )
    return None


def _may_normalize(case: Case, call: ast.Call) -> bool:
    path = case.analysis.definitions.path(call.func) or ""
    layer = layer_call(f"{path}()")
    if layer is not None:
        return layer.normalizes and layer.keras
    return is_sequential(path) or is_functional(path)


LAYER_UPDATE_FIXERS = (Fixer("MFN502", _of_collection), Fixer("MFN503", _of_layers))
