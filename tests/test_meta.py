"""Rules, fixtures and documentation are consistent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from estimator_lint.documented_codes import page_of
from estimator_lint.rules import RULES
from tests.fixture_expectations import FIXTURES, read_expectations

ROOT = Path(__file__).parent.parent
#: No known source text makes the linter fail, and TensorFlow does not judge comments.
WITHOUT_FIXTURES = {"MFN000", "MFN002"}
CODES = sorted(code for rule in RULES for code in rule.codes)
CODES_WITH_FIXTURES = [code for code in CODES if code not in WITHOUT_FIXTURES]


def test_no_code_belongs_to_two_rules() -> None:
    assert len(CODES) == len(set(CODES))


@pytest.mark.parametrize("code", CODES_WITH_FIXTURES)
def test_bad_example_shows_its_code(code: str) -> None:
    found = [expected.code for expected in read_expectations(FIXTURES / code / "bad.py").findings]
    assert code in found
    assert len(found) <= 2, "an example shows one thing"


@pytest.mark.parametrize("code", CODES_WITH_FIXTURES)
def test_good_example_is_clean(code: str) -> None:
    assert not read_expectations(FIXTURES / code / "good.py").findings


@pytest.mark.parametrize("code", CODES_WITH_FIXTURES)
def test_examples_are_explained_and_short(code: str) -> None:
    for name in ("bad.py", "good.py"):
        text = (FIXTURES / code / name).read_text(encoding="utf-8")
        assert text.startswith('"""')
        assert len(text.splitlines()) <= 30


@pytest.mark.parametrize("code", CODES_WITH_FIXTURES)
def test_folder_is_about_its_code(code: str) -> None:
    elsewhere = [
        path.name
        for path in sorted((FIXTURES / code).glob("*.py"))
        if path.name != "good.py"
        and code not in {expected.code for expected in read_expectations(path).findings}
    ]
    assert not elsewhere


def test_folders_are_codes() -> None:
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders - {"clean", "projects"} == set(CODES_WITH_FIXTURES)


def test_clean_fixtures_expect_nothing() -> None:
    for path in sorted((FIXTURES / "clean").glob("*.py")):
        assert not read_expectations(path).findings, path.name


def test_readme_shows_every_family() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for family in {code[:4] for code in CODES}:
        assert re.search(rf"\| {family}\d\d", readme), family


@pytest.mark.parametrize("code", CODES)
def test_code_has_a_page(code: str) -> None:
    assert page_of(code).startswith(f"# {code}: ")
