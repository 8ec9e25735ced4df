"""``estimator-lint check``: output for files of all kinds, and exit statuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator_lint.checking import Checker
from estimator_lint.command_line import running
from estimator_lint.command_line.selected_files import FileFinder, FoundFile
from estimator_lint.command_line.status import Status
from estimator_lint.configuration import reading
from estimator_lint.configuration.project_settings import read_configuration
from tests.command_line.program import CLEAN, FAULTY, FINDING, check, run, write

BROKEN = FAULTY.replace("def model_fn(", "def model_fn((")


# How it ends


def test_status_0_without_findings(tmp_path: Path) -> None:
    write(tmp_path / "model.py", CLEAN)
    outcome = check(tmp_path)
    assert (outcome.status, outcome.output, outcome.errors) == (Status.CLEAN, "", "")


def test_status_1_with_findings(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    outcome = check(tmp_path, "model.py")
    assert (outcome.status, outcome.lines) == (Status.FINDINGS, [f"model.py:{FINDING}"])
    assert outcome.errors == ""


def test_status_2_for_wrong_usage(tmp_path: Path) -> None:
    assert check(tmp_path, "--no-such-option").status == Status.COULD_NOT_RUN
    assert run(tmp_path).status == Status.COULD_NOT_RUN


def test_the_folder_at_hand_is_the_default(tmp_path: Path) -> None:
    write(tmp_path / "models" / "first.py")
    expected = [f"{os.path.join('.', 'models', 'first.py')}:{FINDING}"]
    assert check(tmp_path).lines == expected


def test_a_missing_path_is_told_and_the_others_are_checked(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    outcome = check(tmp_path, "nowhere.py", "model.py")
    assert outcome.status == Status.COULD_NOT_RUN
    assert outcome.lines == [f"model.py:{FINDING}"]
    assert outcome.errors.startswith("nowhere.py: not checked: FileNotFoundError: ")


def test_an_unreadable_file_is_told_and_the_others_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "locked.py")
    write(tmp_path / "model.py")
    read = reading.read_bytes

    def deny(path: str) -> bytes:
        if "locked" in path:
            raise PermissionError(13, "Permission denied", path)
        return read(path)

    monkeypatch.setattr(running, "read_bytes", deny)
    outcome = check(tmp_path)
    assert outcome.status == Status.COULD_NOT_RUN
    assert len(outcome.lines) == 1
    assert "locked.py: not checked: PermissionError: Permission denied" in outcome.errors


def test_a_folder_that_cannot_be_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "locked" / "model.py")
    write(tmp_path / "open" / "model.py")
    scandir = os.scandir

    def deny(path: str) -> object:
        if "locked" in path:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", deny)
    outcome = check(tmp_path)
    assert outcome.status == Status.COULD_NOT_RUN
    assert len(outcome.lines) == 1
    assert "locked: not checked: PermissionError" in outcome.errors


def test_a_file_that_vanishes_is_told_and_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "model.py", CLEAN)
    find = FileFinder.find

    def find_more(self: FileFinder, *arguments: object) -> list[FoundFile]:
        return [*find(self, *arguments), FoundFile("gone.py", is_named=False)]  # type: ignore[arg-type]

    monkeypatch.setattr(FileFinder, "find", find_more)
    outcome = check(tmp_path)
    assert outcome.status == Status.CLEAN
    assert outcome.errors.startswith("gone.py: not checked: FileNotFoundError: ")


def test_a_syntax_error_is_told_and_the_others_are_checked(tmp_path: Path) -> None:
    write(tmp_path / "broken.py", BROKEN)
    write(tmp_path / "model.py")
    outcome = check(tmp_path, "broken.py", "model.py")
    assert outcome.status == Status.COULD_NOT_RUN
    assert outcome.lines == [f"model.py:{FINDING}"]
    assert re.match(r"broken\.py:4:\d+: not checked: SyntaxError: ", outcome.errors)


def test_files_that_have_no_word_of_a_model_function_are_not_parsed(tmp_path: Path) -> None:
    write(tmp_path / "other.py", "def (:\n")
    assert check(tmp_path, "other.py").status == Status.CLEAN


def test_an_interrupted_run_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(path: str) -> bytes:
        raise KeyboardInterrupt

    write(tmp_path / "model.py")
    monkeypatch.setattr(running, "read_bytes", interrupt)
    outcome = check(tmp_path)
    assert (outcome.status, outcome.errors) == (
        Status.COULD_NOT_RUN,
        "estimator-lint: interrupted\n",
    )


def test_nobody_reads_what_is_written(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    process = subprocess.Popen(
        [sys.executable, "-m", "estimator_lint", "check", "model.py"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert errors == b""


# What is in files


def test_windows_line_ends(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY.replace("\n", "\r\n"))
    assert check(tmp_path, "model.py").lines == [f"model.py:{FINDING}"]


def test_old_line_ends(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY.replace("\n", "\r"))
    assert check(tmp_path, "model.py").lines == [f"model.py:{FINDING}"]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig", "cp1252", "shift_jis"])
def test_declared_encodings(tmp_path: Path, encoding: str) -> None:
    letters = {"shift_jis": "学習"}.get(encoding, "äöü")
    text = f"# coding: {encoding}\n" + FAULTY.replace("return tf", f"'{letters}'; return tf", 1)
    write(tmp_path / "model.py", text.encode(encoding))
    column = 16 + len(letters) + 4
    (line,) = check(tmp_path, "model.py").lines
    assert line.startswith(f"model.py:7:{column}: MFN103")


def test_an_encoding_that_is_not_declared_is_taken_for_latin_1(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY.replace("return tf", "'ä'; return tf", 1).encode("latin-1"))
    (line,) = check(tmp_path, "model.py").lines
    assert line.startswith("model.py:6:21: MFN103")


@pytest.mark.parametrize("encoding", ["no-such-encoding", "rot13", "hex"])
def test_encodings_that_are_none(tmp_path: Path, encoding: str) -> None:
    write(tmp_path / "model.py", f"# coding: {encoding}\n{FAULTY}")
    (line,) = check(tmp_path, "model.py").lines
    assert line.startswith("model.py:7:16: MFN103")


def test_names_that_look_different_in_each_encoding(tmp_path: Path) -> None:
    text = FAULTY.replace("model_fn", "modèle").replace("labels, ", "other, ")
    for encoding in ("latin-1", "utf-8"):
        write(tmp_path / f"{encoding}.py", f"# coding: {encoding}\n{text}".encode(encoding))
    assert len(check(tmp_path, "--estimator-model-fns=modèle").lines) == 2


@pytest.mark.parametrize("data", [FAULTY.encode() + b"\0", FAULTY.encode("utf-16")])
def test_null_bytes_are_told(tmp_path: Path, data: bytes) -> None:
    write(tmp_path / "model.py", data)
    outcome = check(tmp_path, "model.py")
    assert outcome.status == Status.COULD_NOT_RUN
    assert "null bytes" in outcome.errors


def test_extreme_nesting_is_told(tmp_path: Path) -> None:
    write(tmp_path / "model.py", f"{FAULTY}x = {'(' * 150}{')' * 150}\n")
    write(tmp_path / "next.py")
    outcome = check(tmp_path, "model.py", "next.py")
    assert f"next.py:{FINDING}" in outcome.lines


@given(junk=st.binary(max_size=200), words=st.booleans())
@settings(max_examples=200, deadline=None)
def test_no_bytes_stop_it(junk: bytes, words: bool) -> None:
    configuration = read_configuration(isolated=True)
    checker = Checker(configuration.options, configuration.settings)
    result = checker.check("junk.py", junk + (b"\n# model_fn\n" if words else b""))
    assert result.problem is None or "internal" not in result.problem.text


def test_warnings_about_the_source_are_another_tool_s(tmp_path: Path) -> None:
    write(tmp_path / "model.py", FAULTY.replace('"""', "") + "x = '\\d'\nassert (x, 'y')\n")
    command = [sys.executable, "-W", "error", "-m", "estimator_lint", "check", "--format=concise"]
    finished = subprocess.run([*command, "model.py"], cwd=tmp_path, capture_output=True)
    assert finished.stdout.decode().splitlines() == [f"model.py:{FINDING}"]
    assert finished.stderr == b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    write(tmp_path / "model.py")
    assert len(check(tmp_path).lines) == 1


def test_a_link_to_nowhere_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to("nowhere.py")
    outcome = check(tmp_path)
    assert (outcome.status, outcome.errors) == (Status.CLEAN, "")


def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    name = os.fsdecode(b"m\xff.py")
    try:
        write(tmp_path / name)
    except OSError:
        pytest.skip("the file system takes no such name")
    command = [sys.executable, "-m", "estimator_lint", "check", "--format=concise", "."]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True)
    assert finished.stdout.startswith(rb"./m\udcff.py:6:16: MFN103"), finished
    for format in ("text", "json", "sarif", "github"):
        assert run(tmp_path, "check", f"--format={format}").status == Status.FINDINGS
    pytest.importorskip("rich")
    assert run(tmp_path, "check", "--color=always").status == Status.FINDINGS


# Standard input


def test_standard_input(tmp_path: Path) -> None:
    assert check(tmp_path, "-", stdin=FAULTY.encode()).lines == [f"stdin:{FINDING}"]


def test_standard_input_with_a_name(tmp_path: Path) -> None:
    arguments = ["-", "--stdin-display-name=models/first.py"]
    outcome = check(tmp_path, *arguments, stdin=FAULTY.encode())
    assert outcome.lines == [f"models/first.py:{FINDING}"]
    for option in ("--exclude=models/*", "--exclude=first.py", "--per-file-ignores=first.py:MFN"):
        outcome = check(tmp_path, *arguments, option, stdin=FAULTY.encode())
        assert (outcome.status, outcome.lines) == (Status.CLEAN, []), option


def test_standard_input_in_another_encoding(tmp_path: Path) -> None:
    text = "# coding: latin-1\n" + FAULTY.replace("return tf", "'ä'; return tf", 1)
    outcome = check(tmp_path, "-", stdin=text.encode("latin-1").replace(b"\n", b"\r\n"))
    assert outcome.lines[0].startswith("stdin:7:21: MFN103")


# The program


def test_it_runs_as_a_module_and_as_a_script(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    script = Path(sys.executable).with_name("estimator-lint")
    commands = [[sys.executable, "-m", "estimator_lint"]]
    if script.exists():
        commands.append([str(script)])
    for command in commands:
        finished = subprocess.run(
            [*command, "check", "--format=concise", "model.py"], cwd=tmp_path, capture_output=True
        )
        assert finished.returncode == Status.FINDINGS
        assert finished.stdout.decode().splitlines() == [f"model.py:{FINDING}"]


def test_where_nothing_matches_little_is_imported(tmp_path: Path) -> None:
    write(tmp_path / "other.py", "print()\n")
    program = (
        "import sys; from estimator_lint.command_line.main import main; main(['check', '.']);"
        "print(*sys.modules)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=True
    )
    imported = set(finished.stdout.decode().split())
    costly = {"astroid", "concurrent.futures", "libcst", "multiprocessing.pool", "pathspec", "rich"}
    costly |= {"difflib", "estimator_lint.notebooks.module"}
    assert imported.isdisjoint(costly), imported & costly


def test_duplicates_are_told_once(tmp_path: Path) -> None:
    write(tmp_path / "model.py")
    assert len(check(tmp_path, "model.py", "model.py").lines) == 1
