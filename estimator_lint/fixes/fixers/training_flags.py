"""Fixes for MFN504: tell layers whether the mode is TRAIN."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from estimator_lint.fixes.added_arguments import add_argument, given
from estimator_lint.fixes.fix import FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.rules.applied_layers import applications, builds_keras_models
from estimator_lint.tensorflow_api.layer_functions import layer_call
from estimator_lint.tensorflow_api.modes import Mode

if TYPE_CHECKING:
    from estimator_lint.fixes.fix import Edit


def _told(case: Case) -> Iterator[Proposal]:
    """Pass ``training``: whether the mode is TRAIN."""
    if _has_updates_nobody_sees(case):
        return
    for node in case.index.nodes_at(*case.place):
        if not isinstance(node, ast.Call):
            continue
        flag = _flag_before(case, node) or _comparison(case, node)
        if flag is not None:
            edit = _telling(case, node, flag)
            yield Proposal(f"Pass 'training={flag}'", FixKind.UNSAFE, (edit,))


def _has_updates_nobody_sees(case: Case) -> bool:
    """Whether the applied layer normalizes, in a Keras model that the function builds from parts.

    In training, its updates would have to be run, and MFN503 does not check that there.
    """
    for function in case.analysis.functions:
        trace = function.traces[Mode.TRAIN]
        if not builds_keras_models(trace):
            continue
        for returned in trace.returns:
            for applied in applications(returned, trace):
                position = applied.watched.place.position()
                if (position.line, position.column) == case.place and any(
                    layer.kind.keras and layer.kind.normalizes for layer in applied.layers
                ):
                    return True
    return False


def _telling(case: Case, call: ast.Call, flag: str) -> Edit:
    layer = layer_call(case.analysis.definitions.path(call.func) or "")
    present = given(call, "training", None if layer is None else layer.training)
    if present is not None:
        return case.index.replace(present, flag)
    return add_argument(case.index, call, f"training={flag}")


def _comparison(case: Case, call: ast.Call) -> str | None:
    mode = case.analysis.spelling.mode_at(call)
    return None if mode is None else f"{mode} == {case.analysis.spelling.key(Mode.TRAIN)}"


def _flag_before(case: Case, call: ast.Call) -> str | None:
    """A variable of the function that is true in TRAIN and false in the other modes."""
    comparison = _comparison(case, call)
    if comparison is None:
        return None
    scope = case.index.scope_of(call)
    for statement in getattr(scope, "body", ()) if not isinstance(scope, ast.Lambda) else ():
        match statement:
            case ast.Assign(targets=[ast.Name() as target], value=ast.Compare() as value):
                if statement.lineno < call.lineno and ast.unparse(value) == comparison:
                    if case.analysis.is_bound_once(target):
                        return target.id
    return None


TRAINING_FLAG_FIXERS = (Fixer("MFN504", _told),)
