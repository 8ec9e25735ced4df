"""Invalid configuration of every kind: one line with file and key, and status 2."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from flake8.options.config import load_config
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator_lint.configuration.flake8_files import _discovered
from tests.command_line.program import FINDING, Outcome, check, inside, run, write

OURS = "[tool.estimator_lint]\n"
NINES = "9" * 5_000

PYPROJECT = {
    "tool = 1  # estimator_lint": "'tool' is not a table",
    "tool = 'estimator_lint'": "'tool' is not a table",
    "[[tool]]\nestimator_lint = 1": "'tool' is not a table",
    "[tool]\nestimator_lint = []": "[tool.estimator_lint] is not a table",
    "a = " + "[" * 5_000 + "]" * 5_000 + "  # estimator_lint": "nested too deeply",
    f"{OURS}a = " + "{a=" * 5_000 + "1" + "}" * 5_000: "nested too deeply",
    f"{OURS}select = " + "[" * 5_000 + "]" * 5_000: "nested too deeply",
    f"{OURS}jobs = {NINES}": "igits",
    f"other = {NINES}  # estimator_lint": "igits",
    f"{OURS}jobs = 0x{'f' * 5_000}": "'jobs': ",
    f"{OURS}jobs = -1": "'jobs': '-1' must be 'auto' or an integer",
    f"{OURS}jobs = 1979-05-27": "'jobs' must be a string, not datetime.date(1979, 5, 27)",
    f"{OURS}select = 0x{'f' * 5_000}": "'select' must be a list of strings, not this int",
    f"{OURS}per-file-ignores = {'[' * 90}{']' * 90}": "'per-file-ignores' must be a table, not [",
    f"{OURS}select = ['{'M' * 10_000}']": "'select': unknown code or rule 'MMMM",
    f"{OURS}{'k' * 10_000} = 1": "unknown option 'kkkk",
    f'{OURS}"\\u001b[31m" = 1': r"'\x1b[31m'",
    f"{OURS}tf-version = '9.9'": "'tf-version': unknown version '9.9'",
    f"{OURS}estimator-require-modes = ['NO']": "'estimator-require-modes': unknown mode 'NO'",
    "\udcff estimator_lint": "'utf-8' codec can't decode",
}
FLAKE8 = {
    f"max-line-length = {NINES}": "'max-line-length': ",
    f"jobs = {NINES}": "'jobs': invalid",
    "jobs = -3": "'jobs': '-3' must be 'auto' or an integer",
    "ignore = %(x)s": "'ignore': Error code '%(x)s'",
    "select = MFN999": "'select': unknown code 'MFN999'",
    "per-file-ignores = a:MFN999": "'per-file-ignores': unknown code 'MFN999'",
    "disable-noqa = maybe": "'disable-noqa': Not a boolean: maybe",
    "per-file-ignores = a:E1\n  b": "'per-file-ignores': ",
    "estimator-require-modes = \x1b[31m": r"'estimator-require-modes': unknown mode '\x1b[31m'",
    "estimator-tf-version = 2.4\n  2.5": "'estimator-tf-version': unknown version",
    "ignore = E1\nignore = E2": "option 'ignore' in section 'flake8' already exists",
}


def refused(outcome: Outcome, path: str, reason: str) -> None:
    assert (outcome.status, outcome.output) == (2, "")
    assert outcome.errors.count("\n") == 1
    assert path in outcome.errors
    assert reason in outcome.errors
    assert len(outcome.errors) < 700


@pytest.mark.parametrize("command", ["check", "modes"])
@pytest.mark.parametrize("text", PYPROJECT, ids=range(len(PYPROJECT)))
def test_pyproject_toml(tmp_path: Path, text: str, command: str) -> None:
    write(tmp_path / "model.py", "")
    write(tmp_path / "pyproject.toml", text.encode("utf-8", "surrogateescape"))
    path = str(tmp_path / "pyproject.toml")
    refused(run(tmp_path, command, "model.py"), path, PYPROJECT[text])
    assert run(tmp_path, command, "--isolated", "model.py").status == 0


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8", "--config", "--append-config"])
@pytest.mark.parametrize("text", FLAKE8, ids=range(len(FLAKE8)))
def test_flake8_s_files(tmp_path: Path, text: str, name: str) -> None:
    write(tmp_path / "model.py", "")
    path = name.replace("--", "by ") if name.startswith("--") else name
    write(tmp_path / path, f"[flake8]\n{text}\n")
    arguments = [f"{name}={path}"] if name.startswith("--") else []
    for command in ("check", "modes"):
        refused(run(tmp_path, command, *arguments, "model.py"), path, FLAKE8[text])


def test_the_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    write(tmp_path / "setup.cfg", "[flake8]\njobs = 2\nestimator-require-modes = TRAIN\n")
    write(tmp_path / "first.cfg", "[flake8]\njobs = few\n")
    write(tmp_path / "second.cfg", "[flake8]\nignore = E1\n")
    refused(
        check(tmp_path, "--append-config=first.cfg", "--append-config=second.cfg"),
        "first.cfg: [flake8]",
        "'jobs': 'few'",
    )


@pytest.mark.parametrize("option", ["--config", "--append-config"])
def test_files_that_can_not_be_read(tmp_path: Path, option: str) -> None:
    write(tmp_path / "no text", b"[flake8]\n# \xff\n")
    write(tmp_path / "no sections", "jobs = 2\n")
    for name in (".", "no text", "no sections", "not there", "nul\0"):
        outcome = check(tmp_path, option, name)
        refused(outcome, name.replace("\0", r"\x00"), "")


def test_what_flake8_passes_over_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    write(tmp_path / "setup.cfg", "jobs = 2\n")
    write(tmp_path / "tox.ini", b"[flake8]\n# \xff\nignore = MFN\n")
    write(tmp_path / ".flake8", "[flake8\n")
    assert check(tmp_path).lines == [f"./model.py:{FINDING}"]


@pytest.mark.parametrize("option", ["-jfew", "--estimator-tf-version=9.9", "--per-file-ignores=a"])
def test_the_command_line(tmp_path: Path, option: str) -> None:
    outcome = check(tmp_path, option)
    assert (outcome.status, outcome.output) == (2, "")
    assert outcome.errors.startswith("estimator-lint check: error: argument -")
    assert "Traceback" not in outcome.errors


def test_the_current_folder_is_gone(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from estimator_lint.command_line.main import main\n"
        "os.rmdir(os.getcwd())\n"
        "sys.exit(main(['check', 'model.py']))\n"
    )
    if sys.platform == "win32":
        pytest.skip("Windows removes no folder that is in use")
    (tmp_path / "gone").mkdir()
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path / "gone", capture_output=True, timeout=60
    )
    assert finished.returncode == 2
    assert finished.stderr.count(b"\n") == 1


@pytest.mark.parametrize("width", ["9" * 5_000, "²", "-1", "0", "wide"])
def test_the_width_of_the_terminal(
    tmp_path: Path, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "model.py")
    monkeypatch.setenv("COLUMNS", width)
    assert run(tmp_path, "modes", "--isolated", "model.py").status == 0
    monkeypatch.setenv("COLUMNS", width)
    assert run(tmp_path, "check", "--isolated", "--color=always").status == 1


# Pipes and devices have no end

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")


def in_time(folder: Path, *arguments: str) -> tuple[int, str]:
    finished = subprocess.run(
        [sys.executable, "-m", "estimator_lint", *arguments],
        cwd=folder,
        capture_output=True,
        timeout=60,
    )
    assert b"Traceback" not in finished.stderr
    return finished.returncode, finished.stderr.decode()


@needs_pipes
@pytest.mark.parametrize("target", [None, "/dev/zero"])
@pytest.mark.parametrize(
    "name", ["setup.cfg", "tox.ini", ".flake8", "pyproject.toml", ".gitignore", "x.py", "x/x.py"]
)
def test_what_has_no_end_is_not_read(tmp_path: Path, name: str, target: str | None) -> None:
    write(tmp_path / "model.py")
    (tmp_path / ".git").mkdir()
    (tmp_path / "x").mkdir()
    if target is None:
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).symlink_to(target)
    assert in_time(tmp_path, "check", ".") == (1, "")


@needs_pipes
@pytest.mark.parametrize("command", ["check", "modes"])
def test_nor_is_it_when_it_is_named(tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    for path in ("pipe.py", "/dev/zero"):
        status, errors = in_time(tmp_path, command, path)
        assert status == 2
        assert "not a regular file" in errors


@needs_pipes
def test_a_pipe_of_the_shell_is_read(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    for command in ("check /dev/stdin < model.py", "cat model.py | {} check /dev/stdin"):
        program = f"{sys.executable} -m estimator_lint"
        line = command.format(program) if "{}" in command else f"{program} {command}"
        finished = subprocess.run(
            line, shell=True, cwd=tmp_path, capture_output=True, timeout=60, text=True
        )
        assert FINDING in finished.stdout, finished


# The same file as flake8 finds

contents = st.sampled_from(["[flake8]\n", "[flake8:local-plugins]\n", "[other]\n", "x\n", ""])
names = st.sampled_from(["setup.cfg", "tox.ini", ".flake8"])
places = st.sampled_from(["", "home", "home/project", "home/project/deep"])


@given(
    files=st.dictionaries(st.tuples(places, names), contents, max_size=5),
    start=places,
    home=st.sampled_from(["home", "nowhere"]),
)
@settings(max_examples=100, deadline=None)
def test_the_same_file_as_flake8(files: dict[tuple[str, str], str], start: str, home: str) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name).resolve()
        (folder / "home" / "project" / "deep").mkdir(parents=True)
        patch.setenv("HOME", str(folder / home))
        patch.setenv("USERPROFILE", str(folder / home))
        for (place, file), text in files.items():
            write(folder / place / file, text)
        with inside(folder / start):
            parser, found = load_config(None, [])
            ours = _discovered()
        if ours is None:
            assert not any(section in parser for section in ("flake8", "flake8:local-plugins"))
        else:
            assert os.path.dirname(ours) == found
