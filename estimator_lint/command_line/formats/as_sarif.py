"""Findings as SARIF 2.1.0, the format of code scanning services and viewers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from estimator_lint.code_pages import address_of
from estimator_lint.command_line.formats.fingerprints import fingerprints
from estimator_lint.command_line.formats.lookup import (
    is_possible,
    raw_line,
    rules_by_code,
    slashed,
    text_in_notebook,
)
from estimator_lint.findings import EventKind
from estimator_lint.json_output import to_json
from estimator_lint.printable import printable
from estimator_lint.version import VERSION

if TYPE_CHECKING:
    from estimator_lint.checking import Problem
    from estimator_lint.command_line.running import FileFindings, Report
    from estimator_lint.findings import Event, Finding, Witness
    from estimator_lint.fixes.fix import Fix

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"

#: Changes with what ``fingerprints`` makes them of.
_FINGERPRINT = "findingHash/v1"


#: SARIF's names for the kinds of events.
_KINDS = {
    EventKind.FINDING: ("danger",),
    EventKind.TEST: ("branch",),
    EventKind.CALL: ("call", "function"),
    EventKind.ASSIGNMENT: ("value",),
    EventKind.VALUE: ("value",),
}
#: The kinds of events that a viewer may hide at first.
_IN_PASSING = frozenset({EventKind.TEST, EventKind.CALL})


def as_sarif(report: Report) -> str:
    """The whole report: a log of one run."""
    failures = any(problem.is_failure for problem in report.problems)
    run = {
        "tool": {"driver": _driver()},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder in which estimator-lint was run."}}
        },
        "invocations": [
            {
                "executionSuccessful": not failures,
                "toolExecutionNotifications": [_notification(each) for each in report.problems],
            }
        ],
        "results": [result for file in report.files for result in _results(file)],
    }
    return to_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver() -> dict[str, Any]:
    return {
        "name": "estimator-lint",
        "version": VERSION,
        "semanticVersion": VERSION,
        "rules": [_rule(code) for code in rules_by_code()],
    }


def _rule(code: str) -> dict[str, Any]:
    rule = rules_by_code()[code]
    where = " on some paths, not on all" if is_possible(code) else ""
    about = {
        "id": code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary.rstrip('.')}{where}."},
        "help": {
            "text": f"{rule.summary} For more, run 'estimator-lint explain {code}'.",
            "markdown": f"{rule.summary}\n\nFor more, run `estimator-lint explain {code}`.",
        },
        "defaultConfiguration": {"level": _level(code)},
        "properties": {"tags": ["tensorflow", "estimator", rule.name]},
    }
    address = address_of(code)
    return about if address is None else {**about, "helpUri": address}


def _level(code: str) -> str:
    return "warning" if is_possible(code) else "error"


def _results(file: FileFindings) -> Iterator[dict[str, Any]]:
    indices = {code: index for index, code in enumerate(rules_by_code())}
    for finding, fingerprint in zip(file.findings, fingerprints(file), strict=True):
        result = {
            "ruleId": finding.code,
            "ruleIndex": indices[finding.code],
            "level": _level(finding.code),
            "message": {"text": text_in_notebook(file, finding)},
            "locations": [_location(file, finding)],
            "partialFingerprints": {_FINGERPRINT: fingerprint},
            "properties": {"modes": [mode.name for mode in finding.modes]},
        }
        if finding.witnesses:
            result["relatedLocations"] = list(_related(file, finding))
            result["codeFlows"] = [_code_flow(file, each) for each in finding.witnesses]
        if file.fixes and file.notebook is None:  # an edit of a cell is none of its JSON
            result["fixes"] = [_fix(file, fix) for fix in file.fixes.get(finding, ())]
        yield result


def _fix(file: FileFindings, fix: Fix) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": {
                "startLine": edit.start_line,
                "startColumn": edit.start_column + 1,
                "endLine": edit.end_line,
                "endColumn": edit.end_column + 1,
            },
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(file.path), "replacements": replacements}
    return {
        "description": {"text": printable(fix.title)},
        "artifactChanges": [change],
        "properties": {"kind": fix.kind.value},
    }


def _related(file: FileFindings, finding: Finding) -> Iterator[dict[str, Any]]:
    """The events that are not steps of the path, or are informative by themselves."""
    events = dict.fromkeys(
        event
        for witness in finding.witnesses
        for event in witness.events
        if event.kind in (EventKind.ASSIGNMENT, EventKind.VALUE, EventKind.CONTRAST)
    )
    for number, event in enumerate(events, 1):
        yield {"id": number, **_location(file, event, event.text)}


def _code_flow(file: FileFindings, witness: Witness) -> dict[str, Any]:
    """The way to the finding in one mode; the finding itself comes last."""
    mode = f" in {witness.mode.name}" if witness.mode is not None else ""
    first, *others = witness.events
    on_the_way = [event for event in others if event.kind is not EventKind.CONTRAST]
    return {
        "message": {"text": f"How this happens{mode}"},
        "threadFlows": [{"locations": [_flow(file, event) for event in (*on_the_way, first)]}],
    }


def _flow(file: FileFindings, event: Event) -> dict[str, Any]:
    kinds = list(_KINDS[event.kind])
    if event.kind is EventKind.TEST and event.outcome is not None:
        kinds.append("true" if event.outcome else "false")
    return {
        "location": _location(file, event, event.text),
        "nestingLevel": event.depth,
        "importance": "important" if event.kind in _IN_PASSING else "essential",
        "kinds": kinds,
    }


def _location(file: FileFindings, place: Event | Finding, message: str = "") -> dict[str, Any]:
    line, column = place.line, place.column
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(file.path),
            "region": {
                "startLine": line,
                "startColumn": column + 1,
                "endLine": place.end_line,
                "endColumn": place.end_column + 1,
            },
            "contextRegion": {
                "startLine": line,
                "endLine": place.end_line,
                "snippet": {"text": "\n".join(map(file.source, range(line, place.end_line + 1)))},
            },
        }
    }
    if file.notebook is not None:  # the column is one of the cell, not of its JSON
        location["physicalLocation"]["region"] = {
            "startLine": raw_line(file, line),
            "endLine": raw_line(file, place.end_line),
        }
        del location["physicalLocation"]["contextRegion"]
        name = f"{file.line(line)}:{column + 1}"
        location["logicalLocations"] = [{"fullyQualifiedName": name}]
    if message:
        location["message"] = {"text": message}
    return location


def _artifact(path: str) -> dict[str, str]:
    relative = _relative(path)
    if relative is None or relative == ".." or relative.startswith("../"):
        return {"uri": Path(os.path.abspath(path)).as_uri()}
    return {"uri": quote(os.fsencode(relative)), "uriBaseId": _ROOT}


def _relative(path: str) -> str | None:
    """A path from the current folder; None if that can't be, as from another drive."""
    if not os.path.isabs(path):
        return slashed(path)
    try:
        return slashed(os.path.relpath(path))
    except ValueError:
        return None


def _notification(problem: Problem) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(problem.path)}
    if problem.cell is not None:
        place["region"] = {"startLine": problem.cell.raw_line}
    elif problem.line:
        place["region"] = {"startLine": problem.line}
        if problem.column:
            place["region"]["startColumn"] = problem.column
    return {
        "level": "error" if problem.is_failure else "note",
        "message": {"text": printable(problem.message)},
        "locations": [{"physicalLocation": place}],
    }
