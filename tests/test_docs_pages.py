"""The documentation agrees with the registry, the fixtures and the plugin."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from flake8.options.manager import OptionManager

from estimator_lint.documented_codes import WITHOUT_EXAMPLE, page_of, pages
from estimator_lint.fixes.fixers import FIXERS
from estimator_lint.flake8_plugin import EstimatorChecker
from estimator_lint.rules import RULES, Rule

ROOT = Path(__file__).parent.parent
CODES = sorted(code for rule in RULES for code in rule.codes)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def load(path: Path) -> ModuleType:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


generate_code_pages = load(ROOT / "docs" / "generate_code_pages.py")
path_pictures = load(ROOT / "docs" / "path_pictures.py")


def test_the_table_of_the_readme_is_up_to_date() -> None:
    assert read("README.md") == generate_code_pages.readme(), "run: python3 dev.py docs"


def test_pictures_of_paths_are_up_to_date() -> None:
    stale = [path.name for path in path_pictures.stale_pictures()]
    assert stale == [], "run: python docs/path_pictures.py"


_SEARCHES = re.findall(
    r"^\| (.*) \| `git (grep -l|ls-files) \"?(.*?)\"?(?: (\w\S*))?` \| (.*) \|$",
    read("docs/development.md"),
    re.MULTILINE,
)


@pytest.mark.parametrize(
    ("command", "pattern", "folder", "answer"),
    [search[1:] for search in _SEARCHES],
    ids=[search[0] for search in _SEARCHES],
)
def test_a_search_finds_the_place(command: str, pattern: str, folder: str, answer: str) -> None:
    if command == "ls-files":
        tops = [] if "/" in pattern else [ROOT / "docs" / "code_texts", ROOT / "tests"]
        paths = [path for top in tops for path in top.rglob(pattern)] or list(ROOT.glob(pattern))
        found = [
            path for each in paths for path in (each.glob("*.py") if each.is_dir() else [each])
        ]
    else:
        wanted = re.compile(re.escape(pattern).replace(r"\.\*", ".*"))
        files = (ROOT / folder).rglob("*.py")
        found = [path for path in files if wanted.search(path.read_text(encoding="utf-8"))]
    named = [path.relative_to(ROOT).as_posix().removeprefix("estimator_lint/") for path in found]
    assert set(re.findall("`(.*?)`", answer)) <= set(named)
    assert len(named) < 9


def test_there_are_searches() -> None:
    assert len(_SEARCHES) > 12


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_page(code: str) -> None:
    page = page_of(code)
    assert f"# {code}: " in page
    assert "## How to fix it" in page or "## What to do" in page
    assert "## When to silence it" in page


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_page_shows_its_code(code: str) -> None:
    if code in WITHOUT_EXAMPLE:
        pytest.skip("has no example")
    output = re.search(r"^```text\n(bad\.py:.*?)^```", page_of(code), re.M | re.S)
    assert output is not None
    assert code in output.group(1)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_page_says_how_safe_its_fix_is(rule: Rule) -> None:
    _, _, section = read(f"docs/code_texts/{rule.code}.md").partition("\n## Fix safety\n\n")
    section, _, _ = section.partition("\n## ")
    kinds = re.findall(r"^\*\*(Safe|Unsafe|Shown only)\*\*", section, re.MULTILINE)
    assert bool(kinds) is (rule.code in FIXERS)
    assert kinds or section.startswith("There is no ")


#: Raised by the session in the middle of `train`, which the record does not cover.
RAISED_LATER = {
    'TypeError: Argument `fetch` = None has invalid type "NoneType". Cannot be None',
}


def test_quoted_errors_are_those_on_record() -> None:
    record = json.loads(read("tests/conformance/tensorflow-2.15.1.json"))
    raised = {
        f"{run['outcome']}: {run['text']}".replace(" at 0x0", "")
        for file in record["files"].values()
        for function in file.get("functions", ())
        for runs in function["modes"].values()
        for run in runs
        if "text" in run
    }
    for text in sorted((ROOT / "docs" / "code_texts").glob("MFN*.md")):
        if text.stem == "MFN002":  # quotes the linter, and is tested with it
            continue
        blocks = re.findall(r"^```text\n(.*?)^```", text.read_text(encoding="utf-8"), re.M | re.S)
        assert set("".join(blocks).splitlines()) <= raised | RAISED_LATER, text.name


def test_the_index_has_every_code_and_no_other() -> None:
    table = generate_code_pages.index().partition("```{toctree}")[0]
    assert sorted(set(re.findall(r"MFN\d{3}", table))) == CODES
    for rule in RULES:
        (row,) = [line for line in table.splitlines() if f"[{rule.code}]" in line]
        assert f"| {rule.name} | {rule.summary} |" in row


def test_the_documents_name_no_code_that_is_not_there() -> None:
    """Except for codes like MFN001, which a text can't contain by mistake."""
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    for document in documents:
        named = set(re.findall(r"MFN\d{3}", document.read_text(encoding="utf-8")))
        assert named <= set(CODES), document


def test_the_changelog_has_every_code() -> None:
    assert set(CODES) <= set(re.findall(r"MFN\d{3}", read("CHANGELOG.md")))


def test_the_readme_opens_with_what_flake8_really_prints() -> None:
    block = re.search(r"```console\n\$ flake8 (.*)\n((?:.*\n)*?)```", read("README.md"))
    assert block is not None
    command = [sys.executable, "-m", "flake8", "--isolated", *block.group(1).split()]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert finished.stdout.replace("\\", "/") == block.group(2)


def console_examples() -> list[tuple[str, str, str]]:
    """Commands of the pages that lint a file of this repository, with the output shown."""
    block = re.compile(r"^```console\n((?:(?!```).*\n)+)```", re.MULTILINE)
    command = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)+)", re.MULTILINE)
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [
        (page.relative_to(ROOT).as_posix(), line, output)
        for page in pages
        for text in block.findall(page.read_text(encoding="utf-8"))
        for line, output in command.findall(text)
        if line.startswith("estimator-lint ") and "examples/" in line
    ]


@pytest.mark.parametrize(("page", "command", "output"), console_examples())
def test_a_console_example_is_what_the_command_prints(page: str, command: str, output: str) -> None:
    arguments = [sys.executable, "-m", "estimator_lint", *shlex.split(command)[1:], "--isolated"]
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    finished = subprocess.run(
        arguments, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert finished.stdout.replace("\\", "/") == output, page


def test_findings_in_the_documents_are_real() -> None:
    """flake8 prints each finding for a file of the repository that a page quotes."""
    quoted = re.findall(r"^examples/.*MFN.*$", read("docs/getting-started.md"), re.MULTILINE)
    assert quoted
    for line in quoted:
        assert line in read("README.md")


def test_every_option_is_documented_with_its_default() -> None:
    manager = OptionManager(version="0", plugin_versions="", parents=[], formatter_names=[])
    EstimatorChecker.add_options(manager)
    page = read("docs/configuration.md")
    options = [option for option in manager.options if option.long_option_name]
    assert len(options) >= 3
    for option in options:
        assert option.parse_from_config
        (row,) = re.findall(rf"^\| `{option.long_option_name}` \| (.*) \|$", page, re.MULTILINE)
        in_file, default = row.split(" | ")
        assert in_file == f"`{str(option.long_option_name).removeprefix('--')}`"
        wanted = (
            option.default if isinstance(option.default, str) else ",".join(option.default or ())
        )
        assert default.strip("`") == (wanted or "none")


def tasks() -> set[str]:
    return {task.__name__ for task in load(ROOT / "dev.py").TASKS}


@pytest.mark.parametrize("name", ["README.md", "docs/development.md", "docs/getting-started.md"])
def test_documented_commands_exist(name: str) -> None:
    named = re.findall(r"(?:dev\.py|`make) ([a-z]+)\b", read(name))
    assert named
    assert set(named) <= tasks()


def test_every_command_is_documented_and_a_target_of_make() -> None:
    page, makefile = read("docs/development.md"), read("Makefile")
    targets = re.search(r"^COMMANDS := (.*)$", makefile, re.MULTILINE)
    assert targets is not None
    assert set(targets.group(1).split()) == tasks()
    for task in tasks():
        assert f"`python3 dev.py {task}`" in page


def test_links_between_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for document in documents:
        if {"_build", "code_texts", "codes"} & set(document.parts):
            continue
        for target in re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8")):
            path = Path(os.path.normpath(document.parent / target))
            if path.parent == ROOT / "docs" / "codes":  # written when the documentation is built
                assert path.stem in (*CODES, "index"), f"{document}: {target}"
            elif "://" not in target:
                assert path.exists(), f"{document}: {target}"


def test_the_written_pages_are_those_of_the_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left_over = tmp_path / "docs" / "codes" / "MFN998.md"
    left_over.parent.mkdir(parents=True)
    left_over.write_text("# MFN998\n", encoding="utf-8")
    monkeypatch.setattr(generate_code_pages, "PAGES", left_over.parent)
    monkeypatch.setattr(generate_code_pages, "ROOT", tmp_path)
    some = {code: page for code, page in pages().items() if code in ("MFN103", "MFN113")}
    monkeypatch.setattr(generate_code_pages, "pages", lambda: some)
    generate_code_pages.write_pages()
    written = {path.name for path in left_over.parent.iterdir()}
    assert written == {"index.md", "MFN103.md", "MFN113.md"}
    page = (left_over.parent / "MFN113.md").read_text(encoding="utf-8")
    assert page.startswith("# MFN113: missing-loss-in-eval\n")
    assert "[MFN103](MFN103.md)" in page
    capsys.readouterr()
    generate_code_pages.write_pages()
    assert capsys.readouterr().out == ""
