"""A client that implements the protocol itself, and checks that every request is answered."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.command_line.program import FAULTY

PATIENCE = 60.0

Message = dict[str, Any]

#: Capabilities of a client that receives pushed diagnostics, and of one that pulls.
PUSHED: Message = {
    "textDocument": {"publishDiagnostics": {"relatedInformation": True, "versionSupport": True}},
    "workspace": {"configuration": True, "workspaceEdit": {"documentChanges": True}},
    "window": {"showDocument": {"support": True}},
}
PULLED: Message = {
    "textDocument": {
        "diagnostic": {"dynamicRegistration": False},
        "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}},
    },
    "workspace": {
        "workspaceEdit": {"documentChanges": True},
        "configuration": True,
        "diagnostics": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "didChangeConfiguration": {"dynamicRegistration": True},
    },
}


class ResponseError(Exception):
    """The server answered a request with an error."""

    def __init__(self, error: Message) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]


class RawClient:
    """A connection to a server.

    Args:
        reader, writer: the pipes.
        settings: the answers to ``workspace/configuration``, by the URI of the scope.
    """

    def __init__(self, reader: Any, writer: Any, settings: dict[str, Any] | None = None) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._news = threading.Condition()
        self._answers: dict[int | str | None, Message] = {}
        self._asked: set[int | str] = set()
        self._is_over = False
        self.settings = settings or {}
        #: The answer to ``window/showMessageRequest``.
        self.choice: str | None = None
        self.notifications: list[Message] = []
        self.requests: list[Message] = []
        self._versions: dict[str, int] = {}
        self._taken = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    # The wire

    def write(self, data: bytes) -> None:
        """Send arbitrary bytes."""
        self._writer.write(data)
        self._writer.flush()

    def send(self, message: object) -> None:
        """Send an arbitrary message."""
        body = json.dumps(message).encode()
        self.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def _listen(self) -> None:
        while True:
            length = 0
            while line := self._reader.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            body = self._reader.read(length) if length else b""
            with self._news:
                if not body:
                    self._is_over = True
                    self._news.notify_all()
                    return
                self._take(json.loads(body))
                self._news.notify_all()

    def _take(self, message: Message) -> None:
        assert message["jsonrpc"] == "2.0"
        if "method" not in message:
            number = message.get("id")
            assert number not in self._answers, "answered twice"
            self._answers[number] = message
            if number is not None:
                self._asked.discard(number)
        elif "id" in message:
            self.requests.append(message)
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": self._answer(message)})
        else:
            self.notifications.append(message)

    def _answer(self, message: Message) -> Any:
        match message["method"]:
            case "workspace/configuration":
                scopes = [item.get("scopeUri", "") for item in message["params"]["items"]]
                return [self.settings.get(scope) for scope in scopes]
            case "window/showMessageRequest":
                return None if self.choice is None else {"title": self.choice}
            case "window/showDocument":
                return {"success": True}
        return None

    # Requests and notifications

    def ask(self, method: str, params: Any = None) -> int:
        """Send a request; returns its number."""
        number = next(self._numbers)
        with self._news:
            self._asked.add(number)
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number

    def answer(self, number: int | str | None, patience: float = PATIENCE) -> Message:
        """Wait for the whole answer to a request."""
        with self._news:
            done = self._news.wait_for(
                lambda: number in self._answers or self._is_over, timeout=patience
            )
            assert done and number in self._answers, f"request {number} was not answered"
            return self._answers.pop(number)

    def request(self, method: str, params: Any = None) -> Any:
        """Send a request, and wait for the result.

        Raises:
            ResponseError: the server answers with an error.
        """
        answer = self.answer(self.ask(method, params))
        if "error" in answer:
            raise ResponseError(answer["error"])
        return answer["result"]

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def wait_for(self, method: str, condition: Any = lambda params: True) -> Any:
        """The parameters of the first notification or request that was not waited for yet."""

        def found() -> Message | None:
            for messages in (self.notifications, self.requests):
                for message in messages:
                    if message["method"] == method and condition(message.get("params")):
                        messages.remove(message)
                        return message
            return None

        end = time.monotonic() + PATIENCE
        with self._news:
            while (message := found()) is None:
                left = end - time.monotonic()
                assert left > 0 and not self._is_over, f"no {method} came"
                self._news.wait(left)
        return message.get("params")

    # Documents

    def initialize(self, *folders: Path, capabilities: Message, **more: Any) -> Message:
        """Initialize the session; returns the server's capabilities."""
        result: Message = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folders[0].as_uri() if folders else None,
                "workspaceFolders": [
                    {"uri": folder.as_uri(), "name": folder.name} for folder in folders
                ],
                "capabilities": capabilities,
                **more,
            },
        )
        self.notify("initialized", {})
        return result

    def open(self, uri: str, text: str = FAULTY, language: str = "python") -> None:
        """Open a text."""
        self._versions[uri] = 1
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, *changes: str | Message) -> int:
        """Change a text, as a whole or in parts; returns its version."""
        self._versions[uri] += 1
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": self._versions[uri]},
                "contentChanges": [
                    {"text": change} if isinstance(change, str) else change for change in changes
                ],
            },
        )
        return self._versions[uri]

    def close(self, uri: str) -> None:
        """Close a text."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def published(self, uri: str, version: int | None = None) -> list[Message]:
        """The next pushed diagnostics of a text, or of a version of it."""
        params = self.wait_for(
            "textDocument/publishDiagnostics",
            lambda params: (
                params["uri"] == uri and (version is None or params.get("version") == version)
            ),
        )
        found: list[Message] = params["diagnostics"]
        return found

    def pull(self, uri: str, previous: str | None = None) -> Message:
        """The report on a text."""
        params = {"textDocument": {"uri": uri}, "previousResultId": previous}
        report: Message = self.request("textDocument/diagnostic", params)
        return report

    def command(self, name: str, *arguments: Any) -> Any:
        """Run one of the server's commands."""
        params = {"command": f"estimator-lint.{name}", "arguments": list(arguments)}
        return self.request("workspace/executeCommand", params)

    def messages(self) -> list[str]:
        """The messages shown to the user."""
        with self._news:
            return [
                message["params"]["message"]
                for message in self.notifications
                if message["method"] == "window/showMessage"
            ]

    def end(self) -> None:
        """Shut down; nothing may be left unanswered."""
        self.request("shutdown")
        self.notify("exit")
        self._thread.join(PATIENCE)
        assert self._is_over
        assert not self._asked, "requests were left unanswered"


@contextlib.contextmanager
def running(
    *folders: Path,
    capabilities: Message = PUSHED,
    settings: dict[str, Any] | None = None,
    arguments: Sequence[str] = (),
    **more: Any,
) -> Iterator[RawClient]:
    """A client with a server of its own, which must end properly."""
    command = [sys.executable, "-m", "estimator_lint", "server", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            client = RawClient(process.stdout, process.stdin, settings)
            client.initialize(*folders, capabilities=capabilities, **more)
            yield client
            client.end()
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


def place(line: int, character: int) -> Message:
    """A position."""
    return {"line": line, "character": character}


def span(first: int, start: int, last: int, end: int) -> Message:
    """A range."""
    return {"start": place(first, start), "end": place(last, end)}


EVERYTHING = span(0, 0, 100_000, 0)


def codes(diagnostics: Sequence[Message]) -> list[str]:
    """The codes of diagnostics, without those that only dim."""
    return [item["code"] for item in diagnostics if "code" in item]
