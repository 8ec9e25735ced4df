"""Clients that send invalid messages: the server keeps running and answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.command_line.program import CLEAN, FAULTY
from tests.language_server.raw_client import (
    EVERYTHING,
    RawClient,
    ResponseError,
    codes,
    place,
    span,
)


def lives(client: RawClient, uri: str) -> bool:
    """Whether the server still checks texts."""
    other = uri.replace("model", "other")
    client.open(other)
    found = codes(client.published(other))
    client.close(other)
    return found == ["MFN103"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"jsonrpc":"2.0","id":77,"method":"x","params":%s}' % (b"[" * 200_000 + b"]" * 200_000),
        b'{"jsonrpc":"2.0","method":"\xff\xfe"}',
        b'{"jsonrpc":"2.0","method":"x","params":1e999}',
    ],
    ids=["deep", "no text", "infinite"],
)
def test_messages_that_cannot_be_read(body: bytes, client: RawClient, uri: str) -> None:
    client.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    assert lives(client, uri)


@pytest.mark.parametrize("character", ["\ud800", "\0", "\x1a", "\ufeff"], ids=ascii)
def test_characters_that_no_program_has(character: str, client: RawClient, uri: str) -> None:
    client.open(uri, f"{FAULTY}# {character}\n")
    client.published(uri)
    about = {"textDocument": {"uri": uri}}
    client.request("textDocument/codeLens", about)
    client.request("textDocument/hover", {**about, "position": place(5, 20)})
    client.request(
        "textDocument/codeAction", {**about, "range": EVERYTHING, "context": {"diagnostics": []}}
    )
    client.close(uri)
    assert lives(client, uri)


def test_versions_that_go_back(client: RawClient, uri: str) -> None:
    client.open(uri)
    for version in (5, 3, 3, -1, 0, 2**40, None, "7"):
        client.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": version},
                "contentChanges": [{"text": f"{FAULTY}# {version}\n"}],
            },
        )
    client._versions[uri] = 8
    assert client.published(uri, client.change(uri, CLEAN)) == []
    client.close(uri)


@pytest.mark.parametrize(
    "where",
    [
        span(99, 0, 99, 0),
        span(5, 0, 2, 0),
        span(2**31 - 1, 2**31 - 1, 2**31 - 1, 2**31 - 1),
        span(-1, -1, 0, 0),
        span(0, 10**12, 0, 10**13),
    ],
    ids=str,
)
def test_changes_outside_of_the_text(where: dict[str, Any], client: RawClient, uri: str) -> None:
    client.open(uri)
    client.change(uri, {"range": where, "text": ""})
    # A whole text replaces all earlier partial changes.
    assert codes(client.published(uri, client.change(uri, f"{FAULTY}\n"))) == ["MFN103"]
    client.close(uri)


@pytest.mark.parametrize(
    "name",
    [
        "untitled:Untitled-1",
        "git:/a/b.py?x",
        "file:relative.py",
        "file://host/share/a.py",
        "",
        "\0",
        "file:///%00.py",
        f"file:///{'a' * 5000}.py",
        "vscode-notebook-cell:/x.ipynb#a",
        "file:///%ff%fe.py",
        "http://[::1/x.py",
    ],
    ids=lambda name: ascii(name)[:20],
)
def test_names_of_all_kinds(name: str, client: RawClient, uri: str) -> None:
    client.open(name)
    client.request("textDocument/codeLens", {"textDocument": {"uri": name}})
    client.close(name)
    assert lives(client, uri)


def test_events_of_what_is_not_there(client: RawClient, uri: str) -> None:
    folders = [
        {"uri": "file:///%00", "name": ""},
        {"uri": "untitled:x", "name": "y"},
        {"uri": "file:///nowhere/at/all", "name": "z"},
    ]
    for method, params in {
        "workspace/didRenameFiles": {"files": [{"oldUri": "file:///a", "newUri": "file:///b"}]},
        "workspace/didDeleteFiles": {"files": [{"uri": "x"}]},
        "workspace/didCreateFiles": {"files": []},
        "workspace/didChangeWatchedFiles": {
            "changes": [{"uri": "", "type": 1}, {"uri": "\0", "type": 3}]
        },
        "workspace/didChangeWorkspaceFolders": {"event": {"added": folders, "removed": []}},
    }.items():
        client.notify(method, params)
    assert lives(client, uri)
    client.notify(
        "workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": folders}}
    )
    with pytest.raises(ResponseError):
        client.request("workspace/willRenameFiles", {"files": []})


@pytest.mark.parametrize(
    "settings",
    [
        None,
        [[1]],
        {"estimator-lint": 3},
        {"estimator-lint": {"select": {"a": 1}, "exclude": [None], "seconds": "x"}},
        {"estimator-lint": {"config": "\0", "sourceRoots": ["\0"]}},
        {"estimator-lint": {"seconds": 1e308}},
        {"estimator-lint": {"modelFns": ["["], "requireModes": ["TRAIN", "train", ""]}},
    ],
    ids=str,
)
def test_odd_settings(settings: object, client: RawClient, uri: str) -> None:
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    client.open(uri)
    client.published(uri)
    client.close(uri)
    client.notify("workspace/didChangeConfiguration", {"settings": {"estimator-lint": {}}})
    assert lives(client, uri)


def test_one_file_under_two_names(client: RawClient, uri: str) -> None:
    other = uri.replace("model", "%6Dodel")
    client.open(uri)
    client.open(other, CLEAN)
    assert codes(client.published(uri)) == ["MFN103"]
    assert client.published(other) == []
    client.close(uri)
    client.close(other)
    client.close(uri)
    assert lives(client, uri)


def test_a_storm_of_changes_and_questions(client: RawClient, uri: str) -> None:
    client.open(uri)
    about = {"textDocument": {"uri": uri}}
    numbers = []
    for count in range(40):
        hover = client.ask("textDocument/hover", {**about, "position": place(5, 20)})
        more = {**about, "range": EVERYTHING, "context": {"diagnostics": []}}
        numbers += [hover, client.ask("textDocument/codeAction", more)]
        client.change(uri, f"{FAULTY}{'#' * count}")
        client.notify("$/cancelRequest", {"id": hover})
    assert len([client.answer(number) for number in numbers]) == 80
    client.close(uri)
    assert lives(client, uri)
