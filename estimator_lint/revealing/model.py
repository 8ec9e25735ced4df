"""What there is to say of a line and of the expressions on it, mode by mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from estimator_lint.tensorflow_api.modes import Mode

#: What is said of an expression in a mode in which its line never runs.
NEVER_RUNS = "never runs"
#: What is said of one that no path comes to, though its line runs.
NOT_REACHED = "not reached"
#: What is said of one at which paths end: Python or TensorFlow raises.
RAISES = "raises"


@dataclass(frozen=True)
class RevealedExpression:
    """An expression, or a name that a statement assigns to.

    Attributes:
        source: its text, on one line.
        line, column, end_line, end_column: where it is; lines 1-based, columns 0-based, in
            code points, the end behind the last character.
        values: what it can be in each mode, in words; of a name, after the statement.
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
    """What a line is when a model function runs.

    Attributes:
        name: the model function's.
        runs: for each mode, whether some path comes to the line.
        expressions: those that were asked for, in the order of the text.
    """

    name: str
    runs: Mapping[Mode, bool]
    expressions: tuple[RevealedExpression, ...]


@dataclass(frozen=True)
class Revealed:
    """What there is to say of a line.

    Attributes:
        line: 1-based; in a notebook, in its cell.
        functions: the model functions that have the line or come to it, in the order of the file.
    """

    line: int
    functions: tuple[RevealedFunction, ...]
