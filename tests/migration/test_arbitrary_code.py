"""Reports on arbitrary input: the result is always a report."""

from __future__ import annotations

import contextlib
import json

import pytest

from estimator_lint.migration.file_reports import Migration
from estimator_lint.migration.migration_json import as_json
from estimator_lint.migration.migration_page import as_html
from estimator_lint.settings import Settings
from tests.command_line.test_schemas import complaints
from tests.robustness.arbitrary_code import numbered_input


@pytest.mark.filterwarnings("ignore")
def test_arbitrary_code() -> None:
    migration = Migration(Settings())
    for number in range(1, 24, 2):  # fixtures, damaged
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            migration.add(numbered_input(77, number), f"{number}.py")
    report = migration.report()
    texts = [failure.text for file in report.files for failure in file.failures]
    assert not [text for text in texts if "internal error" in text]
    content = json.loads(as_json(report))
    assert complaints("migrate", content) == []
    assert len(content["order"]) > 5
    assert as_html(report).endswith("</html>\n")
