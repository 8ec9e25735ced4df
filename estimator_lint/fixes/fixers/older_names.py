"""Fixes for MFN901: names that a version has under ``tf.compat.v1`` only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.tensorflow_api.exports import exports

_ROOT: Final = "tensorflow"
_V1: Final = "tensorflow.compat.v1"


def _of_v1(case: Case) -> Iterator[Proposal]:
    """An attribute of ``tf`` becomes one of ``tf.compat.v1``."""
    for node in case.index.nodes_at(*case.place):
        if not isinstance(node, ast.Attribute):
            continue
        path = case.analysis.definitions.path(node)
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and case.analysis.definitions.path(root) == _ROOT:
            if path is not None and _is_there(case, path):
                edit = case.index.insert_after(root, ".compat.v1")
                yield Proposal(f"Use '{root.id}.compat.v1'", FixKind.SAFE, (edit,))
        return


def _imported_from_v1(case: Case) -> Iterator[Proposal]:
    """``from tensorflow.train import`` becomes ``from tensorflow.compat.v1.train import``."""
    for node in case.index.nodes_at(*case.place):
        statement = next(case.index.around(node), None)
        if not isinstance(node, ast.alias) or not isinstance(statement, ast.ImportFrom):
            continue
        module = statement.module or ""
        if all(_is_there(case, f"{module}.{alias.name}") for alias in statement.names):
            edit = _module_replaced(case, statement, module)
            if edit is not None:
                yield Proposal(f"Import from '{edit.text}'", FixKind.SAFE, (edit,))


def _is_there(case: Case, path: str) -> bool:
    """Whether the version has a name of TensorFlow's under ``tf.compat.v1``."""
    version = case.analysis.settings.tensorflow_version
    if version is None or not path.startswith(f"{_ROOT}."):
        return False
    older = path.replace(_ROOT, _V1, 1)
    if path.startswith(f"{_V1}.") or exports().missing(older, version) is not None:
        return False
    names = exports().names_of(version)
    parts = older.split(".")[1:]
    # Of a class, what it has is not listed.
    return ".".join(parts) in names or ".".join(parts[:-1]) in names


def _module_replaced(case: Case, statement: ast.ImportFrom, module: str) -> Edit | None:
    line, column = case.index.start(statement)
    text = case.index.source.lines[line - 1][column:]
    found = re.match(rf"from\s+({re.escape(module)})\s+import\b", text)
    if found is None:
        return None
    new = module.replace(_ROOT, _V1, 1)
    return Edit(line, column + found.start(1), line, column + found.end(1), new)


OLDER_NAME_FIXERS = (Fixer("MFN901", _of_v1), Fixer("MFN901", _imported_from_v1))
