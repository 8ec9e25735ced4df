"""``estimator-lint explain``: the pages of the documentation."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from estimator_lint.documented_codes import page_of
from estimator_lint.rules import RULES
from tests.command_line.program import run

CODES = [code for rule in RULES for code in rule.codes]


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_page(tmp_path: Path, code: str) -> None:
    outcome = run(tmp_path, "explain", code)
    assert outcome.status == 0
    assert outcome.output.startswith(f"# {code}: ")
    assert outcome.output == page_of(code)
    assert ".md" not in outcome.output
    assert "<!--" not in outcome.output


def test_names_of_rules_and_small_letters(tmp_path: Path) -> None:
    assert run(tmp_path, "explain", "missing-loss-in-eval").output == page_of("MFN103")
    assert run(tmp_path, "explain", "mfn113").output == page_of("MFN113")


def test_several_at_once(tmp_path: Path) -> None:
    shown = run(tmp_path, "explain", "MFN103", "MFN201").output
    assert shown.startswith("# MFN103")
    assert "\n# MFN201" in shown


def test_an_unknown_one_is_told_with_what_is_near(tmp_path: Path) -> None:
    outcome = run(tmp_path, "explain", "missing-los-in-eval", "MFN103", "MFN999")
    assert outcome.status == 2
    assert "unknown code 'MFN999' (estimator-lint explain lists them)" in outcome.errors
    assert "did you mean 'missing-loss-in-eval'" in outcome.errors
    assert outcome.output == page_of("MFN103")


def test_without_a_code_all_are_listed(tmp_path: Path) -> None:
    shown = run(tmp_path, "explain").output
    for rule in RULES:
        assert f"| {', '.join(rule.codes)} | {rule.name} | {rule.summary} |" in shown


def test_on_a_terminal_it_is_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rich")
    from estimator_lint.command_line.main import main

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["explain", "MFN103"]) == 0
    shown = capsys.readouterr().out
    assert "MFN103: missing-loss-in-eval" in shown
    assert "# MFN103: " not in shown
    assert "```" not in shown
