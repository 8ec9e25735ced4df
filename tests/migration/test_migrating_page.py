"""``docs/migrating.md`` shows the actual output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from estimator_lint.migration.file_reports import migration_of
from estimator_lint.migration.migration_json import as_json
from estimator_lint.settings import Settings
from tests.migration.samples import CLASSIFIER
from tests.migration.test_report_formats import printed

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "migrating.md").read_text(encoding="utf-8")


def test_the_recording() -> None:
    text = (ROOT / "examples" / "digits.py").read_text(encoding="utf-8")
    shown = printed(migration_of([(text, "examples/digits.py")], Settings()))
    assert f"$ estimator-lint migrate examples/digits.py\n{shown}\n```" in PAGE


def test_every_member_of_the_json_is_described() -> None:
    described = set(re.findall(r"`(\w+)`", PAGE))
    report = migration_of([(CLASSIFIER, "a.py"), (CLASSIFIER, "b.py")], Settings())
    assert set(_members(json.loads(as_json(report)))) <= described


def _members(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, content in value.items():
            yield name
            # Modes, fields and names have the names that TensorFlow gives them.
            is_map = name in ("modes", "fields", "read") and isinstance(content, dict)
            yield from _members(list(content.values()) if is_map else content)
    elif isinstance(value, list):
        for item in value:
            yield from _members(item)
