"""The view of a file as JSON; ``docs/modes-view.md`` describes its shape."""

from __future__ import annotations

from typing import Any, Final

from estimator_lint.finding_json import place_as_json, step_as_json, witness_as_json
from estimator_lint.findings import Finding, Step
from estimator_lint.json_output import to_json
from estimator_lint.modes_view.model import FieldView, FileView, FunctionView, ModeView
from estimator_lint.modes_view.wording import ranges

#: Goes up when a member is removed, or changes its meaning.
VERSION: Final = 1


def as_json(view: FileView) -> str:
    """The view as a JSON object."""
    return to_json({"version": VERSION, **view_as_json(view)})


def view_as_json(view: FileView) -> dict[str, Any]:
    """The members of a view."""
    return {
        "path": view.path,
        "cells": [{"cell": number, "lines": [first, last]} for number, first, last in view.cells],
        "functions": [_function(function) for function in view.functions],
        "failures": [_finding(failure) for failure in view.failures],
    }


def _function(function: FunctionView) -> dict[str, Any]:
    return {
        "name": function.name,
        "line": function.line,
        "column": function.column + 1,
        "parts": [
            {"name": part.name, "lines": [part.first_line, part.last_line]}
            for part in function.parts
        ],
        "modes": {mode.name: _mode(view) for mode, view in function.modes.items()},
        "findings": [_finding(finding) for finding in function.findings],
    }


def _mode(view: ModeView) -> dict[str, Any]:
    return {
        "key": view.mode.value,
        "checked": view.checked,
        "spec": str(view.spec),
        "fields": {name: _field(field) for name, field in view.fields.items()},
        "sites": [
            {"line": site.line, "column": site.column + 1, "spec": site.spec, "key": site.key}
            for site in view.sites
        ],
        "never_run": [list(each) for each in ranges(view.never_run)],
    }


def _field(field: FieldView) -> dict[str, Any]:
    return {
        "given": str(field.given),
        "required": field.required,
        "lines": list(field.lines),
        "conditions": [list(map(_step, condition)) for condition in field.conditions],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        **place_as_json(finding, _where),
        "code": finding.code,
        "text": finding.text,
        "modes": [mode.name for mode in finding.modes],
        "steps": [step_as_json(step, _where) for step in finding.steps],
        "witnesses": [witness_as_json(witness, _where) for witness in finding.witnesses],
    }


def _where(line: int) -> dict[str, Any]:
    return {"line": line}


def _step(step: Step) -> dict[str, Any]:
    return {
        **place_as_json(step, _where),
        "test": step.text,
        "outcome": step.outcome,
        "within": step.within or None,
    }
