"""A language client that stands in for an editor."""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.tools.programs import surroundings

Diagnostic = dict[str, Any]
PATIENCE = 60.0


class LanguageClient:
    """A connection to a language server.

    Args:
        process: the server, with pipes for its standard input and output.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        from pylsp_jsonrpc.endpoint import Endpoint
        from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter

        self._published: queue.Queue[dict[str, Any]] = queue.Queue()
        receivers = {"textDocument/publishDiagnostics": self._published.put}
        self._endpoint = Endpoint(receivers, JsonRpcStreamWriter(process.stdin).write)
        reader = JsonRpcStreamReader(process.stdout)
        self._listener = threading.Thread(target=reader.listen, args=[self._endpoint.consume])
        self._listener.start()
        self._versions: dict[str, int] = {}

    def request(self, method: str, **parameters: Any) -> Any:
        """Send a request, and wait for the answer."""
        return self._endpoint.request(method, parameters or None).result(PATIENCE)

    def notify(self, method: str, **parameters: Any) -> None:
        """Send a notification."""
        self._endpoint.notify(method, parameters or None)

    def open(self, path: Path, text: str) -> None:
        """Open a buffer, regardless of the file's content."""
        self._versions[path.as_uri()] = 1
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=document)

    def change(self, path: Path, text: str) -> None:
        """Replace the text of the buffer."""
        uri = path.as_uri()
        self._versions[uri] += 1
        self.notify(
            "textDocument/didChange",
            textDocument={"uri": uri, "version": self._versions[uri]},
            contentChanges=[{"text": text}],
        )

    def diagnostics(self, path: Path) -> list[Diagnostic]:
        """The next diagnostics of this buffer."""
        until = time.monotonic() + PATIENCE
        while True:
            published = self._published.get(timeout=until - time.monotonic())
            if published["uri"] == path.as_uri():
                return list(published["diagnostics"])

    def close(self) -> None:
        """End the server."""
        self.request("shutdown")
        self.notify("exit")
        self._listener.join(PATIENCE)
        self._endpoint.shutdown()


@contextmanager
def language_server(
    command: Sequence[str], folder: Path, settings: dict[str, Any]
) -> Iterator[LanguageClient]:
    """A server that runs in ``folder`` with these settings."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env=surroundings({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            client = LanguageClient(process)
            client.request("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
            client.notify("initialized")
            client.notify("workspace/didChangeConfiguration", settings=settings)
            yield client
            client.close()
        finally:
            process.kill()
