"""python-lsp-server with its flake8 plugin, over the protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools import samples
from tests.tools.language_client import Diagnostic, LanguageClient, language_server
from tests.tools.programs import program
from tests.tools.samples import FAULTY, REPAIRED

SETTINGS = json.loads(samples.recipe("editors.md", "json", '"pylsp"'))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project with spaces")
    samples.write(
        folder / "setup.cfg", "[flake8]\nselect = MFN\nestimator-require-modes = PREDICT\n"
    )
    return folder


@pytest.fixture(scope="module")
def client(project: Path) -> Iterator[LanguageClient]:
    with language_server([program("pylsp")], project, SETTINGS) as connected:
        yield connected


def start_of(diagnostic: Diagnostic) -> tuple[int, int]:
    start = diagnostic["range"]["start"]
    return start["line"], start["character"]


def test_findings_come_with_the_fault_and_go_with_it(client: LanguageClient, project: Path) -> None:
    path = samples.write(project / "model.py", REPAIRED)
    (place,) = samples.places(FAULTY)
    client.open(path, FAULTY)
    (finding,) = client.diagnostics(path)
    assert finding["source"] == "flake8"
    assert finding["code"] == samples.CODE
    assert finding["message"] == f"{samples.CODE} {samples.MESSAGE}"
    assert start_of(finding) == (place.line - 1, place.utf_16_units)
    client.change(path, REPAIRED)
    assert client.diagnostics(path) == []
    client.change(path, "# One line more.\n" + FAULTY)
    (finding,) = client.diagnostics(path)
    assert start_of(finding) == (place.line, place.utf_16_units)
    client.change(path, samples.SILENCED)
    assert client.diagnostics(path) == []
    assert path.read_text(encoding="utf-8") == REPAIRED


def test_a_buffer_without_a_file_while_one_types(client: LanguageClient, project: Path) -> None:
    path = project / "not" / "saved.py"
    client.open(path, samples.UNPARSABLE)
    assert samples.CODE not in [finding["code"] for finding in client.diagnostics(path)]
    client.change(path, FAULTY)
    (finding,) = client.diagnostics(path)
    assert finding["code"] == samples.CODE


def test_columns_are_in_utf_16_units(client: LanguageClient, project: Path) -> None:
    path = project / "wide.py"
    client.open(path, samples.WIDE)
    found = sorted(start_of(finding) for finding in client.diagnostics(path))
    expected = [(place.line - 1, place.utf_16_units) for place in samples.places(samples.WIDE)]
    assert found[:-1] == expected[:-1]
    last = samples.places(samples.WIDE)[-1]
    if found[-1] == (last.line - 1, last.characters):
        pytest.xfail("python-lsp-server takes characters for UTF-16 units (its issue 343)")
    assert found == expected


def test_options_come_from_the_configuration_file(client: LanguageClient, project: Path) -> None:
    path = project / "trained.py"
    client.open(path, samples.ONLY_TRAINED)
    (finding,) = client.diagnostics(path)
    assert finding["code"] == "MFN104"
