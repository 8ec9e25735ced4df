"""The same findings as ``check``, in every encoding of positions.

``tests/test_fixtures.py`` compares them on all fixtures.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from estimator_lint.language_server.diagnostics import diagnostics_of
from estimator_lint.language_server.documents import Documents
from estimator_lint.language_server.file_analysis import Analyst
from estimator_lint.language_server.orders import Source, Surroundings
from estimator_lint.language_server.positions import PositionEncoding
from estimator_lint.language_server.uris import path_of
from tests.command_line.program import inside, write
from tests.fixture_expectations import FIXTURES

#: Text of each width before the findings, so that columns depend on the encoding.
WIDE = "'é漢😀'; "


@pytest.fixture(scope="module")
def analyst() -> Analyst:
    return Analyst()


@pytest.fixture(autouse=True)
def _same_folder_afterwards() -> Iterator[None]:
    """An analyst changes the current folder to the one that it checks."""
    with inside(Path.cwd()):
        yield


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("encoding", list(PositionEncoding))
def test_columns_behind_wide_text(
    encoding: PositionEncoding, analyst: Analyst, tmp_path: Path
) -> None:
    text = read(FIXTURES / "MFN103" / "bad.py")
    wide = "\n".join(
        line.replace("return", f"{WIDE}return", 1) if "return" in line else line
        for line in text.split("\n")
    )
    path = write(tmp_path / "model.py", wide)
    outcome = analyst.evaluate(Source(str(path), wide), Surroundings(str(tmp_path)))
    assert outcome.findings
    documents = Documents()
    documents.encoding = encoding
    module = documents.open(path.as_uri(), 1, wide)
    for finding, item in zip(
        outcome.findings, diagnostics_of(module, outcome)[path.as_uri()], strict=True
    ):
        before = wide.split("\n")[finding.line - 1][: finding.column]
        assert item.range.start.character == encoding.units(before)
        assert item.range.start.line == finding.line - 1


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c.py", "/a/b c.py"),
        ("file://localhost/a.py", "/a.py"),
        ("FILE:///a.py", "/a.py"),
        ("untitled:Untitled-1", "<untitled:Untitled-1>"),
        ("vscode-notebook-cell:a.ipynb#x", "<vscode-notebook-cell:a.ipynb#x>"),
        ("", "<text>"),
        ("http://[::1", "<text>"),
        ("file:///a%00b", "<text>"),
    ],
)
def test_paths_of_uris(uri: str, path: str) -> None:
    assert path_of(uri) == str(Path(path))


def test_a_folder_that_is_gone(analyst: Analyst, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    text = read(FIXTURES / "MFN103" / "bad.py")
    source, surroundings = Source(str(folder / "model.py"), text), Surroundings(str(folder))
    before = analyst.evaluate(source, surroundings).findings
    folder.rmdir()
    after = analyst.evaluate(source, surroundings)
    assert (after.findings, after.problem) == (before, "")
    other = analyst.evaluate(source, Surroundings(str(folder / "never")))
    assert other.findings == ()
    assert "never" in other.configuration_problem
