"""What the linter says."""

from __future__ import annotations

from dataclasses import dataclass, field

from estimator_lint.printable import printable
from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True)
class Step:
    """One test on the path that leads to a finding.

    The source of the test is that of a condition, or ``case`` and a pattern, or
    ``except`` and what is caught.

    Attributes:
        line: 1-based; of the test, which may stand in a function that is called.
        column: 0-based, in code points.
        text: the source of the test, on one line.
        outcome: whether it held.
        decided: in this mode, behind the steps before, it can't come out
            otherwise; False where it may come out either way.
        within: the function of another file in which the test stands; line and
            column are then those of the call that leads there.
        cell: in a notebook, the cell that ``line`` is counted in, if it is.
        end_line, end_column: the place behind the last character of the test, counted
            as ``line`` and ``column`` are.
    """

    line: int
    column: int
    text: str
    outcome: bool
    decided: bool
    within: str = ""
    cell: int | None = None
    end_line: int = field(default=0, kw_only=True, compare=False)
    end_column: int = field(default=0, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        _end_where_it_starts(self)


@dataclass(frozen=True, order=True)
class Finding:
    """One code at one place.

    Attributes:
        line: 1-based.
        column: 0-based, in code points.
        code: ``MFN`` and three digits.
        text: one printable line, without the code; names the modes concerned.
        modes: the modes concerned, in the order TRAIN, EVAL, PREDICT; empty
            where the finding is not about a mode.
        steps: a path that leads there in the first of the modes, test by test.
        is_possible: it holds on some paths, not on all.
        cell: in a notebook, the cell that ``line`` is counted in, if it is.
        end_line, end_column: the place behind the last character of what the finding is
            about, counted as ``line`` and ``column`` are.
    """

    line: int
    column: int
    code: str
    text: str
    modes: tuple[Mode, ...] = ()
    steps: tuple[Step, ...] = field(default=(), compare=False)
    is_possible: bool = field(default=False, compare=False)
    cell: int | None = field(default=None, compare=False)
    end_line: int = field(default=0, kw_only=True, compare=False)
    end_column: int = field(default=0, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        _end_where_it_starts(self)
        # Whoever prints it, flake8 among others, would fail or obey what a source holds.
        object.__setattr__(self, "text", printable(self.text))

    @property
    def message(self) -> str:
        """What flake8 prints after the position."""
        return f"{self.code} {self.text}"


def _end_where_it_starts(place: Step | Finding) -> None:
    """Where no end is given, nothing more is known than where it starts."""
    if not place.end_line:
        object.__setattr__(place, "end_line", place.line)
        object.__setattr__(place, "end_column", place.column)
