"""Whether every statement of a model function is in its skeleton.

Each statement of the function first gets a comment of its own, which the skeleton has to keep: in a
step or method, or in a TODO.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from estimator_lint.discovery.definitions import Definitions
from estimator_lint.discovery.model_functions import ModelFunction, model_functions_of
from estimator_lint.migration.skeleton.layout import formatted
from estimator_lint.migration.skeleton.selection import SkeletonError
from estimator_lint.migration.skeleton.writing import skeleton_of
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile

_COMPOUND = (
    ast.If,
    ast.For,
    ast.While,
    ast.With,
    ast.Try,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Match,
)


def model_functions(path: Path) -> list[tuple[str, ModelFunction]]:
    """The model functions of a file, with names that ``skeleton_of`` takes."""
    try:
        source = SourceFile(path.read_text(encoding="utf-8"), filename=str(path))
        functions = model_functions_of(Definitions(source), Settings())
    except (SyntaxError, ValueError):
        return []
    return [(f"{each.qualified_name}:{each.node.lineno}", each) for each in functions]


def with_marks(text: str, function: ast.AST) -> tuple[str, list[str]]:
    """The text with a comment after each simple statement of the function; and the comments."""
    lines = text.split("\n")
    ends = {
        node.end_lineno or 0
        for node in ast.walk(function)
        if isinstance(node, ast.stmt) and node is not function and not isinstance(node, _COMPOUND)
    }
    marks: list[str] = []
    for end in sorted(ends):
        lines[end - 1] += f"  # mark {end} ends"
        marks.append(f"# mark {end} ends")
    marked = "\n".join(lines)
    try:
        ast.parse(marked)
    except SyntaxError:  # after a backslash, or within a string
        return text, []
    return marked, marks


def problems_of(path: Path, name: str, function: ModelFunction) -> Iterator[str]:
    """The problems of a function's skeleton."""
    text, marks = with_marks(path.read_text(encoding="utf-8"), function.node)
    try:
        skeleton = skeleton_of(text, str(path), name)
    except SkeletonError as reason:
        yield f"{path} {name}: {reason}"
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # some functions are deliberately wrong
            compile(skeleton, str(path), "exec")
    except SyntaxError as error:
        yield f"{path} {name}: {error}"
        return
    for mark in marks:
        if mark not in skeleton:
            yield f"{path} {name}: nothing is left of the statement with {mark!r}"
    if formatted(skeleton) != skeleton:
        yield f"{path} {name}: laid out again, it is another text"
    if "estimator_lint" in skeleton or "estimator-lint" in skeleton:
        yield f"{path} {name}: it names the linter"


def every_statement_is_there(paths: Iterable[Path]) -> Iterator[str]:
    """The problems of the skeletons of all functions of some files."""
    for path in paths:
        for name, function in model_functions(path):
            yield from problems_of(path, name, function)
