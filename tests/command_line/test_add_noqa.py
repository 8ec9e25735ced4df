"""``--add-noqa``: comments that silence findings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from estimator_lint.command_line.status import Status
from tests.command_line.program import FAULTY, Outcome, check, write
from tests.flake8_program import flake8_in_process

SITE = "tf.estimator.EstimatorSpec(mode)"


def add_noqa(folder: Path, source: str | bytes, expected: int = 1) -> tuple[str, Outcome]:
    path = write(folder / "model.py", source)
    outcome = check(folder, "--add-noqa", "model.py")
    assert outcome.output == ""
    noun = "finding" if expected == 1 else "findings"
    if outcome.status == Status.CLEAN:
        assert outcome.errors == f"{expected} {noun} silenced in 1 file\n"
        assert check(folder, "model.py").lines == []
        assert flake8_in_process(folder, "--select=MFN", "model.py") == []
    return path.read_bytes().decode(), outcome


def test_a_comment_is_added(tmp_path: Path) -> None:
    text, outcome = add_noqa(tmp_path, FAULTY)
    assert outcome.status == Status.CLEAN
    assert text == FAULTY.replace(SITE, f"{SITE}  # noqa: MFN103")


CASES = {
    "a comment": (f"{SITE}  # why", f"{SITE}  # why  # noqa: MFN103"),
    "codes of others": (f"{SITE}  # noqa: E501", f"{SITE}  # noqa: E501,MFN103"),
    "codes and words": (f"{SITE}  # noqa:E501, W1 it is", f"{SITE}  # noqa:E501, W1,MFN103 it is"),
    "several lines": (
        "tf.estimator.EstimatorSpec(\n            mode\n        )",
        "tf.estimator.EstimatorSpec(  # noqa: MFN103\n            mode\n        )",
    ),
    "a string of several lines": (
        'tf.estimator.EstimatorSpec(mode, predictions=f("""\nb\n"""))',
        'tf.estimator.EstimatorSpec(mode, predictions=f("""\nb\n"""))  # noqa: MFN103',
    ),
    "a backslash": (
        "tf.estimator.EstimatorSpec\\\n            (mode)",
        "tf.estimator.EstimatorSpec\\\n            (mode)  # noqa: MFN103",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_where_the_comment_stands(tmp_path: Path, name: str) -> None:
    before, after = CASES[name]
    text, outcome = add_noqa(tmp_path, FAULTY.replace(SITE, before))
    assert outcome.status == Status.CLEAN
    assert text == FAULTY.replace(SITE, after)


def test_several_on_a_line(tmp_path: Path) -> None:
    source = FAULTY.replace("mode)\n", "mode, predictions=[])\n", 1)
    write(tmp_path / "model.py", source)
    findings = check(tmp_path, "model.py").lines
    assert len(findings) >= 2
    codes = list(dict.fromkeys(line.split()[1] for line in findings))
    text, outcome = add_noqa(tmp_path, source, len(findings))
    assert outcome.status == Status.CLEAN
    assert f"# noqa: {','.join(codes)}\n" in text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_everything_else_stays_byte_for_byte(tmp_path: Path, end: str) -> None:
    source = f"# coding: latin-1\n# \u00e4\u2028\n{FAULTY}\n# \x0c".replace("\u2028", "\x85")
    data = source.replace("\n", end).encode("latin-1")
    path = write(tmp_path / "model.py", data)
    assert check(tmp_path, "--add-noqa", "model.py").status == Status.CLEAN
    added = SITE.encode() + b"  # noqa: MFN103"
    assert path.read_bytes() == data.replace(SITE.encode(), added)


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "model.py", FAULTY.encode("utf-8-sig"))
    assert check(tmp_path, "--add-noqa", "model.py").status == Status.CLEAN
    assert path.read_bytes().startswith(b"\xef\xbb\xbfimport")
    assert b"# noqa: MFN103\n" in path.read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions are others there")
def test_links_and_permissions_stay(tmp_path: Path) -> None:
    path = write(tmp_path / "real" / "model.py")
    path.chmod(0o640)
    link = tmp_path / "model.py"
    link.symlink_to(path)
    assert check(tmp_path, "--add-noqa", "model.py").status == Status.CLEAN
    assert link.is_symlink()
    assert "# noqa: MFN103\n" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in path.parent.iterdir()] == ["model.py"]


def test_unused_comments_are_not_silenced(tmp_path: Path) -> None:
    source = FAULTY.replace("mode):", "mode):  # noqa: MFN201")
    path = write(tmp_path / "model.py", source)
    check(tmp_path, "--add-noqa", "model.py")
    assert path.read_text() == source.replace(SITE, f"{SITE}  # noqa: MFN103")


@pytest.mark.parametrize("string", ['"# noqa: E501"', '"""\n# noqa: E501"""'])
def test_strings_are_no_comments(tmp_path: Path, string: str) -> None:
    """For flake8 they are, so that no comment behind them counts."""
    source = FAULTY.replace("Spec(mode)", f"Spec(mode, predictions={{{string}: features}})")
    path = write(tmp_path / "model.py", source)
    outcome = check(tmp_path, "--add-noqa", "model.py")
    assert outcome.status == Status.COULD_NOT_RUN
    assert ": no comment added: a string in line " in outcome.errors
    assert path.read_text() == source


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    outcome = check(tmp_path, "--add-noqa", "-", stdin=FAULTY.encode())
    assert outcome.status == Status.COULD_NOT_RUN
    assert outcome.errors.startswith("stdin: no comment added: ")


def test_comments_are_added_to_cells(tmp_path: Path) -> None:
    from tests.notebooks.samples import FAULTY as CELL
    from tests.notebooks.samples import IMPORT, notebook

    path = write(tmp_path / "model.ipynb", notebook(IMPORT, CELL))
    outcome = check(tmp_path, "--add-noqa", "model.ipynb")
    assert outcome.status == Status.CLEAN
    assert path.read_text() == notebook(
        IMPORT, CELL.replace("Spec(mode)\n", "Spec(mode)  # noqa: MFN103\n")
    )
    assert check(tmp_path, "model.ipynb").status == Status.CLEAN
