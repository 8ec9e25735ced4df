"""Findings as one JSON object; ``schemas/check.schema.json`` describes it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from estimator_lint.command_line.formats.lookup import is_possible, rules_by_code
from estimator_lint.finding_json import place_as_json, step_as_json, witness_as_json
from estimator_lint.json_output import to_json
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.command_line.running import FileFindings, Report
    from estimator_lint.findings import Finding
    from estimator_lint.fixes.fix import Fix


#: Goes up when something that was there is gone, or means something else.
VERSION: Final = 1


def as_json(report: Report) -> str:
    """The whole report."""
    content = {
        "version": VERSION,
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


def _finding(file: FileFindings, finding: Finding) -> dict[str, Any]:
    where = functools.partial(_line, file)
    members = {
        "file": file.path,
        **place_as_json(finding, where),
        "code": finding.code,
        "rule": rules_by_code()[finding.code].name,
        "certainty": "possible" if is_possible(finding.code) else "definite",
        "text": finding.text,
        "modes": [mode.name for mode in finding.modes],
        "steps": [step_as_json(step, where) for step in finding.steps],
        "witnesses": [witness_as_json(witness, where) for witness in finding.witnesses],
    }
    if file.fixes is not None:
        members["fixes"] = [_fix(file, fix) for fix in file.fixes.get(finding, ())]
    return members


def _fix(file: FileFindings, fix: Fix) -> dict[str, Any]:
    return {
        "title": printable(fix.title),
        "kind": fix.kind.value,
        "edits": [
            {
                **_line(file, edit.start_line),
                "column": edit.start_column + 1,
                "end_line": _line(file, edit.end_line)["line"],
                "end_column": edit.end_column + 1,
                "text": edit.text,
            }
            for edit in fix.edits
        ],
    }
