"""Hints are only reported on request."""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text
from estimator_lint.settings import Settings
from tests.fixture_expectations import FIXTURES


@pytest.mark.parametrize("code", [f"MFN80{number}" for number in range(1, 8)])
def test_only_where_they_are_asked_for(code: str) -> None:
    text = (FIXTURES / code / "bad.py").read_text(encoding="utf-8")
    assert lint_text(text, "model.py", Settings()) == []
    assert [finding.code for finding in lint_text(text, "model.py", Settings(hints=True))] == [code]
