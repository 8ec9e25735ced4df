"""Statements about the package in different places agree."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
from importlib import metadata, resources
from pathlib import Path

import estimator_lint
from estimator_lint import code_pages
from estimator_lint.documented_codes import WITHOUT_EXAMPLE, page_of
from estimator_lint.flake8_plugin import EstimatorChecker
from estimator_lint.program import main
from estimator_lint.rules import RULES
from estimator_lint.version import VERSION

ROOT = Path(__file__).parent.parent
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_installed_version_is_the_one_of_the_package() -> None:
    assert metadata.version("estimator-lint") == VERSION


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (.*)$", read("CHANGELOG.md"), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    assert released[0].split()[0] == VERSION


def test_the_documents_name_this_version() -> None:
    for name in ("README.md", "docs/pre-commit.md"):
        named = re.findall(
            r"estimator-lint==([\d.]+\d)|rev: v([\d.]+)\n    hooks:\n      - id: e", read(name)
        )
        assert named
        assert {one or other for one, other in named} == {VERSION}


def test_the_extension_for_an_editor_has_this_version() -> None:
    assert json.loads(read("editors/vscode/package.json"))["version"] == VERSION


def test_flake8_finds_the_checker() -> None:
    (entry,) = [
        entry
        for entry in metadata.entry_points(group="flake8.extension")
        if entry.dist is not None and entry.dist.name == "estimator-lint"
    ]
    assert entry.name == "MFN"
    assert entry.load() is EstimatorChecker


def test_dependencies_have_lower_bounds_only() -> None:
    lists = [SETUP["options"]["install_requires"], *SETUP["options.extras_require"].values()]
    for requirement in "\n".join(lists).strip().splitlines():
        package, _, condition = requirement.partition(";")
        assert re.fullmatch(r"[a-z0-9-]*(>=[\d.]+)?", package), requirement
        assert re.fullmatch(r'( python_version [<>]=? "3\.\d+")?', condition), requirement


def test_the_package_is_typed() -> None:
    assert resources.files(estimator_lint).joinpath("py.typed").is_file()


def test_the_script_runs_the_command_line() -> None:
    scripts = [
        line.split(" = ")
        for line in SETUP["options.entry_points"]["console_scripts"].split("\n")[1:]
    ]
    assert scripts == [["estimator-lint", f"{main.__module__}:{main.__qualname__}"]]


def test_the_texts_and_examples_of_the_codes_are_shipped(tmp_path: Path) -> None:
    """An installed package builds its pages from them, without a checkout."""
    run(ROOT, "setup.py", "-q", "build", f"--build-base={tmp_path}", f"--build-lib={tmp_path}/lib")
    folder = tmp_path / "lib" / "estimator_lint" / "code_pages"
    texts = {path.name for path in (folder / "texts").iterdir()}
    assert texts >= {f"{rule.code}.md" for rule in RULES} | {"definite.md", "possible.md"}
    codes = {code for rule in RULES for code in rule.codes} - WITHOUT_EXAMPLE
    assert {path.name for path in (folder / "examples").iterdir()} == codes
    assert {path.name for path in (folder / "examples").rglob("*.py")} == {"bad.py", "good.py"}
    isolated = run(tmp_path / "lib", "-m", "estimator_lint", "explain", "MFN113")
    assert isolated == page_of("MFN113")


def run(folder: Path, *arguments: str) -> str:
    """The output of Python in a folder."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    ).stdout.replace("\r\n", "\n")


def test_codes_are_known_without_the_rules() -> None:
    assert code_pages.codes() == {code for rule in RULES for code in rule.codes}
    for rule in RULES:
        for code in rule.codes:
            assert code_pages.text_file(code).name == f"{rule.code}.md"


def test_every_folder_of_the_package_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "estimator_lint").rglob("*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_the_pre_commit_hook_runs_this_plugin() -> None:
    hook = read(".pre-commit-hooks.yaml")
    assert re.search(r"^- id: estimator-lint$", hook, re.MULTILINE)
    assert re.search(r"^  entry: estimator-lint check --force-exclude$", hook, re.MULTILINE)
    assert re.search(r"^  language: python$", hook, re.MULTILINE)
    assert re.search(r"^  types_or: \[python, jupyter\]$", hook, re.MULTILINE)
