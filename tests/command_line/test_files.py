"""The files that a run checks: the same as flake8, without those that git ignores."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from flake8.discover_files import expand_paths
from flake8.utils import normalize_paths
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator_lint.command_line.selected_files import FileFinder
from tests.command_line.program import check, inside, write

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

names = st.sampled_from(["a", "b", "build", ".git", "x.egg", "__pycache__", "café"])
folders = st.lists(names, max_size=3)
files = st.tuples(folders, st.sampled_from(["a.py", "b.py", "a.pyi", "build.py", "a.txt", "py"]))
trees = st.lists(files, min_size=1, max_size=8)
patterns = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "a.py",
            "*.egg",
            "build",
            "./b",
            "a/b",
            "*/build/*",
            "b*",
            "[ab].py",
            ".git",
            "*",
        ]
    ),
    max_size=3,
)


def make(folder: Path, tree: Sequence[tuple[list[str], str]]) -> None:
    for path, name in tree:
        write(folder.joinpath(*path, name), "")


def found_by_us(paths: list[str], exclude: list[str], filenames: list[str]) -> list[str]:
    finder = FileFinder(exclude, filenames, force_exclude=True)
    return sorted(file.path for file in finder.find(paths))


def found_by_flake8(paths: list[str], exclude: list[str], filenames: list[str]) -> list[str]:
    found = expand_paths(
        paths=paths, stdin_display_name="stdin", filename_patterns=filenames, exclude=exclude
    )
    return sorted(set(found))


@given(
    tree=trees,
    exclude=patterns,
    filenames=st.sampled_from([["*.py"], ["*.py", "*.pyi"], ["a*"], ["./a/*"], []]),
    # Nothing below an excluded folder.
    paths=st.lists(st.sampled_from([".", "a", "./a", "a.py", "build", "-"]), max_size=2),
)
@settings(max_examples=200, deadline=None)
def test_the_same_files_as_flake8_s(
    tree: list[tuple[list[str], str]],
    exclude: list[str],
    filenames: list[str],
    paths: list[str],
) -> None:
    with tempfile.TemporaryDirectory() as folder, inside(Path(folder)):
        make(Path(folder), tree)
        normalized = normalize_paths(exclude)
        expected = found_by_flake8(paths, normalized, filenames)
        # Outside of a repository .gitignore files mean nothing; .git alone makes none here.
        assert found_by_us(paths, normalized, filenames) == expected


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "a" / "first.py")
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a", target_is_directory=True)
    with inside(tmp_path):
        assert found_by_us(["a"], [], ["*.py"]) == [os.path.join("a", "first.py")]


# What git ignores


def repository(folder: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def checked_files(folder: Path, *arguments: str) -> list[str]:
    """The files with findings."""
    lines = check(folder, *arguments).lines
    return [line.split(":")[0].removeprefix(f".{os.sep}").replace(os.sep, "/") for line in lines]


@needs_git
def test_ignored_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path / ".gitignore", "old*.py\n/generated/\n!old_but_kept.py\n")
    for name in ("model.py", "old.py", "old_but_kept.py", "generated/a.py", "a/generated/a.py"):
        write(tmp_path / name)
    assert checked_files(tmp_path) == ["a/generated/a.py", "model.py", "old_but_kept.py"]
    assert len(checked_files(tmp_path, "--no-respect-gitignore")) == 5


@needs_git
def test_rules_further_down_count_first(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path / ".gitignore", "a*.py\n")
    write(tmp_path / "deep" / ".gitignore", "!a1.py\nb.py\n")
    for name in ("a1.py", "b.py", "deep/a1.py", "deep/a2.py", "deep/b.py"):
        write(tmp_path / name)
    assert checked_files(tmp_path) == ["b.py", "deep/a1.py"]
    assert checked_files(tmp_path / "deep") == ["a1.py"]


@needs_git
def test_what_is_named_is_checked_although_it_is_ignored(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path / ".gitignore", "generated/\nold.py\n")
    for name in ("old.py", "generated/a.py", "generated/b/old.py"):
        write(tmp_path / name)
    assert checked_files(tmp_path, "old.py") == ["old.py"]
    assert checked_files(tmp_path, "generated/a.py") == ["generated/a.py"]
    assert checked_files(tmp_path, "generated") == ["generated/a.py", "generated/b/old.py"]
    assert checked_files(tmp_path / "generated" / "b", ".") == ["old.py"]


@needs_git
def test_the_repository_s_own_exclude_file(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path / ".git" / "info" / "exclude", "private.py\n")
    write(tmp_path / "a" / "private.py")
    write(tmp_path / "a" / "model.py")
    assert checked_files(tmp_path) == ["a/model.py"]
    assert checked_files(tmp_path, "a") == ["a/model.py"]


@needs_git
def test_a_repository_within_another_has_its_own_rules(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path / ".gitignore", "a.py\n")
    repository(tmp_path / "vendored")
    write(tmp_path / "vendored" / ".gitignore", "b.py\n")
    for name in ("a.py", "b.py", "vendored/a.py", "vendored/b.py"):
        write(tmp_path / name)
    assert checked_files(tmp_path) == ["b.py", "vendored/a.py"]


def test_outside_of_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    write(tmp_path / ".gitignore", "*\n")
    write(tmp_path / "model.py")
    assert checked_files(tmp_path) == ["model.py"]


def test_patterns_that_are_none_ignore_nothing(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".gitignore", b"\xef\xbb\xbfold.py\n!\nnew\xff.py\r\n\\\n")
    write(tmp_path / "model.py")
    write(tmp_path / "old.py")
    assert checked_files(tmp_path) == ["model.py"]


# None that takes a folder in again: pathspec then takes in what is below it, too.
ignore_lines = st.lists(
    st.sampled_from(
        "a b a/ /a a/b **/b a/** *.py !a.py b/*.py /b/a.py [ab].py # * a* build/".split()
    ),
    max_size=4,
)
git_names = st.sampled_from(["a", "b", "build"])
git_trees = st.lists(
    st.tuples(st.lists(git_names, max_size=3), st.sampled_from(["a.py", "b.py"])),
    min_size=1,
    max_size=8,
)


@needs_git
@given(tree=git_trees, top=ignore_lines, below=st.tuples(git_names, ignore_lines))
@settings(max_examples=40, deadline=None)
def test_the_same_files_as_git_s(
    tree: list[tuple[list[str], str]], top: list[str], below: tuple[str, list[str]]
) -> None:
    with tempfile.TemporaryDirectory() as name, inside(Path(name)):
        folder = repository(Path(name))
        make(folder, tree)
        write(folder / ".gitignore", "\n".join(top))
        write(folder / below[0] / ".gitignore", "\n".join(below[1]))
        # Not those that some configuration of the machine's user ignores.
        command = [
            "git",
            "-c",
            "core.excludesFile=",
            "ls-files",
            "-o",
            "--exclude-standard",
            "*.py",
        ]
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        found = FileFinder([".git"], ["*.py"]).find(["."])
        kept = {Path(file.path).as_posix() for file in found if not file.is_ignored}
        assert kept == set(listed.split())


def test_at_the_root_of_the_disk_a_search_for_folders_ends() -> None:
    root = Path(Path.cwd().anchor)
    with inside(root):
        found = list(FileFinder([], ["*.py"], force_exclude=True).find([str(root / "a.py")]))
    assert [file.path for file in found] == [str(root / "a.py")]
