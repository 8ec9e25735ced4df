"""``estimator-lint check`` and flake8 find the same, however they are configured."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator_lint.settings import Settings
from tests.command_line.program import FAULTY, check, write
from tests.fixture_expectations import fixture_paths, read_expectations, settings_of
from tests.flake8_program import flake8_in_process

#: Two faults, one of them in a statement over several lines, and room for comments.
SOURCE = '''\
import tensorflow as tf  {0}
{1}

def model_fn(features, labels, mode):  {2}
    text = """
    {3}
    """; {4}
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(  {5}
            mode,  {6}
            predictions={{"text": """
            {7}
            """}},
        )  {8}
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, \\
            export_outputs=None)  {9}
    return tf.estimator.EstimatorSpec(mode, features, features, features)  {10}
'''

comments = st.sampled_from(
    [
        "",
        "",
        "# noqa",
        "# NOQA : MFN103",
        "# noqa: MFN103",
        "# noqa:MFN104,E501",
        "# noqa: E501",
        "# noqa: MFN",
        "# noqa : MFN104",
        "# why # noqa: mfn103",
        "#noqa",
        "# flake8: noqa",
        "# flake8: noqa: MFN103",
        "# type: ignore  # noqa: MFN1 and so on",
    ]
)
prefixes = st.lists(
    st.sampled_from(["M", "MFN", "MFN1", "MFN10", "MFN103", "MFN104", "E", "E501", "X9"]),
    unique=True,
    max_size=3,
).map(",".join)
lists_of_codes = ["extend-select", "ignore", "extend-ignore"]


def flake8(folder: Path, *arguments: str) -> list[str]:
    """The lines that flake8 prints about our codes."""
    lines = flake8_in_process(folder, "--max-line-length=200", *arguments)
    return [line for line in lines if ": MFN" in line]


@given(
    marks=st.lists(comments, min_size=11, max_size=11),
    configured=st.dictionaries(st.sampled_from(lists_of_codes), prefixes, max_size=3),
    given_options=st.dictionaries(
        st.sampled_from(["select", *lists_of_codes]), prefixes, max_size=3
    ),
    selected=st.sampled_from(["", "", "MFN", "M,E", "MFN10", "MFN103,MFN2"]),
    per_file=st.sampled_from(["", "", "model.py: MFN103", "*.py: MFN", "a/*: MFN10, other.py: E"]),
    disable_noqa=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_comments_and_configuration_have_the_same_effect(
    marks: list[str],
    configured: dict[str, str],
    given_options: dict[str, str],
    selected: str,
    per_file: str,
    disable_noqa: bool,
) -> None:
    if selected:
        configured = {**configured, "select": selected}
    if per_file:
        configured = {**configured, "per-file-ignores": per_file}
    section = "".join(f"{name} = {value}\n" for name, value in configured.items())
    arguments = [f"--{name}={value}" for name, value in given_options.items()]
    if disable_noqa:
        arguments.append("--disable-noqa")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "model.py", SOURCE.format(*marks))
        write(folder / "a" / "other.py", FAULTY)
        write(folder / "setup.cfg", f"[flake8]\n{section}")
        ours = check(folder, *arguments)
        if ours.errors:  # flake8 does not object to a selection without codes of ours
            assert "'select' contains no MFN code" in ours.errors
            assert (ours.status, ours.output) == (2, "")
        assert ours.lines == flake8(folder, *arguments)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_comments_count_with_all_line_ends(tmp_path: Path, ends: str) -> None:
    marks = ["" for _ in range(11)]
    for index in (5, 8, 9):
        marks[index] = "# noqa: MFN103"
        source = SOURCE.format(*marks).replace("\n", ends)
        write(tmp_path / "model.py", source.encode())
        assert check(tmp_path).lines == flake8(tmp_path)


def test_a_flake8_of_its_own_finds_the_same_in_many_fixtures(tmp_path: Path) -> None:
    """It spreads every third fixture over processes, which have another hash seed.

    In ``tests/test_fixtures.py``, flake8 and ``check`` look at all of them, in a process whose hash
    seed is another one in each run.
    """
    paths = fixture_paths()[::3]
    plain = [p for p in paths if settings_of(p.read_text(encoding="utf-8")) == Settings()]
    found = _by_file(_flake8_of(plain, tmp_path))
    assert len(found) > 40
    for path in plain:
        expected = [
            (each.line, each.column + 1, each.code) for each in read_expectations(path).findings
        ]
        assert found[str(path)] == expected, path


def _flake8_of(paths: list[Path], folder: Path) -> list[str]:
    command = [sys.executable, "-m", "flake8", "--isolated", "--select=MFN", *map(str, paths)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONHASHSEED": "4711"}
    finished = subprocess.run(command, capture_output=True, cwd=folder, env=environment)
    return finished.stdout.decode().splitlines()


def _by_file(lines: list[str]) -> defaultdict[str, list[tuple[int, int, str]]]:
    """The place and code of each finding, by file."""
    found: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for line in lines:
        match = re.match(r"(.*):(\d+):(\d+): (\w+) ", line)
        assert match, line
        found[match[1]].append((int(match[2]), int(match[3]), match[4]))
    return found
