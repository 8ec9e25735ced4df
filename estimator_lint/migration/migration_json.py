"""A report as JSON; ``schemas/migrate.schema.json`` describes its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from estimator_lint.json_output import to_json
from estimator_lint.migration.migration_model import (
    FileReport,
    FunctionReport,
    Helper,
    Item,
    MigrationReport,
    ModeReport,
    RemovedName,
    Site,
    WorkItem,
)
from estimator_lint.migration.replacements.replacement import Replacement
from estimator_lint.migration.replacements.replacement_lookup import (
    replacement_of_spec_field,
)
from estimator_lint.modes_view.model import FieldView
from estimator_lint.modes_view.wording import condition_texts
from estimator_lint.tensorflow_api.modes import Mode

#: Incremented when a key is removed, or changes its meaning.
VERSION: Final = 1


def as_json(report: MigrationReport) -> str:
    """The report as a JSON object."""
    content: dict[str, Any] = {
        "version": VERSION,
        "tensorflow": report.version,
        "files_read": report.looked_at,
        "files": list(map(_file, report.files)),
        "order": list(map(_work, report.order)),
    }
    return to_json(content)


def _file(file: FileReport) -> dict[str, Any]:
    return {
        "path": file.path,
        "cells": [{"cell": number, "lines": [first, last]} for number, first, last in file.cells],
        "functions": list(map(_function, file.functions)),
        "elsewhere": list(map(_item_elsewhere, file.rest)),
        "removed": list(map(_removed, file.removed)),
        "failures": [
            {"line": failure.line, "column": failure.column + 1, "text": failure.text}
            for failure in file.failures
        ],
    }


def _function(function: FunctionReport) -> dict[str, Any]:
    return {
        "name": function.name,
        "line": function.line,
        "column": function.column + 1,
        "lines": function.lines,
        "modes": {mode.name: _mode(view) for mode, view in function.modes.items()},
        "uses": list(map(_item_by_mode, function.items)),
        "background": list(map(_item_by_mode, function.notes)),
        "helpers": list(map(_helper, function.helpers)),
    }


def _mode(view: ModeReport) -> dict[str, Any]:
    return {
        "shown": view.shown,
        "refused": view.refused,
        "spec": str(view.spec),
        "fields": {name: _field(name, field) for name, field in view.fields.items()},
        "not_followed": list(view.not_followed),
    }


def _field(name: str, field: FieldView) -> dict[str, Any]:
    return {
        "given": str(field.given),
        "conditions": condition_texts(field),
        "lines": list(field.lines),
        "replacement": _replacement(replacement_of_spec_field(name)),
    }


def _item_by_mode(item: Item) -> dict[str, Any]:
    return {**_item(item), "modes": _sites(item.sites)}


def _item_elsewhere(item: Item) -> dict[str, Any]:
    return {**_item(item), "places": [_site(site) for site in item.sites[None]]}


def _item(item: Item) -> dict[str, Any]:
    row = item.replacement
    return {
        "name": item.name,
        "topic": None if row is None else str(row.topic),
        "replacement": None if row is None else _replacement(row),
        "only_under_version_1": item.only_under_version_1,
    }


def _replacement(row: Replacement) -> dict[str, Any]:
    return {
        "instead": row.instead or None,
        "by_hand": row.by_hand or None,
        "guide": row.address,
    }


def _sites(sites: Mapping[Mode | None, tuple[Site, ...]]) -> dict[str, Any]:
    return {
        mode.name: [_site(site) for site in places]
        for mode, places in sites.items()
        if mode is not None
    }


def _site(site: Site) -> dict[str, Any]:
    return {"path": site.path or None, "line": site.line, "column": site.column + 1}


def _helper(helper: Helper) -> dict[str, Any]:
    return {
        "name": helper.name,
        "path": helper.path,
        "line": helper.line,
        "lines": helper.lines,
    }


def _removed(removed: RemovedName) -> dict[str, Any]:
    return {
        "name": removed.name,
        "count": removed.count,
        "since": removed.since,
        "instead": removed.instead,
        "read": dict(removed.read),
        "lines": list(removed.lines),
    }


def _work(work: WorkItem) -> dict[str, Any]:
    return {
        "path": work.path,
        "function": work.function.name,
        "line": work.function.line,
        "lines": work.lines,
        "shared_helpers": list(map(_helper, work.moved)),
        "moved_before": list(map(_helper, work.ready)),
    }
