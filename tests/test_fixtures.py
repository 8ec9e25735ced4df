"""The linter reports for each fixture what its comments expect, and nothing else."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from estimator_lint.findings import Finding, Step, Witness
from estimator_lint.linting import lint_text
from estimator_lint.tensorflow_api.modes import Mode
from tests.fixture_expectations import (
    Expectation,
    covered,
    fixture_name,
    fixture_paths,
    read_expectations,
    settings_of,
)


@pytest.mark.parametrize("path", fixture_paths(), ids=fixture_name)
def test_findings_are_the_expected_ones(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    findings = lint_text(text, str(path), settings_of(text))
    found = [
        Expectation(finding.line, finding.column, finding.code, finding.modes)
        for finding in findings
    ]
    expected = read_expectations(path).findings
    assert [str(each) for each in found] == [str(each) for each in expected]
    # Properties of every finding are tested here, too, since linting all fixtures takes a while.
    assert [each.text for each in _without_steps(text, findings)] == []
    for finding in findings:
        places: list[Finding | Step] = [finding, *finding.steps]
        for place in places:
            assert covered(text, place).strip() == covered(text, place) != ""


def _without_steps(text: str, findings: list[Finding]) -> list[Finding]:
    """Findings under a test without steps: a rule, or its facts, lost the path."""
    branches = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.If)]

    def is_under_a_test(finding: Finding) -> bool:
        return any(
            branch.body[0].lineno <= finding.line <= (branch.end_lineno or 0) for branch in branches
        )

    return [
        finding
        for finding in findings
        if finding.modes and not finding.steps and is_under_a_test(finding)
    ]


def test_a_lost_path_is_noticed() -> None:
    text = "if a:\n    b\n"
    without = Finding(2, 4, "MFN103", "text", (Mode.EVAL,))
    assert _without_steps(text, [without]) == [without]
    witness = Witness(Mode.EVAL, steps=(Step(1, 3, "a", True, True),))
    assert _without_steps(text, [replace(without, witnesses=(witness,))]) == []
    assert _without_steps(text, [replace(without, line=1)]) == []
