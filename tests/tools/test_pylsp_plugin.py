"""The plugin for python-lsp-server, in python-lsp-server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools import samples
from tests.tools.language_client import LanguageClient, language_server
from tests.tools.programs import program

SETTINGS = json.loads(samples.recipe("editors.md", "json", '"pylsp"'))

#: A character with two UTF-16 units precedes the finding.
WIDE = samples.FAULTY.replace("        return", '        "😀"; return')


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageClient]:
    folder = tmp_path_factory.mktemp("project")
    with language_server([program("pylsp")], folder, SETTINGS) as connected:
        yield connected


@pytest.fixture(scope="module")
def path(client: LanguageClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is open with a faulty text."""
    path = tmp_path_factory.mktemp("files") / "model.py"
    client.open(path, WIDE)
    return path


def hover(client: LanguageClient, path: Path, line: int, character: int) -> Any:
    return client.request(
        "textDocument/hover",
        textDocument={"uri": path.as_uri()},
        position={"line": line, "character": character},
    )


def test_actions(client: LanguageClient, path: Path) -> None:
    place = {"line": 5, "character": 30}
    actions = client.request(
        "textDocument/codeAction",
        textDocument={"uri": path.as_uri()},
        range={"start": place, "end": place},
        context={"diagnostics": []},
    )
    page = actions[-1]["command"]
    text = client.request(
        "workspace/executeCommand", command=page["command"], arguments=page["arguments"]
    )
    assert text.startswith("# MFN103")
    (silence,) = [action for action in actions if action["title"].startswith("Silence")]
    (edit,) = silence["edit"]["changes"][path.as_uri()]
    assert edit["newText"] == "  # noqa: MFN103"
    assert edit["range"]["start"] == {"line": 5, "character": 53}


def test_hover_at_a_model_function(client: LanguageClient, path: Path) -> None:
    assert "| `loss` |" in hover(client, path, 3, 6)["contents"]["value"]


def test_hover_at_a_name(client: LanguageClient, path: Path) -> None:
    text = hover(client, path, 4, 9)["contents"]["value"]
    assert text.startswith("`mode` in `model_fn`")


def test_elsewhere_others_have_their_say(client: LanguageClient, path: Path) -> None:
    found = hover(client, path, 0, 8)
    assert "model_fn" not in str(found)


@pytest.mark.parametrize("arguments", [None, [], ["MFN999"], [3], [["MFN103"]], "MFN103"])
def test_a_page_that_there_is_not(client: LanguageClient, arguments: object) -> None:
    text = client.request(
        "workspace/executeCommand", command="estimator-lint.explain", arguments=arguments
    )
    assert text is None


def test_a_file_that_is_gone_and_one_that_does_not_parse(
    client: LanguageClient, tmp_path: Path
) -> None:
    for text in ("def (", "", "x = '\0'", WIDE * 3):
        other = tmp_path / "gone" / "model.py"
        client.open(other, text)
        hover(client, other, 3, 6)
        hover(client, other, 999, 999)
        client.request(
            "textDocument/codeAction",
            textDocument={"uri": other.as_uri()},
            range={"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}},
            context={"diagnostics": []},
        )
