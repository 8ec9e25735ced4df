"""What evaluation has to say of one file, as it comes from the process that evaluates.

Lines and columns are those of the linter: 1-based, and 0-based in code points.  In a notebook,
lines are those of the module that its cells are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from estimator_lint.findings import Finding
from estimator_lint.modes_view.model import Cells, FunctionView
from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True)
class TestedMode:
    """A test that a mode decides, and another one otherwise.

    Attributes:
        end_line, end_column: the place behind it.
        outcomes: in the modes that come to it, how it comes out, where it is always the same.
    """

    end_line: int
    end_column: int
    outcomes: Mapping[Mode, bool]


@dataclass(frozen=True)
class Outcome:
    """What evaluation has to say of one file.

    Attributes:
        findings: what neither a comment nor the configuration silences, in order.
        functions: what there is to see of its model functions.
        tests: those that the modes decide.
        cells: of a notebook: for each cell its number, first and last line.
        read: the other files of the project that were looked into, by ``real_path``.
        text: of a file with findings that was read from the disk.
        file_lines: of such a notebook, the line of the file for each line of the module.
        problem: why the file could not be checked; empty where it was.
        configuration_problem: why the configuration can't be used; empty where it can.
    """

    findings: tuple[Finding, ...] = ()
    functions: tuple[FunctionView, ...] = ()
    tests: tuple[TestedMode, ...] = ()
    cells: Cells = ()
    read: frozenset[str] = field(default_factory=frozenset)
    text: str = ""
    file_lines: tuple[int, ...] = ()
    problem: str = ""
    configuration_problem: str = ""


@dataclass(frozen=True)
class Change:
    """A range of a text, and what takes its place; the end is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True)
class Repair:
    """Something that can be done about a finding.

    Attributes:
        finding: the finding.
        title: what it does, as an imperative.
        changes: of the text.
        is_preferred: it is what one would do without a further look.
    """

    finding: Finding
    title: str
    changes: tuple[Change, ...]
    is_preferred: bool = False
