"""Findings, and what explains them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from estimator_lint.printable import printable
from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True)
class Step:
    """One test on the path that leads to a finding.

    The source of the test is that of a condition, or ``case`` and a pattern, or
    ``except`` and what is caught.

    Attributes:
        line: 1-based; of the test, which may be in a called function.
        column: 0-based, in code points.
        text: the source of the test, on one line.
        outcome: whether it held.
        decided: the mode and the earlier steps allow no other outcome; False where
            both outcomes are possible.
        within: the function of another file that contains the test; line and
            column are then those of the call that leads there.
        cell: in a notebook, the cell that ``line`` is counted in, if it is.
        end_line, end_column: the place after the last character of the test, counted
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


class EventKind(enum.Enum):
    """The kind of an event of a witness."""

    #: The finding itself.
    FINDING = "finding"
    #: A test whose outcome leads the path to the finding.
    TEST = "test"
    #: A call that leads into the function in which the next events are.
    CALL = "call"
    #: An assignment of the variable that is missing, which does not happen in this mode.
    ASSIGNMENT = "assignment"
    #: The origin of the missing or wrong value.
    VALUE = "value"
    #: A test whose other outcome leads to no finding.
    CONTRAST = "contrast"


@dataclass(frozen=True)
class Event:
    """One thing that explains a finding: a place, and a self-contained sentence about it.

    Attributes:
        kind: what it is.
        line: 1-based.
        column: 0-based, in code points.
        text: the sentence, on one printable line.
        depth: the number of calls that it is inside of, counted from the model function.
        outcome: for a test, whether it held; for a contrast, whether it must hold.
        within: the function of another file in which it happens; the place is then that
            of the call that leads there.
        cell: in a notebook, the cell that ``line`` is counted in, if it is.
        end_line, end_column: the place after the last character, counted as ``line`` and
            ``column`` are.
    """

    kind: EventKind
    line: int
    column: int
    text: str
    depth: int = 0
    outcome: bool | None = None
    within: str = ""
    cell: int | None = None
    end_line: int = field(default=0, kw_only=True)
    end_column: int = field(default=0, kw_only=True)

    def __post_init__(self) -> None:
        _end_where_it_starts(self)
        object.__setattr__(self, "text", printable(self.text))


@dataclass(frozen=True)
class Witness:
    """The explanation of a finding in one mode.

    Attributes:
        mode: the mode; None if the finding is not about a mode.
        events: the finding itself first, the others in the order in which they happen.
            Tests that make no difference are left out.
        steps: all tests of a path that leads there.
        fine_in: the modes in which the same place is correct.
    """

    mode: Mode | None
    events: tuple[Event, ...] = ()
    steps: tuple[Step, ...] = ()
    fine_in: tuple[Mode, ...] = ()


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
        witnesses: an explanation for each of the modes.
        is_possible: it holds on some paths, not on all.
        cell: in a notebook, the cell that ``line`` is counted in, if it is.
        end_line, end_column: the place after the last character of what the finding is
            about, counted as ``line`` and ``column`` are.
    """

    line: int
    column: int
    code: str
    text: str
    modes: tuple[Mode, ...] = ()
    witnesses: tuple[Witness, ...] = field(default=(), compare=False)
    is_possible: bool = field(default=False, compare=False)
    cell: int | None = field(default=None, compare=False)
    end_line: int = field(default=0, kw_only=True, compare=False)
    end_column: int = field(default=0, kw_only=True, compare=False)

    def __post_init__(self) -> None:
        _end_where_it_starts(self)
        # flake8 and others print it unchanged, with all characters that the source contains.
        object.__setattr__(self, "text", printable(self.text))

    @property
    def steps(self) -> tuple[Step, ...]:
        """A path that leads there in the first of the modes, test by test."""
        return self.witnesses[0].steps if self.witnesses else ()

    @property
    def message(self) -> str:
        """What flake8 prints after the position."""
        return f"{self.code} {self.text}"


def _end_where_it_starts(place: Step | Event | Finding) -> None:
    """Let a place without a given end be as long as its start."""
    if not place.end_line:
        object.__setattr__(place, "end_line", place.line)
        object.__setattr__(place, "end_column", place.column)
