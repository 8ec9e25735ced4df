"""The plugin inside the real flake8, run as users run it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flake8_program import (
    FAULTY,
    FAULTY_DECORATED,
    FAULTY_UNDER_OTHER_NAME,
    FINDING,
    INDENTED_RETURN,
    MESSAGE,
    ONLY_TRAINED,
    SITE,
    findings_in,
    flake8,
    position,
    write,
)

FIXTURES = Path(__file__).parent / "fixtures"

# The plugin is there


def test_flake8_lists_the_plugin(tmp_path: Path) -> None:
    version = " ".join(flake8(tmp_path, "--version").lines)
    assert re.search(r"estimator[-_]lint: \d+\.\d+\.\d+", version)


def test_a_finding_has_place_code_and_mode(tmp_path: Path) -> None:
    assert findings_in(tmp_path, FAULTY) == [FINDING]


def test_codes_are_on_without_select(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY)
    command = [sys.executable, "-m", "flake8", "model.py"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert finished.stdout.splitlines() == [f"model.py:{FINDING}"]


def test_help_shows_the_options(tmp_path: Path) -> None:
    shown = " ".join(flake8(tmp_path, "--help").lines)
    for option in ("source-roots", *OPTIONS):
        assert f"--estimator-{option}" in shown


# Options

OPTIONS = {
    "model-fns": ("estimator-model-fns", "first_*,build_*", FAULTY_UNDER_OTHER_NAME, "MFN103"),
    "decorators": ("estimator-decorators", "other,graph", FAULTY_DECORATED, "MFN103"),
    "require-modes": ("estimator-require-modes", "TRAIN,PREDICT", ONLY_TRAINED, "MFN104"),
    "tf-version": ("estimator-tf-version", "2.16", ONLY_TRAINED, "MFN901"),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_option_on_the_command_line(tmp_path: Path, name: str) -> None:
    option, value, text, code = OPTIONS[name]
    assert findings_in(tmp_path, text) == []
    (finding,) = findings_in(tmp_path, text, f"--{option}={value}")
    assert code in finding


@pytest.mark.parametrize("config", ["setup.cfg", "tox.ini", ".flake8"])
@pytest.mark.parametrize("name", OPTIONS)
def test_option_in_a_configuration_file(tmp_path: Path, config: str, name: str) -> None:
    option, value, text, code = OPTIONS[name]
    spread = ",\n    ".join(value.split(","))
    write(tmp_path / config, f"[flake8]\n{option} =\n    {spread}\n")
    (finding,) = findings_in(tmp_path, text)
    assert code in finding
    # The same with underscores, which flake8 also accepts for its own options.
    write(tmp_path / config, f"[flake8]\n{option.replace('-', '_')} = {value}\n")
    assert findings_in(tmp_path, text) == [finding]


def test_the_command_line_wins_over_the_configuration_file(tmp_path: Path) -> None:
    write(tmp_path / "setup.cfg", "[flake8]\nestimator-require-modes = PREDICT\n")
    assert findings_in(tmp_path, ONLY_TRAINED, "--estimator-require-modes=TRAIN") == []


@pytest.mark.parametrize("mode", ["INFER", "PREDICT,TEST", "PREDICTION"])
def test_an_unknown_mode_is_an_error_of_usage(tmp_path: Path, mode: str) -> None:
    write(tmp_path / "model.py", FAULTY)
    outcome = flake8(tmp_path, f"--estimator-require-modes={mode}", "model.py")
    assert outcome.status == 2
    assert "--estimator-require-modes" in outcome.errors
    assert mode.split(",")[-1] in outcome.errors
    assert outcome.lines == []


def test_an_unknown_mode_in_a_configuration_file(tmp_path: Path) -> None:
    write(tmp_path / "tox.ini", "[flake8]\nestimator-require-modes = PREDICT, TEST\n")
    write(tmp_path / "model.py", FAULTY)
    outcome = flake8(tmp_path, "model.py")
    assert outcome.status == 2
    assert "estimator-require-modes" in outcome.errors
    assert "TEST" in outcome.errors


def test_an_empty_option_is_no_mode(tmp_path: Path) -> None:
    assert findings_in(tmp_path, ONLY_TRAINED, "--estimator-require-modes=") == []


# Where the text comes from


def test_standard_input(tmp_path: Path) -> None:
    outcome = flake8(tmp_path, "-", stdin=FAULTY.encode())
    assert outcome.lines == [f"stdin:{FINDING}"]


def test_standard_input_has_the_name_it_is_given(tmp_path: Path) -> None:
    """The file of that name, if there is one, is not linted."""
    write(tmp_path / "model.py", ONLY_TRAINED)
    for name in ("model.py", "not/there.py"):
        outcome = flake8(tmp_path, f"--stdin-display-name={name}", "-", stdin=FAULTY.encode())
        assert outcome.lines == [f"{name}:{FINDING}"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_standard_input_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    text = "# coding: latin-1\n" if encoding == "latin-1" else "#\n"
    text += FAULTY.replace("        return", '        "ä"; return')
    outcome = flake8(tmp_path, "-", stdin=text.encode(encoding))
    assert outcome.lines == ["stdin:7:21: MFN103 EstimatorSpec has no loss in EVAL"]


# Silencing


@pytest.mark.parametrize(
    ("comment", "is_silenced"),
    [
        ("# noqa", True),
        ("# noqa: MFN103", True),
        ("# noqa: E501,MFN103", True),
        ("# noqa: MFN", True),
        ("# noqa: MFN102", False),
        ("# noqa: MFN113", False),
    ],
)
def test_noqa(tmp_path: Path, comment: str, is_silenced: bool) -> None:
    text = FAULTY.replace("EstimatorSpec(mode)", f"EstimatorSpec(mode)  {comment}")
    found = [line for line in findings_in(tmp_path, text) if "MFN002" not in line]
    assert found == ([] if is_silenced else [FINDING])


def test_noqa_counts_on_the_line_of_the_finding_only(tmp_path: Path) -> None:
    spread = "EstimatorSpec({}\n            mode,{}\n        ){}\n"
    unused = "MFN002 unused noqa: MFN103"
    for index, left in enumerate(([], [FINDING, f"7:28: {unused}"], [FINDING, f"8:20: {unused}"])):
        comments = ["", "", ""]
        comments[index] = "  # noqa: MFN103"
        text = FAULTY.replace("EstimatorSpec(mode)\n", spread.format(*comments), 1)
        assert findings_in(tmp_path, text) == left


def test_flake8_noqa_for_the_whole_file(tmp_path: Path) -> None:
    assert findings_in(tmp_path, f"# flake8: noqa: MFN103\n{FAULTY}") == []


def test_per_file_ignores(tmp_path: Path) -> None:
    for name in ("kept/a.py", "old/a.py", "old/b.py"):
        write(tmp_path / name, FAULTY)
    write(
        tmp_path / ".flake8", "[flake8]\nper-file-ignores =\n    old/a.py: MFN1\n    b.py: MFN2\n"
    )
    outcome = flake8(tmp_path, "-j1", ".")
    assert sorted(outcome.lines) == [f"./kept/a.py:{FINDING}", f"./old/b.py:{FINDING}"]


@pytest.mark.parametrize("ignored", ["MFN", "MFN1", "MFN10", "MFN103"])
def test_extend_ignore_takes_prefixes(tmp_path: Path, ignored: str) -> None:
    write(tmp_path / "model.py", FAULTY)
    command = [sys.executable, "-m", "flake8", f"--extend-ignore={ignored}", "model.py"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert finished.stdout == ""
    assert finished.returncode == 0


# Several files, several processes


@pytest.fixture
def many_files(tmp_path: Path) -> Path:
    for number in range(6):
        write(tmp_path / f"faulty_{number}.py", "\n" * number + FAULTY)
        write(tmp_path / f"trained_{number}.py", ONLY_TRAINED)
        write(tmp_path / f"other_{number}.py", "x = 1\n")
    return tmp_path


EXPECTED_IN_MANY_FILES = sorted(
    [f"./faulty_{number}.py:{6 + number}:{FINDING[2:]}" for number in range(6)]
    + [
        f"./trained_{number}.py:5:12: MFN104 EstimatorSpec has no predictions in PREDICT"
        for number in range(6)
    ]
)


@pytest.mark.parametrize("jobs", ["-j0", "-j1", "-j2", "-jauto"])
def test_jobs(many_files: Path, jobs: str) -> None:
    outcome = flake8(many_files, jobs, "--estimator-require-modes=PREDICT", ".")
    assert sorted(outcome.lines) == EXPECTED_IN_MANY_FILES


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
@pytest.mark.skipif(sys.platform == "win32", reason="there it is always spawn")
def test_other_ways_to_start_processes(many_files: Path, method: str) -> None:
    """The options reach processes that don't inherit them."""
    customization = f"import multiprocessing\nmultiprocessing.set_start_method({method!r}, True)\n"
    write(many_files / "start" / "sitecustomize.py", customization)
    environment = {"PYTHONPATH": str(many_files / "start")}
    arguments = ["-j2", "--estimator-require-modes=PREDICT", "--exclude=start", "."]
    outcome = flake8(many_files, *arguments, environment=environment)
    assert sorted(outcome.lines) == EXPECTED_IN_MANY_FILES


def test_files_have_no_effect_on_each_other(many_files: Path) -> None:
    names = sorted(path.name for path in many_files.glob("*.py"))
    there = flake8(many_files, "-j1", *names)
    back = flake8(many_files, "-j1", *reversed(names))
    assert sorted(there.lines) == sorted(back.lines) != []


# Columns and line ends

TEXTS_OF_ALL_KINDS = {
    "plain": FAULTY,
    "umlauts": FAULTY.replace(INDENTED_RETURN, '        "äöü"; return'),
    "wide": FAULTY.replace(INDENTED_RETURN, '        "日本語"; return'),
    "astral": FAULTY.replace(INDENTED_RETURN, '        "𝄞👩\u200d🔬"; return'),
    "identifier": FAULTY.replace("labels", "étiquettes").replace(
        INDENTED_RETURN, "        étiquettes; return"
    ),
    "tabs": FAULTY.replace("    ", "\t"),
    "tab_inside": FAULTY.replace("return ", "return\t"),
    "separators": FAULTY.replace("import", "x = '\u2028\u0085\x1c'\nimport", 1),
    "separators_in_lines": FAULTY.replace("import", "x = '''\n\u2028\x0b\x0c\n'''\nimport", 1),
    "form_feed_line": FAULTY.replace("\ndef", "\n\x0c\ndef"),
    "form_feed_before_def": FAULTY.replace("def", "\x0cdef", 1),
    "form_feed_line_inside": FAULTY.replace(INDENTED_RETURN, "\x0c\n        return", 1),
    "backslash": FAULTY.replace("return", "return \\\n            ", 1),
    "no_newline_at_end": FAULTY.rstrip("\n"),
    "trailing_blank_lines": FAULTY + "\n\n   \n",
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["bare", "BOM"])
def test_place(tmp_path: Path, line_end: str, mark: str) -> None:
    expected = []
    for name, text in TEXTS_OF_ALL_KINDS.items():
        write(tmp_path / f"{name}.py", mark + text.replace("\n", line_end))
        expected.append(f"./{name}.py:{position(text, SITE)} {MESSAGE}")
    assert sorted(flake8(tmp_path, ".").lines) == sorted(expected)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("name", ["plain", "wide", "form_feed_before_def", "separators_in_lines"])
def test_place_on_standard_input(tmp_path: Path, line_end: str, name: str) -> None:
    """There, flake8 does not change line ends."""
    text = TEXTS_OF_ALL_KINDS[name]
    outcome = flake8(tmp_path, "-", stdin=text.replace("\n", line_end).encode())
    assert outcome.lines == [f"stdin:{position(text, SITE)} {MESSAGE}"]
