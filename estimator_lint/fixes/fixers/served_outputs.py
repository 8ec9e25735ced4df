"""Fixes for MFN307: make one of several outputs the default."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.fixes.fix import FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.tensorflow_api.field_checks import DEFAULT_SIGNATURE


def _default(case: Case) -> Iterator[Proposal]:
    """Give an output the default name; the user has to choose which one."""
    node = case.expression
    displays = [] if node is None else _displays(case, node)
    for display in displays:
        for key, value in zip(display.keys, display.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                continue
            title = f"Serve '{key.value}' by default"
            if isinstance(value, ast.Name):
                # It is also kept under its own name.
                entry = f'"{DEFAULT_SIGNATURE}": {value.id}'
                edit = case.index.insert_after(value, f", {entry}")
            else:
                edit = case.index.replace(key, f'"{DEFAULT_SIGNATURE}"')
            yield Proposal(title, FixKind.SHOWN, (edit,))


def _as_outputs(case: Case) -> Iterator[Proposal]:
    """Wrap what is served: tensors into outputs, an output into a dict."""
    node = case.expression
    output = case.analysis.spelling.tensorflow("estimator.export.PredictOutput")
    if node is None:
        return
    edits = case.index.surround(node, f'{{"{DEFAULT_SIGNATURE}": ', "}")
    yield Proposal("Serve it by default", FixKind.SHOWN, edits)
    for display in _displays(case, node) if output is not None else ():
        tensors = [value for value in display.values if not isinstance(value, ast.Call)]
        wrapped = [
            edit for value in tensors for edit in case.index.surround(value, f"{output}(", ")")
        ]
        if wrapped:
            yield Proposal(f"Serve it as '{output}'", FixKind.SHOWN, tuple(wrapped))


def _displays(case: Case, node: ast.expr) -> list[ast.Dict]:
    """The dict displays that a field may be given."""
    found: list[ast.expr] = [node]
    if isinstance(node, ast.Name):
        found = case.analysis.assigned_to(node)
    return [display for display in found if isinstance(display, ast.Dict)]


SERVED_OUTPUT_FIXERS = (Fixer("MFN307", _default), Fixer("MFN307", _as_outputs))
