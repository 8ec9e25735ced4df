"""ruff next to the linter: it ignores the linter's comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools import samples
from tests.tools.programs import program, run

RECIPE = samples.recipe("editors.md", "toml", "external")
#: The rules on comments: one that silences nothing, one whose code is unknown.
CHECK = ["check", "--no-cache", "--select=RUF100,RUF102", "model.py"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    samples.write(tmp_path / "model.py", samples.SILENCED)
    return tmp_path


def test_without_the_setting_ruff_takes_the_comment_for_a_mistake(project: Path) -> None:
    """Otherwise the recipe would be unnecessary."""
    samples.write(project / "pyproject.toml", "[tool.ruff]\n")
    assert samples.CODE in run([program("ruff"), *CHECK], project, status=1)


def test_with_the_setting_ruff_leaves_the_comment(project: Path) -> None:
    samples.write(project / "pyproject.toml", RECIPE)
    run([program("ruff"), *CHECK, "--fix"], project, status=0)
    assert (project / "model.py").read_text(encoding="utf-8") == samples.SILENCED


def test_ruff_still_removes_its_own_code_from_the_same_comment(project: Path) -> None:
    samples.write(project / "pyproject.toml", RECIPE)
    both = samples.SILENCED.replace("noqa: MFN103", "noqa: MFN103, E501")
    samples.write(project / "model.py", both)
    run([program("ruff"), *CHECK, "--fix"], project, status=0)
    assert (project / "model.py").read_text(encoding="utf-8") == samples.SILENCED
    run([program("flake8"), "--select=MFN", "model.py"], project, status=0)
