"""The targets of edits: the text of a Python file, or the cells of a notebook."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Protocol

from estimator_lint.fixes.fix import Edit
from estimator_lint.fixes.text_edits import apply_edits
from estimator_lint.notebooks.document import NotebookError, source_strings
from estimator_lint.notebooks.edited_cells import with_sources
from estimator_lint.notebooks.module import Notebook, read_notebook

_BYTE_ORDER_MARK: Final = "\ufeff"


class Editable(Protocol):
    """The content of a file, as a module that can be edited."""

    @property
    def content(self) -> str:
        """The content of the file."""
        ...

    @property
    def module(self) -> str:
        """The text of the module, to which edits refer."""
        ...

    def edited(self, edits: Iterable[Edit]) -> Editable | None:
        """The content with edits applied; None if they can't be."""
        ...


@dataclass(frozen=True)
class PythonText:
    """The text of a Python file."""

    content: str

    @property
    def module(self) -> str:
        """The same."""
        return self.content

    def edited(self, edits: Iterable[Edit]) -> PythonText:
        """The text with edits applied."""
        return PythonText(apply_edits(self.content, edits))


@dataclass(frozen=True)
class NotebookText:
    """The text of a notebook's file, with the module of its code cells."""

    content: str

    @cached_property
    def notebook(self) -> Notebook:
        """The cells as a module."""
        return read_notebook(self.content.encode())

    @property
    def module(self) -> str:
        """The text of the code cells."""
        return "".join(self.notebook.lines)

    @property
    def cells(self) -> dict[int, str]:
        """The sources of the code cells as they are written, by their numbers among all cells."""
        return {
            number: "".join(string.text for string in strings)
            for number, strings in source_strings(self._text).items()
        }

    @property
    def _text(self) -> str:
        return self.content.removeprefix(_BYTE_ORDER_MARK)

    def edited(self, edits: Iterable[Edit]) -> NotebookText | None:
        """The notebook with the cells edited.

        None if an edit crosses a cell boundary, or changes a line that is not Python.
        """
        mark = self.content[: len(self.content) - len(self._text)]
        old = self.cells
        by_cell = self._by_cell(edits, old)
        if by_cell is None:
            return None
        new = {number: apply_edits(old[number], within) for number, within in by_cell.items()}
        try:
            result = NotebookText(mark + with_sources(self._text, new))
            return result if not result.notebook.broken or self.notebook.broken else None
        except NotebookError:
            return None

    def _by_cell(
        self, edits: Iterable[Edit], sources: dict[int, str]
    ) -> dict[int, list[Edit]] | None:
        """The edits of each cell, with lines counted in the cell."""
        cells = self.notebook.cells
        starts = [first for _, first, _ in cells]
        found: dict[int, list[Edit]] = defaultdict(list)
        for edit in edits:
            number, first, last = cells[max(0, bisect_right(starts, edit.start_line) - 1)]
            if edit.end_line > last or not self._is_python(edit, sources[number], first):
                return None
            start, end = edit.start_line - first + 1, edit.end_line - first + 1
            found[number].append(replace(edit, start_line=start, end_line=end))
        return found

    def _is_python(self, edit: Edit, source: str, first: int) -> bool:
        """Whether the lines of an edit are the same in the cell as in the module."""
        lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return all(
            self.notebook.lines[line - 1] == f"{lines[line - first]}\n"
            for line in range(edit.start_line, edit.end_line + 1)
        )
