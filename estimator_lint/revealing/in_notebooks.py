"""Places in the cells of a notebook, which is evaluated as one module."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from estimator_lint.revealing.reveal import reveal_in
from estimator_lint.revealing.revealed import Revealed, RevealedExpression

if TYPE_CHECKING:
    from estimator_lint.notebooks.module import Notebook
    from estimator_lint.settings import Settings


def reveal_in_cell(
    notebook: Notebook,
    filename: str,
    cell: int | None,
    line: int,
    column: int | None,
    settings: Settings,
) -> Revealed | None:
    """Like ``reveal_in``, with lines counted in cells; None: there is no such line.

    Raises:
        SyntaxError, ValueError, RecursionError: ``ast`` can't parse the module of the notebook.
    """
    for number, first, last in notebook.cells:
        if number == cell and line <= last - first + 1:
            text = "".join(notebook.lines)
            found = reveal_in(text, filename, first + line - 1, column, settings)
            functions = tuple(
                replace(
                    each, expressions=tuple(_in_cell(one, notebook) for one in each.expressions)
                )
                for each in found.functions
            )
            return Revealed(line, functions)
    return None


def _in_cell(expression: RevealedExpression, notebook: Notebook) -> RevealedExpression:
    start, end = notebook.place(expression.line), notebook.place(expression.end_line)
    return replace(expression, line=start.line, end_line=end.line, cell=start.cell)
