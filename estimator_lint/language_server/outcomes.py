"""Outcomes of evaluating one file, as the evaluating process sends them.

Lines are 1-based; columns are 0-based, in code points. For a notebook, lines are those of the
module that its cells make up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from estimator_lint.findings import Finding
from estimator_lint.modes_view.model import Cells, FunctionView
from estimator_lint.tensorflow_api.modes import Mode


@dataclass(frozen=True)
class TestedMode:
    """A test whose outcome depends on the mode.

    Attributes:
        end_line, end_column: the place behind it.
        outcomes: by mode that reaches it, its outcome, if that is the same on all paths.
    """

    end_line: int
    end_column: int
    outcomes: Mapping[Mode, bool]


@dataclass(frozen=True)
class Change:
    """A range of a text with its replacement; the end is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True)
class Outcome:
    """The outcome of evaluating one file.

    Attributes:
        findings: those that neither a comment nor the configuration silences, in order.
        comments: of an open document, for each finding the change that silences it by a comment;
            None: there is no room for one.
        functions: the views of its model functions.
        tests: those whose outcome depends on the mode.
        cells: of a notebook: for each cell its number, first and last line.
        read: the other files of the project that evaluation read, by ``real_path``.
        text: the text of a file with findings that was read from the disk.
        file_lines: of such a notebook, the line of the file for each line of the module.
        problem: why the file could not be checked; empty if it was.
        configuration_problem: why the configuration is invalid; empty if it is valid.
    """

    findings: tuple[Finding, ...] = ()
    comments: tuple[Change | None, ...] = ()
    functions: tuple[FunctionView, ...] = ()
    tests: tuple[TestedMode, ...] = ()
    cells: Cells = ()
    read: frozenset[str] = field(default_factory=frozenset)
    text: str = ""
    file_lines: tuple[int, ...] = ()
    problem: str = ""
    configuration_problem: str = ""


@dataclass(frozen=True)
class Repair:
    """A change that removes a finding, proved by evaluation.

    Attributes:
        title: what it does, as an imperative.
        changes: the changes of the text.
        is_safe: nothing but the fault changes.
        is_preferred: the editor may apply it without asking.
    """

    title: str
    changes: tuple[Change, ...]
    is_safe: bool
    is_preferred: bool
