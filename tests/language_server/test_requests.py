"""Every request and notification, with valid and invalid content."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from estimator_lint.language_server.server import Server
from tests.language_server.raw_client import (
    EVERYTHING,
    PUSHED,
    RawClient,
    ResponseError,
    codes,
    place,
    running,
)

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32600, -32601, -32602

#: Requests about a text, with their other parameters.
ABOUT_TEXTS: dict[str, dict[str, Any]] = {
    "textDocument/codeAction": {"range": EVERYTHING, "context": {"diagnostics": []}},
    "textDocument/codeLens": {},
    "textDocument/diagnostic": {},
    "textDocument/hover": {"position": place(4, 6)},
    "textDocument/inlayHint": {"range": EVERYTHING},
}
#: Texts of all kinds, without model functions.
EMPTY_TEXTS = {
    "empty": "",
    "not Python": "def (",
    "a NUL": "x = '\0'",
    "half a character": "x = '\ud800'  # model_fn",
    "half a model function": "def model_fn(features, labels, mode):\n    return tf.estimator.Esti(",
    "deep": "x = " + "(" * 5000,
    "lone CR": "a = 1\rb = 2\r",
}


@pytest.mark.parametrize("method", ABOUT_TEXTS)
def test_a_request_about_a_text(method: str, client: RawClient, uri: str) -> None:
    client.open(uri)
    client.request(method, {"textDocument": {"uri": uri}, **ABOUT_TEXTS[method]})
    client.close(uri)


@pytest.mark.parametrize("text", EMPTY_TEXTS.values(), ids=list(EMPTY_TEXTS))
@pytest.mark.parametrize("method", ABOUT_TEXTS)
def test_a_request_about_an_odd_text(method: str, text: str, client: RawClient, uri: str) -> None:
    client.open(uri, text)
    result = client.request(method, {"textDocument": {"uri": uri}, **ABOUT_TEXTS[method]})
    assert not result or result == {"items": [], "kind": "full", "resultId": result["resultId"]}
    assert client.published(uri) == []
    client.close(uri)


@pytest.mark.parametrize("method", ABOUT_TEXTS)
@pytest.mark.parametrize(
    "name",
    ["file:///nowhere.py", "untitled:Untitled-1", "", "no URI", "http://[::1", "file:///%00"],
)
def test_a_request_about_what_is_not_open(method: str, name: str, client: RawClient) -> None:
    result = client.request(method, {"textDocument": {"uri": name}, **ABOUT_TEXTS[method]})
    assert not result or result["items"] == []


@pytest.mark.parametrize("method", ABOUT_TEXTS)
@pytest.mark.parametrize(
    "params", [None, {}, [], "text", 3, {"textDocument": 3}, {"textDocument": {}}]
)
def test_a_request_that_can_not_be_read(method: str, params: Any, client: RawClient) -> None:
    with pytest.raises(ResponseError) as refused:
        client.request(method, params)
    assert refused.value.code in (INVALID_PARAMS, -32603)


@pytest.mark.parametrize(
    "position", [place(99_999, 0), place(0, 99_999), place(4, 2**31 - 1), place(2**31 - 1, 0)]
)
def test_a_place_outside_of_the_text(position: dict[str, int], client: RawClient, uri: str) -> None:
    client.open(uri)
    params = {"textDocument": {"uri": uri}, "position": position}
    assert client.request("textDocument/hover", params) is None
    around = {"start": position, "end": position}
    params = {"textDocument": {"uri": uri}, "range": around, "context": {"diagnostics": []}}
    assert client.request("textDocument/codeAction", params) == []
    client.close(uri)


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("textDocument/definition", METHOD_NOT_FOUND),
        ("textDocument/completion", METHOD_NOT_FOUND),
        ("estimator-lint/unknown", METHOD_NOT_FOUND),
        ("$/unknown", METHOD_NOT_FOUND),
        ("", METHOD_NOT_FOUND),
        ("initialize", INVALID_REQUEST),
    ],
)
def test_requests_that_are_refused(method: str, code: int, client: RawClient) -> None:
    with pytest.raises(ResponseError) as refused:
        client.request(method, {})
    assert refused.value.code == code


@pytest.mark.parametrize(
    "message",
    [
        [],
        [{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}],
        "text",
        None,
        {"jsonrpc": "2.0", "id": None, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": {"a": 1}, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": True, "method": "shutdown"},
    ],
    ids=str,
)
def test_what_is_no_request_is_refused(message: Any, client: RawClient) -> None:
    client.send(message)
    assert client.answer(None)["error"]["code"] == INVALID_REQUEST


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "1.0", "id": "odd", "method": "shutdown"},
        {"id": "odd", "method": "shutdown"},
        {"jsonrpc": "2.0", "id": "odd", "method": 3},
    ],
    ids=str,
)
def test_what_is_no_json_rpc_is_refused(message: Any, client: RawClient) -> None:
    client.send(message)
    assert client.answer("odd")["error"]["code"] == INVALID_REQUEST


NOTIFICATIONS = [
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didSave",
    "textDocument/didClose",
    "notebookDocument/didOpen",
    "notebookDocument/didChange",
    "notebookDocument/didSave",
    "notebookDocument/didClose",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeWorkspaceFolders",
    "workspace/didCreateFiles",
    "workspace/didDeleteFiles",
    "workspace/didRenameFiles",
    "$/cancelRequest",
    "$/setTrace",
    "$/unknown",
    "window/workDoneProgress/cancel",
    "unknown",
]


@pytest.mark.parametrize("method", NOTIFICATIONS)
@pytest.mark.parametrize("params", [None, {}, [], 3, {"textDocument": [], "changes": 3}], ids=str)
def test_a_notification_that_can_not_be_read_is_passed_over(
    method: str, params: Any, client: RawClient, uri: str
) -> None:
    client.notify(method, params)
    client.open(uri)
    assert codes(client.published(uri)) == ["MFN103"]
    client.close(uri)


def test_notifications_about_what_is_not_open(client: RawClient, uri: str) -> None:
    identity = {"uri": uri, "version": 2}
    change = {"textDocument": identity, "contentChanges": [{"text": "x"}]}
    client.notify("textDocument/didChange", change)
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    cells = {"textContent": [{"document": identity, "changes": [{"text": "x"}]}]}
    client.notify(
        "notebookDocument/didChange",
        {"notebookDocument": identity, "change": {"cells": cells}},
    )
    closed = {"notebookDocument": {"uri": uri}, "cellTextDocuments": [{"uri": uri}]}
    client.notify("notebookDocument/didClose", closed)
    client.open(uri)
    assert codes(client.published(uri)) == ["MFN103"]
    client.close(uri)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("chooseMode", [3]),
        ("chooseMode", ["BOTH"]),
        ("chooseMode", ["TRAIN", "EVAL"]),
        ("showModes", []),
        ("showModes", [3]),
        ("showModes", ["file:///nowhere.py"]),
        ("explain", []),
        ("explain", ["MFN999"]),
        ("explain", [None]),
        ("unknown", []),
    ],
)
def test_commands_that_are_refused(name: str, arguments: list[Any], client: RawClient) -> None:
    with pytest.raises(ResponseError) as refused:
        client.command(name, *arguments)
    assert refused.value.code in (INVALID_PARAMS, -32603)


def test_bytes_that_are_no_message_are_passed_over(client: RawClient, uri: str) -> None:
    client.write(b"Content-Length: 5\r\n\r\nhello")
    client.write(b"Content-Length: 3\r\n\r\n\xff\xfe\xfd")
    client.write(b"Content-Type: x\r\nContent-Length: 2\r\n\r\n{}")
    client.open(uri)
    assert codes(client.published(uri)) == ["MFN103"]
    client.close(uri)


def test_notifications_leave_nothing_behind() -> None:
    async def left_behind() -> int:
        protocol: Any = Server().language_server.protocol
        began: dict[str, Any] = {"capabilities": {}, "processId": None, "rootUri": None}
        protocol.handle_message(
            {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": began}
        )
        for version in range(9):
            item = {"uri": "file:///a.txt", "languageId": "text", "version": version, "text": ""}
            params = {"textDocument": item}
            protocol.handle_message(
                {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params}
            )
        return len(protocol._request_futures)

    assert asyncio.run(left_behind()) == 0


def test_an_object_within_a_message_may_look_like_one(client: RawClient) -> None:
    inner = {"jsonrpc": "2.0", "id": 7, "method": "textDocument/hover", "params": 3}
    with pytest.raises(ResponseError):
        client.command("chooseMode", inner)


def test_before_the_beginning_and_after_the_end(tmp_path: Path) -> None:
    import subprocess
    import sys

    from tests.language_server.raw_client import RawClient

    command = [sys.executable, "-m", "estimator_lint", "server", "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        client = RawClient(process.stdout, process.stdin)
        with pytest.raises(ResponseError) as refused:
            client.request("textDocument/hover", {})
        assert refused.value.code == -32002
        client.notify("textDocument/didOpen", {})
        client.initialize(tmp_path, capabilities=PUSHED)
        client.request("shutdown")
        for method in ("textDocument/hover", "shutdown", "initialize"):
            with pytest.raises(ResponseError) as refused:
                client.request(method, {})
            assert refused.value.code == INVALID_REQUEST
        client.notify("exit")
        assert process.wait(30) == 0


@pytest.mark.parametrize("ending", ["exit", "end of input", "half a message"])
def test_a_client_that_does_not_say_goodbye(ending: str, tmp_path: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "estimator_lint", "server"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        client = RawClient(process.stdout, process.stdin)
        client.initialize(tmp_path, capabilities=PUSHED)
        client.command("status")
        assert process.stdin is not None and process.stderr is not None
        if ending == "exit":
            client.notify("exit")
        elif ending == "half a message":
            client.write(b"Content-Length: 1000\r\n\r\n{")
        if ending != "exit":
            process.stdin.close()
        assert process.wait(30) == 1
        assert process.stderr.read() == b""


def test_over_tcp(tmp_path: Path) -> None:
    import socket
    import subprocess
    import sys

    command = [sys.executable, "-m", "estimator_lint", "server", "--tcp", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        port = int(process.stderr.readline().rsplit(b":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            client = RawClient(connection.makefile("rb"), connection.makefile("wb"))
            client.initialize(tmp_path, capabilities=PUSHED)
            client.open((tmp_path / "model.py").as_uri())
            found = client.published((tmp_path / "model.py").as_uri())
            assert codes(found) == ["MFN103"]
            client.end()
        assert process.wait(30) == 0


def test_requests_are_answered_before_anything_else_is_known(tmp_path: Path) -> None:
    """A client that sends requests at once, and never its settings."""
    path = tmp_path / "model.py"
    with running(tmp_path) as client:
        client.open(path.as_uri())
        lenses = client.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}})
        assert len(lenses) == 1


def test_a_client_without_any_ability(tmp_path: Path) -> None:
    uri = (tmp_path / "model.py").as_uri()
    with running(tmp_path, capabilities={}, initializationOptions=["what", 3]) as client:
        client.open(uri)
        (found,) = client.published(uri)
        assert "relatedInformation" not in found
        about = {"textDocument": {"uri": uri}}
        for method, more in ABOUT_TEXTS.items():
            client.request(method, {**about, **more})
        actions = client.request(
            "textDocument/codeAction", {**about, **ABOUT_TEXTS["textDocument/codeAction"]}
        )
        assert next(list(each["edit"]) for each in actions if "edit" in each) == ["changes"]
        client.command("chooseMode", "PREDICT")
        assert len(client.published(uri)) > 1
        client.command("showModes", uri)
        assert client.requests == []


def test_a_beginning_that_can_not_be_read(tmp_path: Path) -> None:
    """It is refused, and the next one counts."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "estimator_lint", "server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        client = RawClient(process.stdout, process.stdin)
        for params in (None, {}, {"capabilities": {"textDocument": 3}}):
            with pytest.raises(ResponseError) as refused:
                client.request("initialize", params)
            assert refused.value.code == INVALID_PARAMS
        client.initialize(tmp_path, capabilities={})
        client.open((tmp_path / "model.py").as_uri())
        assert codes(client.published((tmp_path / "model.py").as_uri())) == ["MFN103"]
        client.end()
        assert process.wait(30) == 0
