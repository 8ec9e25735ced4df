"""Findings as logging commands of Azure Pipelines, which shows them in a run's summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimator_lint.command_line.formats.lookup import (
    is_possible,
    raw_line,
    slashed,
    text_in_notebook,
)
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.checking import Problem
    from estimator_lint.command_line.running import FileFindings

#: Characters that end a property or a command, as escapes that Azure Pipelines decodes.
_ESCAPES = {"%": "%AZP25", ";": "%3B", "]": "%5D"}


def azure_lines(file: FileFindings) -> str:
    """One line for each finding of a file."""
    lines = []
    for finding in file.findings:
        properties: dict[str, str | int] = {
            "type": "warning" if is_possible(finding.code) else "error",
            "sourcepath": slashed(file.path),
            "linenumber": raw_line(file, finding.line),
        }
        if file.notebook is None:
            properties["columnnumber"] = finding.column + 1
        properties["code"] = finding.code
        lines.append(_command(properties, text_in_notebook(file, finding)))
    return "".join(lines)


def azure_problem(problem: Problem) -> str:
    """One line for something that could not be checked."""
    properties: dict[str, str | int] = {
        "type": "error" if problem.is_failure else "warning",
        "sourcepath": slashed(problem.path),
    }
    line = problem.line if problem.cell is None else problem.cell.raw_line
    if line:
        properties["linenumber"] = line
    return _command(properties, problem.message)


def _command(properties: dict[str, str | int], text: str) -> str:
    shown = "".join(f"{name}={_escaped(str(value))};" for name, value in properties.items())
    message = printable(text).replace("%", _ESCAPES["%"])
    return f"##vso[task.logissue {shown}]{message}\n"


def _escaped(text: str) -> str:
    text = printable(text)
    for letter, escape in _ESCAPES.items():
        text = text.replace(letter, escape)
    return text
