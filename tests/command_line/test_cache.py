"""The cache of ``check``: the same findings, sooner, whatever happens to its files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from estimator_lint.flake8_plugin import findings_in
from estimator_lint.kept_findings import Cache, clear, default_folder, shrink
from estimator_lint.settings import Settings
from tests.command_line.program import CLEAN, FAULTY, FINDING, Outcome, run, write

HEAD = "import tensorflow as tf\n"
HEADS = f"{HEAD}def build(mode, loss):\n    return tf.estimator.EstimatorSpec(mode, loss=None)\n"
GOOD_HEADS = HEADS.replace("loss=None", "loss, loss, loss")
MODEL = (
    f"{HEAD}from heads import build\n"
    "def model_fn(features, labels, mode):\n"
    "    if mode == tf.estimator.ModeKeys.EVAL:\n"
    "        return build(mode, features)\n"
    "    return tf.estimator.EstimatorSpec(mode, features, features, features)\n"
)
BUILT = "model.py:5:16: MFN103 EstimatorSpec has no loss in EVAL, in 'heads.build'"


@pytest.fixture
def looked_into(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were analysed since then."""
    names: list[str] = []

    def watched(tree: object, lines: object, filename: str, settings: object) -> object:
        names.append(os.path.basename(filename))
        return findings_in(tree, lines, filename, settings)  # type: ignore[arg-type]

    monkeypatch.setattr("estimator_lint.checking.findings_in", watched)
    return names


def check(folder: Path, *arguments: str) -> Outcome:
    """Check with the cache next to the folder."""
    options = ["--isolated", "--format=concise", "--jobs=1", f"--cache-dir={folder}.cache"]
    return run(folder, "check", *options, *arguments)


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in Path(f"{folder}.cache").rglob("*") if path.is_file())


def test_what_did_not_change_is_not_analysed_again(tmp_path: Path, looked_into: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "a.py")
    write(folder / "b.py", CLEAN)
    write(folder / "none.py", "x = 1\n")
    first = check(folder, ".")
    assert looked_into == ["a.py", "b.py"]
    assert check(folder, ".") == first
    assert looked_into == ["a.py", "b.py"]
    assert first.lines == [f"{os.path.join('.', 'a.py')}:{FINDING}"]
    write(folder / "b.py")
    assert len(check(folder, ".").lines) == 2
    assert looked_into == ["a.py", "b.py", "b.py"]
    assert len(entries(folder)) == 2


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_every_format_is_the_same(tmp_path: Path, form: str) -> None:
    """With the lines of the source, and the path that leads to a finding."""
    folder = tmp_path / "project"
    write(folder / "model.py", "\ufeff# ä \x0c\r\n" + FAULTY)
    write(folder / "heads.py", HEADS)
    write(folder / "built.py", MODEL)
    outcomes = [check(folder, f"--format={form}", "built.py", "model.py") for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert (
        outcomes[0].output
        == run(folder, "check", "--isolated", f"--format={form}", "built.py", "model.py").output
    )


def test_a_file_that_was_only_read_is_changed(tmp_path: Path, looked_into: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", MODEL)
    write(folder / "heads.py", HEADS)
    for _ in range(2):
        assert check(folder, "model.py").lines == [BUILT]
    write(folder / "heads.py", GOOD_HEADS)
    assert check(folder, "model.py").lines == []
    assert looked_into == ["model.py"] * 2
    (folder / "heads.py").unlink()
    assert check(folder, "model.py").lines == []
    write(folder / "heads.py", HEADS)
    assert check(folder, "model.py").lines == [BUILT]


def test_a_file_that_was_not_there_is(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", MODEL)
    assert check(folder, "model.py").lines == []
    write(folder / "heads.py", HEADS)
    assert check(folder, "model.py").lines == [BUILT]
    # A package comes before a module.
    write(folder / "heads" / "__init__.py", GOOD_HEADS)
    assert check(folder, "model.py").lines == []


def test_the_root_of_the_project_moves(tmp_path: Path) -> None:
    folder = tmp_path / "project" / "inner"
    write(folder / "model.py", MODEL)
    write(tmp_path / "project" / "heads.py", HEADS)
    assert check(folder, "model.py").lines == []
    write(tmp_path / "project" / "setup.cfg", "")
    assert check(folder, "model.py").lines == [BUILT]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_leads_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py", MODEL)
    write(folder / "bad.py", HEADS)
    write(folder / "good.py", GOOD_HEADS)
    (folder / "heads.py").symlink_to("bad.py")
    assert check(folder, "model.py").lines == [BUILT.replace("heads", "bad")]
    (folder / "heads.py").unlink()
    (folder / "heads.py").symlink_to("good.py")
    assert check(folder, "model.py").lines == []


@pytest.mark.parametrize(
    ("option", "count"),
    [
        ("--disable-noqa", 2),
        ("--estimator-require-modes=PREDICT", 1),
        ("--estimator-tf-version=2.4", 1),
        ("--ignore=MFN103", 0),
    ],
)
def test_settings_count(tmp_path: Path, option: str, count: int) -> None:
    folder = tmp_path / "project"
    silenced = FAULTY.replace("Spec(mode)", "Spec(mode)  # noqa: MFN103")
    write(folder / "model.py", FAULTY + silenced.replace("model_fn", "second_model_fn"))
    for _ in range(2):
        assert len(check(folder, "model.py").lines) == 1
        assert len(check(folder, option, "model.py").lines) == count


def test_another_version_counts(
    tmp_path: Path, looked_into: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py")
    check(folder, "model.py")
    monkeypatch.setattr("estimator_lint.kept_findings._environment", lambda: "another")
    check(folder, "model.py")
    assert looked_into == ["model.py"] * 2


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut off": lambda data: data[:-10],
    "longer": lambda data: data + b" ",
    "one bit": lambda data: data.replace(b"no loss", b"no lost"),
    "null bytes": lambda data: b"\0" * len(data),
    "another mark": lambda data: b"0" * 40 + data[40:],
    "no text": lambda data: b"\xff" * 100,
    "nested": lambda data: b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_entries(tmp_path: Path, damage: str, looked_into: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py")
    first = check(folder, "model.py")
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    entry.write_bytes(DAMAGE[damage](whole))
    assert check(folder, "model.py") == first
    assert looked_into == ["model.py"] * 2
    assert entry.read_bytes() == whole


@pytest.mark.parametrize("content", ["[]", "{}", "1", '{"data": 1}', '{"data": {}, "asked": 1}'])
def test_entries_that_somebody_else_wrote(tmp_path: Path, content: str) -> None:
    from estimator_lint.project.disk import digest

    folder = tmp_path / "project"
    write(folder / "model.py")
    first = check(folder, "model.py")
    (entry,) = entries(folder)
    entry.write_bytes(digest(content.encode()).encode() + b"\n" + content.encode())
    assert check(folder, "model.py") == first


def test_a_cache_that_can_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py")
    write(tmp_path / "file", "")
    for place in ("file", "file/below", "\0", "a" * 300, "/proc" if os.name == "posix" else "file"):
        given = os.path.join(tmp_path, place)
        outcome = check(folder, f"--cache-dir={given}", "model.py")
        assert (outcome.status, outcome.errors) == (1, "")


def test_without_a_cache(tmp_path: Path, looked_into: list[str]) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py")
    for _ in range(2):
        check(folder, "--no-cache", "model.py")
    assert looked_into == ["model.py"] * 2
    assert entries(folder) == []


def test_what_could_not_be_checked_is_not_kept(
    tmp_path: Path, looked_into: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py")

    def fail(*arguments: object) -> None:
        raise MemoryError("no room")

    with monkeypatch.context() as patch:
        patch.setattr("estimator_lint.interpreter.model_function._run", fail)
        assert "MFN000" in check(folder, "model.py").output
    assert check(folder, "model.py").lines == [f"model.py:{FINDING}"]
    write(folder / "broken.py", FAULTY + "(")
    for _ in range(2):
        assert check(folder, "broken.py").status == 2


def test_two_runs_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    names = [f"model_{index}.py" for index in range(20)]
    for name in names:
        write(folder / name)
    command = [sys.executable, "-m", "estimator_lint", "check", "--isolated", "--format=concise"]
    expected = sorted(f"{os.path.join('.', name)}:{FINDING}" for name in names)
    for _ in range(2):
        runs = [
            subprocess.Popen(
                [*command, "--jobs=2", f"--cache-dir={folder}.cache"],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(3)
        ]
        for each in runs:
            output, errors = each.communicate(timeout=240)
            assert (sorted(output.splitlines()), errors) == (expected, "")
        assert len(entries(folder)) == len(names)


def test_the_size_is_bounded(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    for index in range(8):
        write(folder / f"model_{index}.py")
        check(folder, f"model_{index}.py")
    before = entries(folder)
    for age, path in enumerate(before):
        os.utime(path, (10**9 + age, 10**9 + age))
    size = sum(path.stat().st_size for path in before)
    shrink(f"{folder}.cache", size)
    assert entries(folder) == before
    shrink(f"{folder}.cache", size - 1)
    assert entries(folder) == before[-len(entries(folder)) :]
    assert 2 <= len(entries(folder)) <= 4


def test_clean_removes_what_is_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    write(folder / "model.py")
    check(folder, "model.py")
    kept = write(Path(f"{folder}.cache") / "findings-1" / "mine.txt", "")
    outcome = run(folder, "clean", f"--cache-dir={folder}.cache")
    assert outcome.status == 0
    assert "1 entry removed (0.0 MB)" in outcome.output
    assert entries(folder) == [kept]
    kept.unlink()
    check(folder, "model.py")
    assert clear(f"{folder}.cache")[0] == 1
    assert not Path(f"{folder}.cache").exists()
    assert run(folder, "clean", f"--cache-dir={folder}.cache").status == 0
    assert run(folder, "clean", "--cache-dir=\0").status == 2


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESTIMATOR_LINT_CACHE_DIR", "here")
    assert default_folder() == "here"
    monkeypatch.delenv("ESTIMATOR_LINT_CACHE_DIR")
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert default_folder() == str(tmp_path / "estimator-lint")
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", "relative")
        assert default_folder() == ""
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("ESTIMATOR_LINT_NO_CACHE")
        write(tmp_path / "project" / "model.py")
        run(tmp_path / "project", "check", "--isolated", "model.py")
        assert len([path for path in (tmp_path / ".cache").rglob("*") if path.is_file()]) == 1


def test_entries_are_no_code(tmp_path: Path) -> None:
    """They may come from anywhere, so they are read as data only."""
    folder = tmp_path / "project"
    write(folder / "model.py")
    check(folder, "model.py")
    (entry,) = entries(folder)
    content = json.loads(entry.read_text().partition("\n")[2])
    assert content["findings"][0][0]["code"] == "MFN103"


def test_a_cache_of_its_own_for_each_configuration(tmp_path: Path) -> None:
    one, other = (
        Cache(str(tmp_path), Settings(), disable_noqa=disabled) for disabled in (False, True)
    )
    assert one._path("model.py") != other._path("model.py")
    assert one._path("model.py") != one._path("other.py")


def test_run_that_does_not_know_its_versions_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application in one file may come without what says which versions it contains."""

    def unknown() -> str:
        raise PackageNotFoundError("flake8")

    monkeypatch.setattr("estimator_lint.kept_findings._environment", unknown)
    write(tmp_path / "model.py")
    assert check(tmp_path, "model.py").lines == [f"model.py:{FINDING}"]
