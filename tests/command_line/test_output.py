"""Output that can't be written: one line on standard error, if possible, and status 2."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line.program import FAULTY, FINDING, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such shell")

needs_full_device = pytest.mark.skipif(
    not os.path.exists("/dev/full"), reason="there is no device that is full"
)

COMMANDS = [
    "check model.py",
    "check --color=always model.py",
    "check --format=sarif model.py",
    "check empty.py",
    "modes model.py",
    "modes --format=html model.py",
    "explain MFN103",
    "explain",
    "--version",
    "check --help",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "model.py", FAULTY)
    write(tmp_path / "empty.py", "")
    return tmp_path


def in_shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    line = f"{shlex.quote(sys.executable)} -m estimator_lint {command}"
    return subprocess.run(line, shell=True, cwd=folder, capture_output=True, text=True, timeout=120)


@needs_full_device
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", COMMANDS)
def test_the_device_is_full(
    folder: Path, command: str, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    finished = in_shell(folder, f"{command} > /dev/full")
    assert finished.returncode == 2
    assert finished.stderr == (
        "estimator-lint: error: standard output can't be written: No space left on device\n"
    )


@needs_full_device
@pytest.mark.parametrize("form", ["text", "concise", "azure", "json", "gitlab", "junit"])
def test_the_device_of_an_output_file_is_full(folder: Path, form: str) -> None:
    finished = in_shell(folder, f"check --format={form} --output-file=/dev/full model.py")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr == (
        "estimator-lint: error: /dev/full can't be written: No space left on device\n"
    )


@needs_full_device
@pytest.mark.parametrize(
    "command", ["modes .", "modes --format=json .", "explain --format=json", "check --show-files"]
)
def test_the_device_is_full_for_lists(folder: Path, command: str) -> None:
    finished = in_shell(folder, f"{command} > /dev/full")
    assert finished.returncode == 2
    assert finished.stderr == (
        "estimator-lint: error: standard output can't be written: No space left on device\n"
    )


@pytest.mark.parametrize("command", ["check model.py", "modes model.py", "explain", "--version"])
def test_standard_output_is_closed(folder: Path, command: str) -> None:
    finished = in_shell(folder, f"{command} >&-")
    assert finished.returncode == 2
    assert finished.stderr == "estimator-lint: error: standard output is closed\n"


@needs_full_device
@pytest.mark.parametrize("closing", [">/dev/full 2>/dev/full", ">&- 2>&-", ">/dev/full 2>&-"])
def test_nothing_can_be_said(folder: Path, closing: str) -> None:
    for command in ("check model.py", "check nowhere.py", "--version"):
        assert in_shell(folder, f"{command} {closing}").returncode == 2


@needs_full_device
@pytest.mark.parametrize("closing", ["2>/dev/full", "2>&-"])
def test_only_standard_error_is_lost(folder: Path, closing: str) -> None:
    finished = in_shell(folder, f"check --format=concise model.py nowhere.py {closing}")
    assert (finished.returncode, finished.stdout) == (2, f"model.py:{FINDING}\n")
    assert in_shell(folder, f"check empty.py {closing}").returncode == 0


def test_standard_input_is_closed(folder: Path) -> None:
    finished = in_shell(folder, "check --format=concise - model.py <&-")
    assert (finished.returncode, finished.stdout) == (2, f"model.py:{FINDING}\n")
    assert finished.stderr == "-: not checked: OSError: standard input is closed\n"
    assert in_shell(folder, "modes - <&-").returncode == 2


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("form", ["concise", "sarif", "text", "text --color=always"])
def test_nobody_reads(
    folder: Path, form: str, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a pipe holds, so that part of the output is left over."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    spec = f"EstimatorSpec(mode, {'x' * 200_000}=1)"
    write(folder / "model.py", FAULTY.replace("EstimatorSpec(mode)", spec))
    program = f"{shlex.quote(sys.executable)} -m estimator_lint check --format={form} model.py"
    line = f"{program} | head -c 10; echo .${{PIPESTATUS[0]}}"
    finished = subprocess.run(
        ["bash", "-c", line], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert finished.stdout.endswith(".2\n")
    assert finished.stderr == ""
