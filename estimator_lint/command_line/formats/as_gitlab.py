"""Findings as GitLab's code quality report, which a merge request shows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from estimator_lint.command_line.formats.fingerprints import fingerprints
from estimator_lint.command_line.formats.lookup import (
    is_possible,
    raw_line,
    slashed,
    text_in_notebook,
)
from estimator_lint.json_output import to_json
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from estimator_lint.checking import Problem
    from estimator_lint.command_line.running import Report


def as_gitlab(report: Report) -> str:
    """The whole report: a list with one object for each finding and each failure."""
    issues: list[dict[str, Any]] = []
    for file in report.files:
        path = slashed(file.path)
        for finding, fingerprint in zip(file.findings, fingerprints(file, path), strict=True):
            issues.append(
                {
                    "description": f"{finding.code} {text_in_notebook(file, finding)}",
                    "check_name": finding.code,
                    "fingerprint": fingerprint,
                    "severity": "minor" if is_possible(finding.code) else "major",
                    "location": {
                        "path": path,
                        "lines": {
                            "begin": raw_line(file, finding.line),
                            "end": raw_line(file, finding.end_line),
                        },
                    },
                }
            )
    issues += map(_problem, report.failures)
    return to_json(issues)


def _problem(problem: Problem) -> dict[str, Any]:
    line = problem.line if problem.cell is None else problem.cell.raw_line
    identity = f"{slashed(problem.path)}\n{problem.text}"
    return {
        "description": printable(problem.message),
        "check_name": problem.summary.replace(" ", "-"),
        "fingerprint": hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
        "severity": "blocker",
        "location": {"path": slashed(problem.path), "lines": {"begin": line or 1}},
    }
