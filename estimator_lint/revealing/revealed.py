"""The values of the expressions on a line, mode by mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from estimator_lint.tensorflow_api.modes import Mode

#: Shown for an expression in a mode that never runs its line.
NEVER_RUNS = "never runs"
#: Shown for one that no path reaches, although its line runs.
NOT_REACHED = "not reached"
#: Shown for one at which paths end, because Python or TensorFlow raises.
RAISES = "raises"


@dataclass(frozen=True)
class RevealedExpression:
    """An expression, or a name that a statement assigns to.

    Attributes:
        source: its text, on one line.
        line, column, end_line, end_column: where it is; lines 1-based, columns 0-based, in
            code points, the end after the last character.
        values: its possible values in each mode, in words; for a name, after the statement.
        cell: in a notebook, the cell that the lines are counted in.
    """

    source: str
    line: int
    column: int
    end_line: int
    end_column: int
    values: Mapping[Mode, str]
    cell: int | None = None


@dataclass(frozen=True)
class RevealedFunction:
    """A line, when a model function runs.

    Attributes:
        name: the model function's.
        runs: for each mode, whether some path reaches the line.
        expressions: the requested ones, in the order of the text.
    """

    name: str
    runs: Mapping[Mode, bool]
    expressions: tuple[RevealedExpression, ...]


@dataclass(frozen=True)
class Revealed:
    """The result for a line.

    Attributes:
        line: 1-based; in a notebook, in its cell.
        functions: the model functions that contain or reach the line, in the order of the file.
    """

    line: int
    functions: tuple[RevealedFunction, ...]
