"""Fixes for MFN204 and MFN205: keys of no mode, or of another mode."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.tensorflow_api.modes import Mode, meant_mode


def _meant(case: Case) -> Iterator[Proposal]:
    """Replace a wrong key by the one that was probably meant."""
    for node in case.index.nodes_at(*case.place):
        if isinstance(node, ast.expr):
            mode = _mode_of(case, node)
            if mode is None:
                continue
            edit = _removed(case, node, mode)
            title = f"Remove it: the {mode} key is there already"
            if edit is None:
                edit = _replaced(case, node, mode)
                title = f"Compare with the {mode} key"
            yield Proposal(title, FixKind.UNSAFE, (edit,), frozenset({mode}))


def _mode_of(case: Case, node: ast.expr) -> Mode | None:
    match node:
        case ast.Constant(value=str() as word):
            return meant_mode(word)
        case ast.Attribute(attr=word):
            return meant_mode(word)
        case ast.Name(id=name):
            values = case.index.source.own_bindings.get(name, [])
            if len(values) == 1 and isinstance(values[0].node, ast.Constant):
                constant = values[0].node.value
                return meant_mode(constant) if isinstance(constant, str) else None
    return None


def _replaced(case: Case, node: ast.expr, mode: Mode) -> Edit:
    match node:
        case ast.Constant():
            quote = case.index.text(node)[-1]
            return case.index.replace(node, f"{quote}{mode.value}{quote}")
        case ast.Attribute(value=keys):
            if (case.analysis.definitions.path(keys) or "").endswith(".estimator.ModeKeys"):
                return case.index.replace(node, f"{case.index.text(keys)}.{mode.name}")
    return case.index.replace(node, case.analysis.spelling.key(mode))


def _removed(case: Case, node: ast.expr, mode: Mode) -> Edit | None:
    """An edit that removes a wrong key from several, if the right one is among them."""
    parent = next(case.index.around(node), None)
    if not isinstance(parent, ast.Tuple | ast.List | ast.Set):
        return None
    others = [element for element in parent.elts if element is not node]
    if not any(_is_key(case, element, mode) for element in others):
        return None
    position = parent.elts.index(node)
    if position + 1 < len(parent.elts):
        end = case.index.start(parent.elts[position + 1])
        if len(others) > 1 or not isinstance(parent, ast.Tuple):
            return Edit(*case.index.start(node), *end, "")
        return None
    comma = "," if isinstance(parent, ast.Tuple) and len(others) == 1 else ""
    start = case.index.end(parent.elts[position - 1])
    rest = case.index.between(case.index.end(node), case.index.end(parent))
    return None if "," in rest else Edit(*start, *case.index.end(node), comma)


def _is_key(case: Case, node: ast.expr, mode: Mode) -> bool:
    if isinstance(node, ast.Constant):
        return node.value == mode.value
    path = case.analysis.definitions.path(node) or ""
    return path.endswith(f".ModeKeys.{mode.name}")


def _own(case: Case) -> Iterator[Proposal]:
    """Build the spec with the function's ``mode``."""
    node = case.expression
    mode = None if node is None else case.analysis.spelling.mode_at(node)
    if node is not None and mode is not None:
        edit = case.index.replace(node, mode)
        yield Proposal("Build the spec with the current mode", FixKind.UNSAFE, (edit,))


MODE_KEY_FIXERS = (Fixer("MFN204", _meant), Fixer("MFN205", _own))
