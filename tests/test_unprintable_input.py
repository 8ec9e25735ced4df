"""Unprintable and control characters in sources and in file names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from estimator_lint.command_line.formats import FORMATS
from estimator_lint.json_output import to_json
from estimator_lint.modes_view.highlighting import visible
from estimator_lint.printable import printable
from tests.command_line.program import run
from tests.flake8_program import FAULTY, write

HEAD = """\
import tensorflow as tf


def model_fn(features, labels, mode, params):
"""
#: Each line has a finding that quotes a character, written as an escape or as itself.
SOURCES = {
    "surrogate_field.py": r'return tf.estimator.EstimatorSpec(mode, **{"\ud800": 1})',
    "surrogate_key.py": r'return tf.estimator.EstimatorSpec(mode, {"\udcff": None}, 1.0)',
    "escape_field.py": 'return tf.estimator.EstimatorSpec(mode, **{"\x1b[31m": 1})  # \x9b31m',
    "line_ends_field.py": r'return tf.estimator.EstimatorSpec(mode, **{"a\r\n\u2028b": 1})',
    "hidden_field.py": 'return tf.estimator.EstimatorSpec(mode, **{"\u200b\u202eloss": 1})',
    "escape_test.py": (
        'if mode == "eval" and params["\x1b]0;title\x07"]:\n        return None\n'
        "    return tf.estimator.EstimatorSpec(mode, 1, features, features)"
    ),
}
#: How flake8 prints a name is up to flake8.
NAMES = ["red\x1b[31m.py", "line\nend.py", "next\x9bline.py", "turned\u202eyp.py", "null\udcff.py"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unprintable")
    for name, line in SOURCES.items():
        write(folder / name, f"{HEAD}    {line}\n")
    return folder


@pytest.fixture(scope="module")
def oddly_named(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files with unprintable names, as far as this file system accepts them."""
    return write_oddly_named(tmp_path_factory.mktemp("oddly named"))


def write_oddly_named(folder: Path) -> list[Path]:
    paths = []
    for name in NAMES:
        try:
            write(folder / name, FAULTY)
        except (OSError, ValueError):
            continue
        paths.append(folder / name)
    if not paths:
        pytest.skip("this file system takes no such names")
    return paths


def output_of(folder: Path, *command: str, status: int = 1) -> str:
    """The output of the program, which has to be complete and printable."""
    outcome = run(folder, *command)
    assert (outcome.status, outcome.errors) == (status, "")
    return shown(outcome.output, in_color="always" in command[-1])


def output_of_process(folder: Path, *command: str) -> str:
    """The same for a module that runs as a program, with Python's own streams."""
    finished = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, timeout=300
    )
    assert (finished.returncode, finished.stderr) == (1, b"")
    return shown(finished.stdout.decode("utf-8").replace("\r\n", "\n"))


def shown(text: str, *, in_color: bool = False) -> str:
    """The text, which must not have control sequences, except for colors if requested."""
    assert unprintable_in(re.sub(r"\x1b\[[0-9;]*m", "", text) if in_color else text)
    return text


def unprintable_in(text: str) -> bool:
    """Fails with the control character or the invisible one."""
    for character in text:
        if character not in "\n\t":
            assert not unicodedata.category(character).startswith(("Cc", "Cf", "Cs", "Zl", "Zp")), (
                hex(ord(character))
            )
    return True


def strict_json(text: str) -> Any:
    """The JSON value, read by a parser that rejects lone surrogates."""
    assert not re.search(r"(?<!\\)(\\\\)*\\ud[89ab]..(?!\\ud[c-f])", text)
    content = json.loads(text)
    json.dumps(content, ensure_ascii=False).encode("utf-8")
    return content


QUOTED = [r"'\ud800'", r'["\udcff"]', r"'\x1b[31m'", r"'a\r\n\u2028b'", r"'\u200b\u202eloss'"]


def test_flake8_goes_on(folder: Path) -> None:
    lines = output_of_process(folder, "flake8", "--isolated", "--select=MFN", ".").splitlines()
    for quoted in QUOTED:
        assert [line for line in lines if quoted in line]
    assert {line.split(":")[0].removeprefix("./") for line in lines} == SOURCES.keys()


@pytest.mark.parametrize("form", FORMATS)
def test_check_escapes_what_is_in_sources(folder: Path, form: str) -> None:
    output = output_of(folder, "check", "--isolated", f"--format={form}")
    is_json = form in ("json", "sarif", "gitlab")
    told = json.dumps(strict_json(output)) if is_json else output
    if form == "junit":
        told = "\n".join(ElementTree.fromstring(output).itertext())
    for quoted in QUOTED:
        assert (json.dumps(quoted)[1:-1] if is_json else quoted.replace("%", "%25")) in told


def test_colors_are_our_own(folder: Path) -> None:
    output = output_of(folder, "check", "--isolated", "--color=always")
    assert r"'\x1b[31m'" in output
    assert r"\x1b]0;title\x07" in output
    assert r"# \x9b31m" in output


def test_control_characters_come_back_from_json_as_they_were(folder: Path) -> None:
    output = output_of(folder, "check", "--isolated", "--format=json")
    tests = [step["test"] for each in strict_json(output)["findings"] for step in each["steps"]]
    assert 'params["\x1b]0;title\x07"]' in tests


@pytest.mark.parametrize("form", ["text", "json", "html"])
@pytest.mark.parametrize("name", SOURCES)
def test_modes_escapes_what_is_in_sources(folder: Path, name: str, form: str) -> None:
    output = output_of(folder, "modes", f"--format={form}", name, status=0)
    if form == "json":
        strict_json(output)
    if form == "html":
        assert visible(SOURCES[name].split("\n")[0]) in "".join(_texts(output))


@pytest.mark.parametrize("form", FORMATS)
def test_check_escapes_names_of_files(oddly_named: list[Path], form: str) -> None:
    folder = oddly_named[0].parent
    output = output_of(folder, "check", "--isolated", f"--format={form}", ".")
    if form == "json":
        names = [each["file"] for each in strict_json(output)["findings"]]
        expected = [re.sub("[\ud800-\udfff]", r"\\udcff", path.name) for path in oddly_named]
        assert {name.removeprefix("./") for name in names} == set(expected)
    elif form in ("sarif", "gitlab"):
        strict_json(output)
        assert output.count('"ruleId"' if form == "sarif" else '"check_name"') >= len(oddly_named)
    else:
        # In a property of an Azure command, a bracket would end the command.
        told = output.replace("%5D", "]").replace("%3B", ";")
        for path in oddly_named:
            assert printable(path.name) in told


@pytest.mark.parametrize(
    "command",
    [
        ["check", "--show-files"],
        ["check", "--show-settings", "--exclude=\x1b[31m\u202e.py"],
        ["modes", "."],
        ["modes", "--format=json", "."],
    ],
    ids=" ".join,
)
def test_lists_escape_names(oddly_named: list[Path], command: list[str]) -> None:
    first, *rest = command
    output = output_of(oddly_named[0].parent, first, "--isolated", *rest, status=0)
    if "--format=json" in command:
        strict_json(output)


def test_settings_are_toml_whatever_is_in_them(tmp_path: Path) -> None:
    tomllib = pytest.importorskip("tomllib")
    names = ["\x1b[31m\u202e.py", "\x9b\x7f", '"\\', "\U000e0041", "\u2028"]
    output = output_of(
        tmp_path,
        *("check", "--isolated", "--show-settings"),
        f"--estimator-decorators={','.join(names[:4])}",
        status=0,
    )
    assert tomllib.loads(output)["tool"]["estimator_lint"]["decorators"] == names[:4]


def test_a_baseline_of_oddly_named_files(tmp_path: Path) -> None:
    paths = write_oddly_named(tmp_path)
    command = ("check", "--isolated", "--baseline=known")
    assert run(tmp_path, *command, "--write-baseline").status == 0
    again = run(tmp_path, *command)
    assert (again.status, again.errors) == (0, "")
    for path in paths:
        path.unlink()
    gone = run(tmp_path, *command)
    assert unprintable_in(gone.errors)
    assert r"\x1b[31m" in gone.errors


def test_a_process_escapes_names_of_files(oddly_named: list[Path]) -> None:
    output = output_of_process(
        oddly_named[0].parent, "estimator_lint", "check", "--isolated", "--format=concise", "."
    )
    for path in oddly_named:
        assert printable(path.name) in output


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_modes_escapes_names_of_files(oddly_named: list[Path], form: str) -> None:
    for path in oddly_named:
        command = ("modes", "--isolated", f"--format={form}", path.name)
        output_of(path.parent, *command, status=0)


def test_what_is_told_on_standard_error_is_escaped(oddly_named: list[Path]) -> None:
    folder = oddly_named[0].parent
    missing = "no\x1b[31m\u202e.py"
    for command in (
        ["check", missing],
        ["modes", missing],
        ["modes", missing, "."],
        ["explain", missing],
        ["check", "--format", missing],
        ["check", f"--{missing}"],
        ["check", "--baseline", missing],
        ["check", f"--output-file={missing}/x"],
        ["modes", "x", f"--{missing}"],
        [missing],
    ):
        outcome = run(folder, *command)
        assert outcome.status == 2
        assert "\x1b" not in outcome.errors
        assert r"no\x1b[31m" in outcome.errors


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _texts(page: str) -> list[str]:
    parser = _Texts()
    parser.feed(page)
    return parser.texts


def test_printable_text_stays_as_it_is() -> None:
    for text in ("", "loss", "学習 naïve", "C:\\model.py", "a\u00a0b\u3000c", "\U0001f600"):
        assert printable(text) == text
    assert printable("a\tb", keep="\t") == "a\tb"
    assert printable("a\tb\x7f\x85\ufeff\U000e0041") == r"a\tb\x7f\x85\ufeff\U000e0041"


def test_json_is_ascii_and_comes_back() -> None:
    content = {"a": ["\x00\x1b\x7f\x9b\u2028", "ä\U0001f600", '"\\ud800"']}
    text = to_json(content)
    assert text.isascii()
    assert json.loads(text) == content
    assert json.loads(to_json("x\ud800\U0001f600\udfff")) == "x\\ud800\U0001f600\\udfff"
