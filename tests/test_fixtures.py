"""The linter reports for each fixture what its comments expect, and nothing else.

So do flake8, ``estimator-lint check`` and the language server. A fixture is evaluated once for all
of them: what each makes of its text, and of what evaluation knows of it, is its own.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from estimator_lint import linting
from estimator_lint.findings import Finding, Step, Witness
from estimator_lint.language_server.diagnostics import diagnostics_of
from estimator_lint.language_server.documents import Documents
from estimator_lint.language_server.file_analysis import Analyst
from estimator_lint.language_server.orders import Source, Surroundings
from estimator_lint.language_server.positions import PositionEncoding
from estimator_lint.linting import Evaluated, lint_text
from estimator_lint.settings import Settings
from estimator_lint.syntax.source import SourceFile
from estimator_lint.tensorflow_api.modes import Mode
from tests.command_line.program import check, inside
from tests.fixture_expectations import (
    FIXTURES,
    Expectation,
    covered,
    fixture_name,
    fixture_paths,
    read_expectations,
    settings_of,
)
from tests.flake8_program import flake8_in_process


@pytest.fixture(scope="module")
def analyst() -> Analyst:
    return Analyst()


@contextlib.contextmanager
def _evaluated_once() -> Iterator[list[object]]:
    """Within, no text is evaluated twice; gives the keys of those that were evaluated."""
    evaluate, known = linting.evaluate_source, {}
    keys: list[object] = []

    def evaluate_source(source: SourceFile, settings: Settings, kept: Any = None) -> Evaluated:
        key = (source.text, source.filename, settings)
        if key not in known:
            known[key] = evaluate(source, settings)
            keys.append(key)
        return known[key]

    with mock.patch.object(linting, "evaluate_source", evaluate_source):
        yield keys


@pytest.mark.parametrize("path", fixture_paths(), ids=fixture_name)
def test_findings_are_the_expected_ones(path: Path, analyst: Analyst) -> None:
    text = path.read_text(encoding="utf-8")
    with _evaluated_once() as evaluations:
        findings = lint_text(text, str(path), settings_of(text))
        found = [
            Expectation(finding.line, finding.column, finding.code, finding.modes)
            for finding in findings
        ]
        expected = read_expectations(path).findings
        assert [str(each) for each in found] == [str(each) for each in expected]
        _is_published_in_every_encoding(path, text, found, analyst)
        _is_printed(path, text, findings)
        assert len(evaluations) <= 1
    # Properties of every finding are tested here, too, since linting all fixtures takes a while.
    assert [each.text for each in _without_steps(text, findings)] == []
    for finding in findings:
        places: list[Finding | Step] = [finding, *finding.steps]
        for place in places:
            assert covered(text, place).strip() == covered(text, place) != ""


def _options_of(text: str) -> tuple[str, ...]:
    """The options for the settings of a fixture."""
    settings = settings_of(text)
    version = settings.tensorflow_version
    options = () if version is None else (f"--estimator-tf-version={version}",)
    return (*options, "--estimator-hints") if settings.hints else options


def _is_published_in_every_encoding(
    path: Path, text: str, findings: list[Expectation], analyst: Analyst
) -> None:
    """The diagnostics of the language server are these findings."""
    folder = FIXTURES / path.relative_to(FIXTURES).parts[0]
    with inside(Path.cwd()):  # an analyst changes the current folder to the one that it checks
        outcome = analyst.evaluate(
            Source(str(path), text), Surroundings(str(folder), _options_of(text))
        )
    for encoding in PositionEncoding:
        documents = Documents()
        documents.encoding = encoding
        module = documents.open(path.as_uri(), 1, text)
        table = module.documents[0].table
        published = [
            (*table.place(item.range.start.line, item.range.start.character), item.code)
            for item in diagnostics_of(module, outcome)[path.as_uri()]
        ]
        assert published == [(each.line, each.column, each.code) for each in findings]


def _is_printed(path: Path, text: str, findings: list[Finding]) -> None:
    """The lines of ``estimator-lint check`` and of flake8 are these findings."""
    lines = [f"{path}:{each.line}:{each.column + 1}: {each.code} {each.text}" for each in findings]
    arguments = ["--isolated", *_options_of(text), str(path)]
    printed = check(path.parent, *arguments)
    assert (printed.errors, printed.status) == ("", bool(findings))
    assert printed.lines == lines
    assert flake8_in_process(path.parent, "--select=MFN", *arguments) == lines


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
