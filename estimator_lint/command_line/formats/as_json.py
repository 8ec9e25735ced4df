"""Findings as one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from estimator_lint.command_line.formats.lookup import is_possible, rules_by_code
from estimator_lint.json_output import to_json

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings, Report
    from estimator_lint.findings import Finding, Step


def as_json(report: Report) -> str:
    """The whole report."""
    content = {
        "findings": [_finding(file, finding) for file in report.files for finding in file.findings],
        "problems": [
            {
                "file": problem.path,
                "cell": problem.cell.cell if problem.cell is not None else None,
                "line": problem.line,
                "column": problem.column,
                "text": problem.text,
                "is_failure": problem.is_failure,
            }
            for problem in report.problems
        ],
        "files_looked_at": report.looked_at,
    }
    return to_json(content)


def _line(file: FileFindings, line: int) -> dict[str, Any]:
    if file.notebook is None:
        return {"cell": None, "line": line}
    place = file.notebook.place(line)
    return {"cell": place.cell, "line": place.line}


def _end(file: FileFindings, place: Finding | Step) -> dict[str, Any]:
    return {
        "end_line": _line(file, place.end_line)["line"],
        "end_column": place.end_column + 1,
    }


def _finding(file: FileFindings, finding: Finding) -> dict[str, Any]:
    return {
        "file": file.path,
        **_line(file, finding.line),
        "column": finding.column + 1,
        **_end(file, finding),
        "code": finding.code,
        "rule": rules_by_code()[finding.code].name,
        "certainty": "possible" if is_possible(finding.code) else "definite",
        "text": finding.text,
        "modes": [mode.name for mode in finding.modes],
        "steps": [
            {
                **_line(file, step.line),
                "column": step.column + 1,
                **_end(file, step),
                "test": step.text,
                "outcome": step.outcome,
                "decided": step.decided,
                "within": step.within or None,
            }
            for step in finding.steps
        ],
    }
