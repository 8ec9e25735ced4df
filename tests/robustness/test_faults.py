"""Faults in the environment are reported on one line, and lose as little as possible."""

from __future__ import annotations

import ast
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line.program import CLEAN, FAULTY, FINDING, write

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

#: Runs the program in a process that a test has prepared; workers help at once.
PREPARED = """\
import functools, multiprocessing, os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background of a shell
from estimator_lint.command_line import running
running.run_checks = functools.partial(running.run_checks, patience=0)
{preparation}
from estimator_lint.command_line.main import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


def project(folder: Path, count: int = 6) -> list[str]:
    """Files with one finding each; returns their names as the program writes them."""
    names = [f"model_{index}.py" for index in range(count)]
    for name in names:
        write(folder / name)
    return [os.path.join(".", name) for name in names]


def prepared(
    folder: Path, preparation: str, *arguments: str, **others: object
) -> subprocess.CompletedProcess[str]:
    """Run ``check`` after a preparation; ``others`` are arguments of ``subprocess.run``."""
    path = write(folder.parent / "prepared.py", PREPARED.format(preparation=preparation))
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, str(path), "check", "--isolated", "--format=concise", *arguments],
        **{"cwd": folder, "capture_output": True, "text": True, "timeout": 240, **others},
    )


@posix_only
@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_a_worker_is_killed_in_mid_run(tmp_path: Path, name: str) -> None:
    """Its file is reported as not checked; the others are checked."""
    paths = project(tmp_path / "project")
    checked = f"""\
class Dying(running.Checker):
    def check(self, path, data):
        if path.endswith("model_3.py"):
            os.kill(os.getpid(), signal.{name})
            time.sleep(60)
        return super().check(path, data)

running.Checker = Dying
"""
    finished = prepared(tmp_path / "project", checked, "--jobs=2")
    assert finished.returncode == 2
    assert finished.stderr == f"{paths[3]}: not checked: the process that checked this file died\n"
    assert finished.stdout.splitlines() == [
        f"{path}:{FINDING}" for path in paths if path != paths[3]
    ]


def limits(**values: int) -> Callable[[], None]:
    """Sets limits of resources in the process that calls it."""

    def set_limits() -> None:
        import resource

        for name, value in values.items():
            number = getattr(resource, f"RLIMIT_{name}")
            resource.setrlimit(number, (value, resource.getrlimit(number)[1]))

    return set_limits


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
def test_no_memory_for_one_file(tmp_path: Path) -> None:
    paths = project(tmp_path / "project")
    table = "TABLE = [" + "[0, 1], " * 3_000_000 + "]\n"
    write(tmp_path / "project" / "model_3.py", table + FAULTY)
    finished = prepared(tmp_path / "project", "", "--jobs=1", preexec_fn=limits(AS=700 * 2**20))
    assert finished.returncode == 2
    assert finished.stderr.startswith(f"{paths[3]}: not checked: MemoryError: ")
    assert finished.stderr.count("\n") == 1
    assert finished.stdout.splitlines() == [
        f"{path}:{FINDING}" for path in paths if path != paths[3]
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
def test_no_memory_for_the_program(tmp_path: Path) -> None:
    """A file whose bytes alone exceed the memory."""
    path = write(tmp_path / "project" / "model.py")
    with path.open("ab") as file:
        file.truncate(2**31)
    finished = prepared(tmp_path / "project", "", "--jobs=1", preexec_fn=limits(AS=700 * 2**20))
    assert (finished.returncode, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert "emory" in finished.stderr


@posix_only
def test_a_limit_on_the_time_of_workers(tmp_path: Path) -> None:
    """The system ends a process that exceeds it; each process has a limit of its own."""
    paths = project(tmp_path / "project")
    endless = """\
import resource

class Endless(running.Checker):
    def check(self, path, data):
        if path.endswith("model_2.py"):
            spent = int(time.process_time())
            resource.setrlimit(resource.RLIMIT_CPU, (spent + 1, spent + 5))
            while True:
                pass
        return super().check(path, data)

running.Checker = Endless
"""
    finished = prepared(tmp_path / "project", endless, "--jobs=2")
    assert finished.returncode == 2
    assert finished.stderr == f"{paths[2]}: not checked: the process that checked this file died\n"
    assert finished.stdout.splitlines() == [
        f"{path}:{FINDING}" for path in paths if path != paths[2]
    ]


@posix_only
def test_a_limit_on_the_time_of_the_program(tmp_path: Path) -> None:
    project(tmp_path / "project")
    finished = prepared(
        tmp_path / "project",
        "while time.process_time() < 600: pass",
        preexec_fn=limits(CPU=1),
    )
    assert finished.returncode == -signal.SIGXCPU
    assert "Traceback" not in finished.stderr


#: Interrupts itself after so many seconds, as the terminal would.
INTERRUPTED = """\
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGALRM, lambda *arguments: os.kill(os.getpid(), signal.SIGINT))
signal.setitimer(signal.ITIMER_REAL, float(sys.argv.pop(1)))
runpy.run_module("estimator_lint", run_name="__main__", alter_sys=True)
"""


@posix_only
def test_interrupts_at_ten_random_moments(tmp_path: Path) -> None:
    names = project(tmp_path / "project", 12)
    write(tmp_path / "interrupted.py", INTERRUPTED)
    command = [sys.executable, str(tmp_path / "interrupted.py")]
    arguments = ["check", "--isolated", "--format=json", "--jobs=2"]

    def run(delay: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, str(delay), *arguments],
            cwd=tmp_path / "project",
            capture_output=True,
            text=True,
            timeout=240,
        )

    started = time.monotonic()
    whole = run(600)
    seconds = time.monotonic() - started
    assert whole.returncode == 1
    chance = random.Random(11)
    for _ in range(10):
        finished = run(max(0.001, chance.random() * seconds))
        # It was faster this time; at its very end, Python has put the signal's action back.
        if finished.returncode in (1, -signal.SIGALRM):
            assert finished.stdout == whole.stdout
            continue
        assert (finished.returncode, finished.stderr) == (2, "estimator-lint: interrupted\n")
        if finished.stdout:
            report = json.loads(finished.stdout)
            assert {each["file"] for each in report["findings"]} <= set(names)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_no_folder_to_write_to(tmp_path: Path, method: str) -> None:
    import multiprocessing

    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("processes are not started so here")
    paths = project(tmp_path / "project")
    nowhere = "/proc" if sys.platform == "linux" else str(tmp_path / "nowhere")
    names = ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "USERPROFILE")
    finished = prepared(
        tmp_path / "project",
        f"if __name__ == '__main__': multiprocessing.set_start_method({method!r})",
        "--jobs=2",
        env={**os.environ, **dict.fromkeys(names, nowhere)},
    )
    assert (finished.returncode, finished.stderr) == (1, "")
    assert finished.stdout.splitlines() == [f"{path}:{FINDING}" for path in paths]


def test_the_clock_is_set_back(tmp_path: Path) -> None:
    """Neither the time of day nor the times of files matter."""
    paths = project(tmp_path / "project")
    for index, path in enumerate(sorted((tmp_path / "project").iterdir())):
        os.utime(path, (-(10**9) * index, 10**10 * index))
    back = "now = [2.0**31]\ndef earlier(): now[0] -= 10**6; return now[0]\ntime.time = earlier"
    finished = prepared(tmp_path / "project", back, "--jobs=2")
    assert (finished.returncode, finished.stderr) == (1, "")
    assert finished.stdout.splitlines() == [f"{path}:{FINDING}" for path in paths]


@posix_only
@pytest.mark.parametrize("name", ["NOFILE", "FSIZE", "NPROC", "STACK"])
def test_few_resources(tmp_path: Path, name: str) -> None:
    """If only one process can run, it works alone."""
    paths = project(tmp_path / "project")
    write(tmp_path / "project" / "clean.py", CLEAN)
    few = {"NOFILE": 12, "FSIZE": 0, "NPROC": 1, "STACK": 2**20}[name]
    finished = prepared(tmp_path / "project", "", "--jobs=2", preexec_fn=limits(**{name: few}))
    assert (finished.returncode, finished.stderr) == (1, "")
    assert finished.stdout.splitlines() == [f"{path}:{FINDING}" for path in paths]


def test_an_interrupt_that_python_has_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python before 3.12 does in the import of a module with an Enum."""
    from estimator_lint import linting
    from estimator_lint.flake8_plugin import findings_in
    from estimator_lint.settings import Settings

    def interrupted(*_: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise RuntimeError("Error calling __set_name__") from error

    monkeypatch.setattr(linting, "lint_source", interrupted)
    text = "def model_fn(features, labels, mode): pass\n"
    with pytest.raises(KeyboardInterrupt):
        findings_in(ast.parse(text), [text], "model.py", Settings())
