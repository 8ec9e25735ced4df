"""Odd or malicious projects end in findings or in a message."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from estimator_lint.checking import CheckedFile, Checker
from estimator_lint.configuration.reading import read_bytes
from tests.command_line.program import FAULTY, FINDING, Outcome, check, inside, run, write

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


def program(folder: Path, *arguments: str, timeout: float = 120) -> Outcome:
    """The result of the program, in a process of its own with a time limit."""
    finished = subprocess.run(
        [sys.executable, "-m", "estimator_lint", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
    )
    assert "Traceback" not in finished.stderr
    return Outcome(finished.returncode, finished.stdout, finished.stderr)


# Files that are not regular


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
@pytest.mark.parametrize("command", ["check", "modes"])
def test_pipes_sockets_and_devices(tmp_path: Path, command: str) -> None:
    write(tmp_path / "model.py")
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    (tmp_path / "null.py").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as listening, inside(tmp_path):
        listening.bind("socket.py")
        outcome = program(tmp_path, command, ".")
        assert "model.py" in outcome.output
        for name in ("pipe.py", "pipe.ipynb", "zero.py", "socket.py"):
            assert name not in outcome.output
            named = program(tmp_path, command, name)
            assert (named.status, named.output) == (2, "" if command == "modes" else named.output)
            assert name in named.errors


@needs_links
def test_links_in_circles_and_out_of_the_tree(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "model.py")
    write(tmp_path / "project" / "package" / "model.py")
    package = tmp_path / "project" / "package"
    (package / "again").symlink_to(package)
    (package / "up").symlink_to(tmp_path)
    (package / "itself").symlink_to("itself")
    (package / "itself.py").symlink_to("itself.py")
    (package / "one.py").symlink_to("other.py")
    (package / "other.py").symlink_to("one.py")
    (package / "linked.py").symlink_to(tmp_path / "outside" / "model.py")
    outcome = check(tmp_path / "project", "--isolated")
    below = os.path.join(".", "package")
    assert outcome.lines == [
        f"{os.path.join(below, name)}:{FINDING}" for name in ("linked.py", "model.py")
    ]
    named = check(package, "--isolated", "itself.py", "model.py", "itself")
    assert (named.status, named.lines) == (2, [f"model.py:{FINDING}"])
    assert [line.partition(":")[0] for line in named.errors.splitlines()] == ["itself", "itself.py"]


# Large


def large_folder(folder: Path, count: int) -> None:
    folder.mkdir()
    for index in range(count):
        (folder / f"module_{index}.py").write_bytes(b"import tensorflow as tf\n")
    write(folder / "model.py")


@pytest.mark.parametrize(
    "count",
    [
        5_000,
        pytest.param(
            100_000,
            marks=pytest.mark.skipif(
                "ESTIMATOR_LINT_LARGE_TESTS" not in os.environ,
                reason="takes a minute; ESTIMATOR_LINT_LARGE_TESTS runs it",
            ),
        ),
    ],
)
def test_a_folder_with_very_many_files(tmp_path: Path, count: int) -> None:
    large_folder(tmp_path / "project", count)
    started = time.process_time()
    outcome = check(tmp_path / "project", "--isolated")
    assert outcome.lines == [f"{os.path.join('.', 'model.py')}:{FINDING}"]
    assert time.process_time() - started < 5 + count / 1_000


def test_folders_hundreds_of_levels_deep(tmp_path: Path) -> None:
    folder, levels = tmp_path, 0
    with inside(tmp_path):
        for _ in range(300):
            try:
                os.mkdir("deep")
                os.chdir("deep")
            except OSError:  # as long as a path may be
                break
            levels += 1
        try:
            Path("model.py").write_text(FAULTY)
        except OSError:
            pytest.skip("a file can't be that deep here")
    outcome = program(folder, "check", "--isolated", "--format=concise")
    assert outcome.lines == [f"{os.path.join('.', *['deep'] * levels, 'model.py')}:{FINDING}"]


LONG = "a" * 300


@pytest.mark.parametrize("name", [f"{LONG}.py", "/".join([LONG] * 20), "a/" * 5_000, "\0.py"])
@pytest.mark.parametrize("command", ["check", "modes"])
def test_names_that_are_too_long(tmp_path: Path, command: str, name: str) -> None:
    write(tmp_path / "model.py")
    outcome = run(tmp_path, command, name, "model.py")
    assert outcome.status == 2
    assert "MFN103" in outcome.output or "model_fn" in outcome.output
    assert outcome.errors.count("\n") == 1


@pytest.mark.parametrize(
    "option", ["--config", "--append-config", "--baseline", "--output-file", "--exclude"]
)
def test_options_that_are_too_long(tmp_path: Path, option: str) -> None:
    write(tmp_path / "model.py")
    outcome = check(tmp_path, f"{option}={LONG}", "model.py")
    assert outcome.status == (1 if option == "--exclude" else 2)
    assert outcome.errors.count("\n") == (0 if option == "--exclude" else 1)


@pytest.mark.parametrize(
    "imported",
    [
        f"from {LONG} import build",
        f"from .{LONG} import build",
        f"from {'.'.join([LONG] * 30)} import build",
        f"import {LONG}.x as build",
        f"from {'.' * 3_000}x import build",
        f"from package import {LONG} as build",
        "from " + "a." * 2_000 + "a import build",
    ],
    ids=lambda imported: imported[:16],
)
def test_long_names_that_are_imported(tmp_path: Path, imported: str) -> None:
    write(tmp_path / "package" / "__init__.py", "")
    used = FAULTY.replace("    if", "    build(mode)\n    if", 1)
    write(tmp_path / "model.py", f"{imported}\n{used}")
    outcome = check(tmp_path, "--isolated", "model.py")
    assert outcome.lines == ["model.py:8:16: MFN103 EstimatorSpec has no loss in EVAL"]


# .gitignore

BOMBS: dict[str, bytes] = {
    "many patterns": b"".join(b"a%d/*.b\n" % index for index in range(3_000)),
    "stars": b"*a" * 30 + b"b\n",
    "stars and slashes": b"**/a" * 25 + b"b\n",
    "classes": b"[a-z]*" * 30 + b"!\n",
    "questions": b"?*" * 30 + b"b\n",
    "long pattern": b"a" * 1_000_000 + b"\n",
    "one long class": b"[" + b"a-z" * 100_000 + b"]\n",
    "negations": b"!*\n*.none\n" * 5_000,
    "rubbish": bytes(range(256)) * 100,
    "null": b"\0" * 100_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_gitignore_bombs(tmp_path: Path, name: str) -> None:
    """A backtracking pattern would take years on such names."""
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".gitignore", BOMBS[name])
    write(tmp_path / "model.py")
    write(tmp_path / ("a" * 60) / ("a" * 60 + ".py"))
    write(tmp_path.joinpath(*["a"] * 40) / "ac.py")
    outcome = program(tmp_path, "check", "--isolated", "--format=concise", ".")
    assert f"{os.path.join('.', 'model.py')}:{FINDING}" in outcome.lines
    assert outcome.errors == ""


def test_what_is_passed_over_in_a_gitignore(tmp_path: Path) -> None:
    """The other patterns of the file count."""
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".gitignore", "*a*a*a*a*.py\n*-*_*.py\n**/x/**/y/**\n")
    for name in ("aaaaa.py", "a-b_c.py", "x/1/y/2.py", "model.py"):
        write(tmp_path / name)
    outcome = check(tmp_path, "--isolated")
    assert [line.split(":")[0] for line in outcome.lines] == [
        os.path.join(".", name) for name in ("aaaaa.py", "model.py")
    ]


# Encodings


@pytest.mark.parametrize(
    "cookie",
    [
        *("utf-7", "utf-16", "utf-16-le", "utf-32", "rot13", "rot_13", "hex", "zip", "bz2"),
        *("base64", "uu", "quopri", "idna", "punycode", "unicode_escape", "raw_unicode_escape"),
        *("undefined", "mbcs", "none-such", "x" * 300, "latin-1", "ascii", "cp037", "charmap"),
    ],
)
def test_coding_cookies(tmp_path: Path, cookie: str) -> None:
    """A cookie's encoding is used to read the text, or ignored: it never ends the run."""
    text = f"# -*- coding: {cookie} -*-\n{FAULTY}"
    write(tmp_path / "odd.py", text)
    write(tmp_path / "plain.py", FAULTY.replace("import", "from odd import other\nimport", 1))
    outcome = check(tmp_path, "--isolated", "odd.py", "plain.py")
    assert "plain.py:7:16: MFN103 EstimatorSpec has no loss in EVAL" in outcome.lines
    told = [line for line in (outcome.output + outcome.errors).splitlines() if "odd.py" in line]
    assert len(told) == (cookie != "cp037")  # in which the text mentions no model function
    shown = run(tmp_path, "modes", "odd.py")
    assert shown.status in (0, 2)
    assert "Traceback" not in shown.errors


# Changes while it works


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text("def broken(:\n"),
        lambda path: path.write_bytes(b"\0" * 1_000),
        lambda path: path.write_text(""),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), path.symlink_to(path)) if os.name != "nt" else path.unlink(),
    ],
    ids=["goes", "breaks", "null bytes", "empties", "becomes a folder", "becomes a circle"],
)
def test_a_file_that_changes_between_listing_and_reading(
    tmp_path: Path, change: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.py")
    write(tmp_path / "b.py")
    write(tmp_path / "c.py")

    def changed_first(path: str) -> bytes:
        if path.endswith("b.py"):
            change(tmp_path / "b.py")
        return read_bytes(path)

    monkeypatch.setattr("estimator_lint.command_line.running.read_bytes", changed_first)
    outcome = check(tmp_path, "--isolated", "--jobs=1")
    assert [line for line in outcome.lines if "b.py" not in line] == [
        f"{os.path.join('.', name)}:{FINDING}" for name in ("a.py", "c.py")
    ]
    assert "Traceback" not in outcome.errors
    assert "internal error" not in outcome.errors


def test_a_file_that_goes_before_its_comments_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "model.py")
    checked = Checker.check

    def removed_after(self: Checker, path: str, data: bytes) -> CheckedFile:
        (tmp_path / "model.py").unlink()
        return checked(self, path, data)

    monkeypatch.setattr(Checker, "check", removed_after)
    outcome = run(tmp_path, "check", "--isolated", "--add-noqa", "model.py")
    assert outcome.status == 2
    assert "model.py: no comment added" in outcome.errors


# Imports and configuration from elsewhere


def test_imports_out_of_the_root_are_not_read(tmp_path: Path) -> None:
    heads = f"def build(mode):\n    {FAULTY.splitlines()[-1].strip()}\n"
    write(tmp_path / "outside.py", f"import tensorflow as tf\n{heads}")
    for dots in ("..", "...", "." * 40):
        text = f"from {dots}outside import build\n" + FAULTY.replace(
            "    if", "    if mode == 'eval':\n        return build(mode)\n    if", 1
        )
        write(tmp_path / "project" / "package" / "model.py", text)
        write(tmp_path / "project" / "package" / "__init__.py", "")
        write(tmp_path / "project" / "setup.cfg", "")
        outcome = check(tmp_path / "project", "--isolated", "package/model.py")
        assert outcome.lines == []  # the result of build in EVAL is unknown


def test_configuration_of_a_project_is_not_that_of_what_it_lints(tmp_path: Path) -> None:
    """The folder in which the program runs decides, not the folders to check."""
    write(tmp_path / "checkout" / "model.py")
    write(tmp_path / "checkout" / "setup.cfg", "[flake8]\nexclude = *.py\nselect = E\n")
    write(tmp_path / "checkout" / "pyproject.toml", "[tool.estimator_lint]\nexclude = ['*']\n")
    (tmp_path / "here").mkdir()
    path = os.path.join("..", "checkout", "model.py")
    folder = os.path.join("..", "checkout")
    for named in (path, folder):
        outcome = check(tmp_path / "here", named)
        assert outcome.lines == [f"{path}:{FINDING}"], outcome.errors


def test_plugins_that_a_checkout_configures_are_not_loaded(tmp_path: Path) -> None:
    trap = "import pathlib\npathlib.Path(__file__).with_name('executed').touch()\nclass X: pass\n"
    write(tmp_path / "trap.py", trap)
    write(tmp_path / "model.py")
    write(
        tmp_path / "setup.cfg",
        "[flake8]\nrequire-plugins =\n    none-such\n"
        "[flake8:local-plugins]\nextension =\n    X1 = trap:X\npaths = .\n",
    )
    outcome = program(tmp_path, "check", "--format=json", "model.py")
    assert [each["code"] for each in json.loads(outcome.output)["findings"]] == ["MFN103"]
    assert not (tmp_path / "executed").exists()
