"""The linter says about each fixture what its comments expect, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from estimator_lint.linting import lint_text
from tests.fixture_expectations import (
    Expectation,
    fixture_name,
    fixture_paths,
    read_expectations,
    settings_of,
)


@pytest.mark.parametrize("path", fixture_paths(), ids=fixture_name)
def test_findings_are_the_expected_ones(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    findings = [
        Expectation(finding.line, finding.column, finding.code, finding.modes)
        for finding in lint_text(text, str(path), settings_of(text))
    ]
    assert [str(found) for found in findings] == [
        str(expected) for expected in read_expectations(path).findings
    ]
