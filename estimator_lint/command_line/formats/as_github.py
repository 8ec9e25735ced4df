"""Findings as commands of GitHub's workflows, which shows them at their lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from estimator_lint.command_line.formats.lookup import (
    is_possible,
    raw_line,
    rules_by_code,
    slashed,
    text_in_notebook,
)
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.checking import Problem
    from estimator_lint.command_line.running import FileFindings


def github_lines(file: FileFindings) -> str:
    """One line for each finding of a file."""
    lines = []
    for finding in file.findings:
        properties: dict[str, str | int] = {
            "title": f"{finding.code} {rules_by_code()[finding.code].name}",
            "file": slashed(file.path),
            "line": raw_line(file, finding.line),
        }
        if finding.end_line != finding.line:  # GitHub takes no columns then
            properties["endLine"] = raw_line(file, finding.end_line)
        elif file.notebook is None:
            properties["col"] = finding.column + 1
            properties["endColumn"] = finding.end_column + 1
        level = "warning" if is_possible(finding.code) else "error"
        lines.append(_command(level, properties, text_in_notebook(file, finding)))
    return "".join(f"{line}\n" for line in lines)


def github_problem(problem: Problem) -> str:
    """One line for something that could not be checked."""
    properties: dict[str, str | int] = {"title": problem.summary, "file": slashed(problem.path)}
    if problem.cell is not None:
        properties["line"] = problem.cell.raw_line
    elif problem.line:
        properties["line"] = problem.line
        if problem.column:
            properties["col"] = problem.column
    return _command("error" if problem.is_failure else "notice", properties, problem.text) + "\n"


def _command(name: str, properties: Mapping[str, str | int], text: str) -> str:
    shown = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {shown}::{_data(text)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
