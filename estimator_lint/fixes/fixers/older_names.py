"""Fixes for MFN901: names that a version only has under ``tf.compat.v1``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Final

from estimator_lint.fixes.added_arguments import removals
from estimator_lint.fixes.fix import Edit, FixKind
from estimator_lint.fixes.fixer import Case, Fixer, Proposal
from estimator_lint.tensorflow_api.exports import exports

_ROOT: Final = "tensorflow"
_V1: Final = "tensorflow.compat.v1"


def _of_v1(case: Case) -> Iterator[Proposal]:
    """Turn an attribute of ``tf`` into one of ``tf.compat.v1``."""
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
    """Turn ``from tensorflow.train import`` into ``from tensorflow.compat.v1.train import``.

    Names that the version still has in the original module stay in a separate statement: under
    ``tf.compat.v1`` they may be something else.
    """
    for node in case.index.nodes_at(*case.place):
        statement = next(case.index.around(node), None)
        if not isinstance(node, ast.alias) or not isinstance(statement, ast.ImportFrom):
            continue
        module = statement.module or ""
        gone = [alias for alias in statement.names if _is_gone(case, f"{module}.{alias.name}")]
        older = [alias for alias in gone if _is_there(case, f"{module}.{alias.name}")]
        title = f"Import from '{_of_compat(module)}'"
        if older and len(older) == len(statement.names):
            edit = _module_replaced(case, statement, module)
            if edit is not None:
                yield Proposal(title, FixKind.SAFE, (edit,))
        elif node in older:
            yield Proposal(title, FixKind.SAFE, _moved(case, statement, older))


def _of_compat(module: str) -> str:
    return module.replace(_ROOT, _V1, 1)


def _moved(case: Case, statement: ast.ImportFrom, names: Sequence[ast.alias]) -> tuple[Edit, ...]:
    """Edits that import some of the names of a statement from ``tf.compat.v1``."""
    index = case.index
    before = index.before(statement)
    end = f"\n{before}" if not before.strip() else "; "
    text = ", ".join(map(index.text, names))
    new = f"from {_of_compat(statement.module or '')} import {text}{end}"
    return (index.insert_before(statement, new), *removals(index, names, statement.names))


def _is_gone(case: Case, path: str) -> bool:
    version = case.analysis.settings.tensorflow_version
    return version is not None and exports().missing(path, version) is not None


def _is_there(case: Case, path: str) -> bool:
    """Whether the version has a TensorFlow name under ``tf.compat.v1``."""
    version = case.analysis.settings.tensorflow_version
    if version is None or not path.startswith(f"{_ROOT}."):
        return False
    older = _of_compat(path)
    if path.startswith(f"{_V1}.") or exports().missing(older, version) is not None:
        return False
    names = exports().names_of(version)
    parts = older.split(".")[1:]
    # The attributes of a class are not listed.
    return ".".join(parts) in names or ".".join(parts[:-1]) in names


def _module_replaced(case: Case, statement: ast.ImportFrom, module: str) -> Edit | None:
    line, column = case.index.start(statement)
    text = case.index.source.lines[line - 1][column:]
    found = re.match(rf"from\s+({re.escape(module)})\s+import\b", text)
    if found is None:
        return None
    return Edit(line, column + found.start(1), line, column + found.end(1), _of_compat(module))


OLDER_NAME_FIXERS = (Fixer("MFN901", _of_v1), Fixer("MFN901", _imported_from_v1))
