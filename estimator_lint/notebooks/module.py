"""A notebook as one module, and the mapping from the module's lines to places in cells."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from estimator_lint.notebooks.document import CodeCell, NotebookError, code_cells
from estimator_lint.notebooks.ipython_syntax import python_lines
from estimator_lint.syntax.parsed_text import module_tree
from estimator_lint.syntax.syntax_errors import syntax_problem

_IMPORT: Final = re.compile(r"(import|from)\b")
#: Lines of one import statement; what is longer is hardly one.
_MAX_IMPORT_LINES: Final = 40


@dataclass(frozen=True)
class CellPlace:
    """A line of a notebook.

    Attributes:
        cell: the number of the cell among all cells, from 1 on.
        line: the line in it, from 1 on.
        raw_line: the line of the notebook's file, from 1 on.
    """

    cell: int
    line: int
    raw_line: int


@dataclass(frozen=True)
class BrokenCell:
    """A cell that can't be parsed, so that only its imports are in the module."""

    place: CellPlace
    column: int
    reason: str


@dataclass
class Notebook:
    """The module that the code cells of a notebook make up.

    Attributes:
        lines: the lines of the module, with their ends.
        broken: the cells of which it has no more than the imports.
    """

    lines: list[str] = field(default_factory=list)
    broken: list[BrokenCell] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _cells: list[CodeCell] = field(default_factory=list)

    def place(self, line: int) -> CellPlace:
        """The place in a cell of a 1-based line of the module."""
        index = max(0, bisect_right(self._starts, line) - 1)
        return _place(self._cells[index], line - self._starts[index] + 1)

    @property
    def cells(self) -> list[tuple[int, int, int]]:
        """For each cell of the module, its number, and its first and last line there."""
        return [
            (cell.number, start, start + len(cell.lines) - 1)
            for cell, start in zip(self._cells, self._starts, strict=True)
        ]

    def _add(self, cell: CodeCell, lines: list[str]) -> None:
        self._starts.append(len(self.lines) + 1)
        self._cells.append(cell)
        self.lines += [f"{line}\n" for line in lines]


def read_notebook(data: bytes) -> Notebook:
    """The module of a notebook's file.

    Raises:
        NotebookError: it is not a notebook with Python code.
    """
    cells = code_cells(data)
    if not cells:
        raise NotebookError("a notebook without code cells", is_failure=False)
    return module_of(cells)


def module_of(cells: Iterable[CodeCell]) -> Notebook:
    """The module that the code cells make up."""
    notebook = Notebook()
    for cell in cells:
        lines = python_lines(cell.lines)
        if lines is None:
            continue
        broken = _broken(cell, lines)
        if broken is not None:
            notebook.broken.append(broken)
            lines = _imports_alone(lines)
        if broken is None or any(lines):
            notebook._add(cell, lines)
    return notebook


def _imports_alone(lines: list[str]) -> list[str]:
    """The lines without those that belong to no import at the top level.

    What the other cells mean depends on the imports, of TensorFlow above all.
    """
    kept = [""] * len(lines)
    for start, line in enumerate(lines):
        if _IMPORT.match(line):
            for end in range(start + 1, min(start + _MAX_IMPORT_LINES, len(lines)) + 1):
                if _are_imports("\n".join(lines[start:end])):
                    kept[start:end] = lines[start:end]
                    break
    return kept


def _are_imports(text: str) -> bool:
    try:
        statements = module_tree(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in statements)


def _broken(cell: CodeCell, lines: list[str]) -> BrokenCell | None:
    text = "\n".join(lines)
    try:
        module_tree(text)
    except SyntaxError as error:
        reason = syntax_problem(error, lines)
        line = min(error.lineno or 1, len(lines))
        return BrokenCell(_place(cell, line), error.offset or 1, reason)
    except (ValueError, RecursionError, MemoryError) as error:
        reason = f"{type(error).__name__}: {error or 'nested too deeply'}"
        return BrokenCell(_place(cell, 1), 1, reason)
    return None


def _place(cell: CodeCell, line: int) -> CellPlace:
    return CellPlace(cell.number, line, cell.raw_lines[min(line, len(cell.raw_lines)) - 1])
