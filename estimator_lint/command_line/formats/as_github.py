"""Findings as commands of GitHub's workflows, which shows them at their lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from estimator_lint.command_line.formats.lookup import is_possible, rules_by_code, slashed
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.command_line.running import Report


def as_github(report: Report) -> str:
    """One line for each finding and each problem."""
    lines = []
    for file in report.files:
        for finding in file.findings:
            properties: dict[str, str | int] = {
                "title": f"{finding.code} {rules_by_code()[finding.code].name}",
                "file": slashed(file.path),
                "line": finding.line,
                "col": finding.column + 1,
            }
            level = "warning" if is_possible(finding.code) else "error"
            lines.append(_command(level, properties, finding.text))
    for problem in report.problems:
        properties = {"title": "not checked", "file": slashed(problem.path)}
        if problem.line:
            properties["line"] = problem.line
        if problem.column:
            properties["col"] = problem.column
        lines.append(
            _command("error" if problem.is_failure else "notice", properties, problem.text)
        )
    return "".join(f"{line}\n" for line in lines)


def _command(name: str, properties: Mapping[str, str | int], text: str) -> str:
    shown = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {shown}::{_data(text)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
