"""``--fix``, ``--unsafe-fixes`` and ``--diff``: the changes, and the output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from estimator_lint.command_line.status import Status
from tests.command_line.program import FAULTY, FINDING, check, write
from tests.notebooks.samples import notebook

SAFE = """\
import tensorflow.compat.v1 as tf


def model_fn(features, labels, mode):
    loss = tf.reduce_mean(features["x"])
    hook = tf.train.LoggingTensorHook({"loss": loss}, every_n_iter=10)
    return tf.estimator.EstimatorSpec(
        mode, predictions=loss, loss=loss, train_op=tf.no_op(), training_hooks=hook
    )
"""
FIXED = SAFE.replace("=hook\n", "=[hook]\n")
UNSAFE = SAFE.replace(", training_hooks=hook", "").replace(
    "tf.no_op()", "tf.train.AdamOptimizer().minimize(loss)"
)
COUNTED = UNSAFE.replace("(loss)", "(loss, global_step=tf.train.get_global_step())")


def test_safe_fixes_are_made(tmp_path: Path) -> None:
    path = write(tmp_path / "model.py", SAFE)
    outcome = check(tmp_path, "--fix", "model.py")
    assert path.read_text() == FIXED
    assert outcome.status == Status.CLEAN
    assert outcome.errors == "1 finding fixed in 1 file\n"


def test_exit_status_may_tell_that_something_was_fixed(tmp_path: Path) -> None:
    write(tmp_path / "model.py", SAFE)
    arguments = ("--fix", "--exit-non-zero-on-fix", "model.py")
    assert check(tmp_path, *arguments).status == Status.FINDINGS
    assert check(tmp_path, *arguments).status == Status.CLEAN


def test_unsafe_fixes_are_made_if_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "model.py", UNSAFE)
    outcome = check(tmp_path, "--fix", "--format=concise", "model.py")
    assert (outcome.status, path.read_text()) == (Status.FINDINGS, UNSAFE)
    assert "MFN501" in outcome.output
    outcome = check(tmp_path, "--fix", "--unsafe-fixes", "model.py")
    assert (outcome.status, path.read_text()) == (Status.CLEAN, COUNTED)


def test_what_is_left_is_reported_where_it_then_stands(tmp_path: Path) -> None:
    text = SAFE + FAULTY.partition("\n")[2].replace("model_fn", "second_model_fn")
    write(tmp_path / "model.py", text)
    outcome = check(tmp_path, "--fix", "--format=concise", "model.py")
    line, _, rest = FINDING.partition(":")
    assert outcome.output == f"model.py:{int(line) + 8}:{rest}\n"
    assert outcome.status == Status.FINDINGS


def test_diff_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "model.py", SAFE)
    outcome = check(tmp_path, "--diff", "model.py")
    assert path.read_text() == SAFE
    assert outcome.status == Status.FINDINGS
    before, after = SAFE.splitlines()[-2], FIXED.splitlines()[-2]
    assert outcome.lines[:2] == ["--- model.py", "+++ model.py"]
    assert outcome.lines[-3:] == [f"-{before}", f"+{after}", "     )"]
    assert outcome.errors == "1 finding would be fixed in 1 file\n"


def test_diff_of_nothing_is_empty(tmp_path: Path) -> None:
    write(tmp_path / "model.py", UNSAFE)
    outcome = check(tmp_path, "--diff", "model.py")
    assert (outcome.status, outcome.output) == (Status.CLEAN, "")


SPELLINGS = {
    "line ends of Windows": SAFE.replace("\n", "\r\n").encode(),
    "byte order mark": b"\xef\xbb\xbf" + SAFE.encode(),
    "no line end at the end": SAFE.rstrip("\n").encode(),
    "another encoding": b"# coding: latin-1\n# gr\xf6\xdfe\n" + SAFE.encode(),
    "no encoding": b"# gr\xf6\xdfe\n" + SAFE.encode(),
    "tabs": SAFE.replace("    ", "\t").encode(),
    "form feed": SAFE.replace("\ndef", "\n\x0cdef").encode(),
    "columns beyond ASCII": SAFE.replace("mode, p", '"\u00e4" and mode, p').encode(),
}


@pytest.mark.parametrize("data", SPELLINGS.values(), ids=SPELLINGS)
def test_all_else_stays_byte_for_byte(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path / "model.py", data)
    check(tmp_path, "--fix", "model.py")
    assert path.read_bytes() == data.replace(b"training_hooks=hook", b"training_hooks=[hook]")


def test_what_is_silenced_stays(tmp_path: Path) -> None:
    silenced = SAFE.replace("=hook\n", "=hook  # noqa: MFN308\n")
    path = write(tmp_path / "model.py", silenced)
    assert check(tmp_path, "--fix", "model.py").status == Status.CLEAN
    assert path.read_text() == silenced
    path = write(tmp_path / "model.py", SAFE)
    check(tmp_path, "--fix", "--per-file-ignores=model.py:MFN308", "model.py")
    assert path.read_text() == SAFE


def test_what_a_baseline_lists_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "model.py", SAFE)
    check(tmp_path, "--baseline=known.json", "--write-baseline", "model.py")
    both = SAFE + SAFE.partition("\n")[2].replace("model_fn", "second_model_fn").replace(
        "=hook\n", "=hook  # new\n"
    )
    path.write_text(both)
    outcome = check(tmp_path, "--baseline=known.json", "--fix", "model.py")
    assert path.read_text() == both.replace("=hook  # new", "=[hook]  # new")
    assert outcome.status == Status.CLEAN


def test_files_without_findings_are_not_written(tmp_path: Path) -> None:
    path = write(tmp_path / "model.py", FIXED)
    os.utime(path, (0, 0))
    check(tmp_path, "--fix", "--unsafe-fixes", "model.py")
    assert path.stat().st_mtime == 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="all is writable")
def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    write(tmp_path / "model.py", SAFE)
    tmp_path.chmod(0o500)
    try:
        outcome = check(tmp_path, "--fix", "--format=concise", "model.py")
    finally:
        tmp_path.chmod(0o700)
    assert outcome.status == Status.COULD_NOT_RUN
    assert "MFN308" in outcome.output


def test_nothing_of_it_is_imported_unless_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "model.py", SAFE)
    program = (
        "import sys; from estimator_lint.command_line.main import main; "
        "main(['check', '--isolated', 'model.py']); "
        "print([name for name in sys.modules if 'fixes' in name or 'fixing' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_fixer_that_fails_does_not_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*arguments: object, **options: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("estimator_lint.command_line.fixing.fix_all", failing)
    path = write(tmp_path / "model.py", SAFE)
    outcome = check(tmp_path, "--fix", "--format=concise", "model.py")
    assert outcome.status == Status.COULD_NOT_RUN
    assert "not fixed: internal error (KeyError: 'a bug')" in outcome.errors
    assert "MFN308" in outcome.output
    assert path.read_text() == SAFE


@pytest.mark.parametrize("option", ["--fix", "--diff", "--add-noqa"])
def test_standard_input_is_told_to_be_no_file(tmp_path: Path, option: str) -> None:
    """Not even if it has the name and the content of one."""
    path = write(tmp_path / "model.py", SAFE)
    arguments = (option, "--stdin-display-name=model.py", "-")
    outcome = check(tmp_path, *arguments, stdin=SAFE.encode())
    assert outcome.status == Status.COULD_NOT_RUN
    assert outcome.errors.startswith("model.py: no")
    assert ": standard input is not a file\n0 findings " in outcome.errors
    assert path.read_text() == SAFE


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize(("option", "status"), [("--fix", 0), ("--diff", 1), ("--add-noqa", 0)])
def test_file_with_two_names_is_changed_once(tmp_path: Path, option: str, status: int) -> None:
    path = write(tmp_path / "model.py", SAFE)
    (tmp_path / "another.py").symlink_to(path)
    outcome = check(tmp_path, option, ".")
    assert outcome.status == status
    assert "in the meantime" not in outcome.errors
    assert outcome.errors.startswith("1 finding ")
    assert outcome.output.count("+++") == (option == "--diff")


@pytest.mark.parametrize("format", ["text", "junit"])
def test_file_that_cannot_be_written_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    """It may be read-only in a folder in which it could be replaced."""
    path = write(tmp_path / "model.py", SAFE)
    access = os.access
    monkeypatch.setattr(os, "access", lambda file, mode: mode == os.R_OK and access(file, mode))
    outcome = check(tmp_path, "--fix", f"--format={format}", "model.py")
    assert path.read_text() == SAFE
    assert outcome.status == Status.COULD_NOT_RUN
    assert outcome.errors.startswith("model.py: not fixed: ")
    assert outcome.errors.endswith("0 findings fixed in 0 files\n")
    assert "MFN308" in outcome.output
    assert "not checked" not in outcome.output


@pytest.mark.parametrize(
    "arguments",
    [("--unsafe-fixes",), ("--fix", "--add-noqa"), ("--diff", "--write-baseline")],
)
def test_options_that_contradict_are_an_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    path = write(tmp_path / "model.py", SAFE)
    outcome = check(tmp_path, *arguments, "model.py")
    assert outcome.status == Status.COULD_NOT_RUN
    assert path.read_text() == SAFE


def test_cells_of_a_notebook_are_fixed(tmp_path: Path) -> None:
    first, second = SAFE.partition("\n")[0] + "\n", SAFE.partition("\n")[2]
    text = notebook("%matplotlib inline\n" + first, second + "%timeit 1\nfiles = !ls")
    path = write(tmp_path / "model.ipynb", text)
    outcome = check(tmp_path, "--diff", "model.ipynb")
    assert outcome.lines[0] == "--- model.ipynb:cell 2"
    assert outcome.lines[-2:] == [" %timeit 1", " files = !ls"]
    assert path.read_text() == text
    assert check(tmp_path, "--fix", "model.ipynb").status == Status.CLEAN
    assert path.read_text() == text.replace("training_hooks=hook", "training_hooks=[hook]")


def test_lines_are_added_to_a_cell(tmp_path: Path) -> None:
    source = (
        SAFE.replace(", training_hooks=hook", "")
        .replace("train_op=tf.no_op()", "train_op=train_op")
        .replace(
            '    hook = tf.train.LoggingTensorHook({"loss": loss}, every_n_iter=10)\n',
            '    net = tf.layers.batch_normalization(features["x"], training=mode == "train")\n'
            "    step = tf.train.get_global_step()\n"
            "    loss = tf.reduce_mean(net)\n"
            "    train_op = tf.train.AdamOptimizer().minimize(loss, step)\n",
        )
    )
    path = write(tmp_path / "model.ipynb", notebook(source))
    check(tmp_path, "--fix", "--unsafe-fixes", "model.ipynb")
    updates = "tf.get_collection(tf.GraphKeys.UPDATE_OPS)"
    fixed = source.replace(
        "    train_op = tf",
        f"    with tf.control_dependencies({updates}):\n        train_op = tf",
    )
    assert path.read_text() == notebook(fixed)
