"""Checking in several processes."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from estimator_lint.checking import CheckedFile, Checker
from estimator_lint.command_line import running
from estimator_lint.command_line.progress import Progress
from estimator_lint.command_line.running import FileFindings, run_checks
from estimator_lint.command_line.status import Status
from estimator_lint.configuration.project_settings import read_configuration
from tests.command_line.program import CLEAN, FAULTY, inside, write

BROKEN = FAULTY.replace("def model_fn(", "def model_fn((")


def project(folder: Path) -> list[str]:
    names = [f"model_{index}.py" for index in range(12)]
    for index, name in enumerate(names):
        write(folder / name, "# \n" * index + (FAULTY if index % 3 else CLEAN))
    write(folder / "model_5.py", BROKEN)
    return names


def report_of(folder: Path, jobs: int, patience: float) -> tuple[list[FileFindings], list[str]]:
    with inside(folder):
        configuration = read_configuration([f"--jobs={jobs}"], isolated=True)
        report = run_checks(configuration, ["."], Progress(), patience)
    return report.files, [problem.path for problem in report.problems]


def test_the_number_of_processes_makes_no_difference(tmp_path: Path) -> None:
    project(tmp_path)
    alone = report_of(tmp_path, jobs=1, patience=0)
    assert len(alone[0]) == 7
    assert alone[1] == [os.path.join(".", "model_5.py")]
    assert report_of(tmp_path, jobs=3, patience=0) == alone


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_nor_does_the_way_they_are_started(tmp_path: Path, method: str) -> None:
    project(tmp_path)
    alone = report_of(tmp_path, jobs=1, patience=0)
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method(method, force=True)
    try:
        assert report_of(tmp_path, jobs=2, patience=0) == alone
    finally:
        multiprocessing.set_start_method(before, force=True)


def test_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(processes: int) -> None:
        raise OSError(28, "No space left on device")

    project(tmp_path)
    alone = report_of(tmp_path, jobs=1, patience=0)
    monkeypatch.setattr(running, "_pool", refuse)
    assert report_of(tmp_path, jobs=2, patience=0) == alone


class DyingChecker(Checker):
    """A checker that dies on one file."""

    def check(self, path: str, data: bytes) -> CheckedFile:
        if "model_4" in path:
            os._exit(1)
        return super().check(path, data)


def test_a_process_that_dies_is_told_and_the_others_files_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path)
    alone = report_of(tmp_path, jobs=1, patience=0)
    monkeypatch.setattr(running, "Checker", DyingChecker)
    files, problems = report_of(tmp_path, jobs=2, patience=0)
    assert problems == [os.path.join(".", f"model_{index}.py") for index in (4, 5)]
    assert files == [file for file in alone[0] if "model_4" not in file.path]


INTERRUPTED = """\
import functools, multiprocessing, signal, sys, time
# A shell that runs the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from estimator_lint.command_line import running
from estimator_lint.command_line.main import main

class SlowChecker(running.Checker):
    def check(self, path, data):
        print("started", flush=True)
        time.sleep(600)

multiprocessing.set_start_method("fork")
running.Checker = SlowChecker
running.run_checks = functools.partial(running.run_checks, patience=0)
sys.exit(main(["check", "--isolated", "--jobs=2", "."]))
"""


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="processes are not forked here"
)
@pytest.mark.parametrize("whom", ["all", "the first alone"])
def test_who_interrupts_does_not_wait_for_the_processes(tmp_path: Path, whom: str) -> None:
    project(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        process.stdout.readline()
        interrupt = os.killpg if whom == "all" else os.kill
        interrupt(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert (process.returncode, errors) == (
        Status.COULD_NOT_RUN,
        b"estimator-lint: interrupted\n",
    )


#: A program whose checks never end, for each way to start processes.
ENDLESS = """\
import functools, multiprocessing, os, sys, time
from estimator_lint.command_line import running
from estimator_lint.command_line.main import main

class SlowChecker(running.Checker):
    def check(self, path, data):
        os.write(1, b"started\\n")
        time.sleep(600)

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    running.Checker = SlowChecker
    running.run_checks = functools.partial(running.run_checks, patience=0)
    sys.exit(main(["check", "--isolated", "--jobs=2", "."]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_no_process_is_left_behind(tmp_path: Path, name: str, method: str) -> None:
    """Their pipes are closed; otherwise a reader would wait forever."""
    project(tmp_path / "project")
    write(tmp_path / "endless.py", ENDLESS)
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "endless.py"), method],
        cwd=tmp_path / "project",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        for _ in range(2):
            assert process.stdout.readline() == b"started\n"
        os.kill(process.pid, getattr(signal, name))
        _, errors = process.communicate(timeout=60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -getattr(signal, name)
    assert b"Traceback" not in errors
