"""Obstacles to releasing a checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from release.readiness import addresses, obstacles, version_of

ROOT = Path(__file__).parents[2]

CHANGELOG = (
    "# Changelog\n\n## Unreleased\n\n## 1.2.3 (2026-11-29)\n\n- Something.\n\n## 1.2.2\n\n- Else.\n"
)
SETUP = "[metadata]\nproject_urls =\n    Source = https://code.test/lint\n"


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=n", "-c", "user.email=n@code.test"]
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that can be released."""
    git(tmp_path, "init")
    (tmp_path / "estimator_lint").mkdir()
    (tmp_path / "estimator_lint" / "version.py").write_text('VERSION = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "setup.cfg").write_text(SETUP)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    return tmp_path


def test_nothing_in_the_way(checkout: Path) -> None:
    assert list(obstacles(checkout)) == []
    assert list(obstacles(checkout, "v1.2.3")) == []


def test_tags(checkout: Path) -> None:
    assert list(obstacles(checkout, "v1.2.4")) == ["the tag is v1.2.4, and the version 1.2.3"]
    git(checkout, "tag", "v1.2.3")
    assert list(obstacles(checkout)) == ["the tag v1.2.3 is there already"]
    assert list(obstacles(checkout, "v1.2.3")) == []


def test_uncommitted_changes(checkout: Path) -> None:
    (checkout / "new.py").touch()
    assert list(obstacles(checkout)) == ["uncommitted changes: new.py"]


@pytest.mark.parametrize(
    ("old", "new", "obstacle"),
    [
        ("Unreleased\n", "Unreleased\n\n- More.\n", "has changes under 'Unreleased'"),
        ("1.2.3 (2026-11-29)", "1.2.4", "begins with '1.2.4', and the version is 1.2.3"),
        ("- Something.\n", "", "says nothing about 1.2.3"),
    ],
)
def test_the_changelog(checkout: Path, old: str, new: str, obstacle: str) -> None:
    path = checkout / "CHANGELOG.md"
    path.write_text(CHANGELOG.replace(old, new))
    git(checkout, "commit", "--all", "-m", "changed")
    assert list(obstacles(checkout)) == [f"CHANGELOG.md {obstacle}"]


def test_placeholders(checkout: Path) -> None:
    (checkout / "setup.cfg").write_text(SETUP.replace("code.test", "example.com"))
    git(checkout, "commit", "--all", "-m", "changed")
    (found,) = obstacles(checkout)
    assert found == "setup.cfg has a placeholder for Source: https://example.com/lint"


def test_a_version_in_another_form(checkout: Path) -> None:
    (checkout / "estimator_lint" / "version.py").write_text("VERSION = None\n")
    with pytest.raises(ValueError, match="VERSION"):
        version_of(checkout)


def test_documents_have_the_addresses_of_the_project() -> None:
    """Documents use the addresses that are set in setup.cfg."""
    source = addresses(ROOT)["Source"]
    for name in ("README.md", "docs/pre-commit.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert f"repo: {source}\n" in text
        assert text.count("example.com") == text.count(source) * ("example.com" in source)
