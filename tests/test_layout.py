"""Data flows one way: the rules for imports, including those for types, and the sizes of files.

setup.cfg declares the layers, under ``importlinter``.
"""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "estimator_lint"

#: Folders and files within a folder of the package import one another without cycles.
FOLDERS = sorted({path.parent for path in PACKAGE.rglob("*.py")})


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(PACKAGE).as_posix() for folder in FOLDERS]
)
def test_imports_go_one_way(folder: Path) -> None:
    graph: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        here = _part_of(folder, path)
        taken = {_part_of(folder, target) for target in _imported(path)}
        graph.setdefault(here, set()).update(taken - {here, ""})
    # A package's ``__init__`` may import its modules.
    graph.pop("__init__.py", None)
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError


def test_files_are_of_a_size_to_be_read() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert [path.name for path, lines in sizes.items() if lines > 400] == []


def test_functions_fit_a_screen() -> None:
    functions = [
        (path.name, node.name, node.end_lineno - node.lineno)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None
    ]
    assert [each for each in functions if each[2] > 60] == []


def _part_of(folder: Path, path: Path) -> str:
    """The file or folder in ``folder`` that a file belongs to; empty for files elsewhere."""
    return path.relative_to(folder).parts[0] if path.is_relative_to(folder) else ""


def _imported(path: Path) -> Iterator[Path]:
    """The files of the package that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for name in [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]:
                yield from _file_of(name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from _file_of(alias.name)


def _file_of(module: str) -> Iterator[Path]:
    place = PACKAGE.parent.joinpath(*module.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file() and path.is_relative_to(PACKAGE):
            yield path
