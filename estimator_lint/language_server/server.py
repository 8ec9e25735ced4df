"""The server: all features combined, over standard input and output or TCP."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

from estimator_lint import __version__
from estimator_lint.language_server import sync
from estimator_lint.language_server.actions import Actions
from estimator_lint.language_server.client_process import end_of, watched
from estimator_lint.language_server.diagnostics import Diagnostics
from estimator_lint.language_server.hovers import Hovers
from estimator_lint.language_server.mode_features import ModeFeatures
from estimator_lint.language_server.protocol import AnsweringProtocol
from estimator_lint.language_server.proved_repairs import ProvedRepairs
from estimator_lint.language_server.registration import handle, offer
from estimator_lint.language_server.session import Session
from estimator_lint.language_server.workspace_diagnostics import WorkspaceDiagnostics

NAME: Final = "estimator-lint"
STATUS: Final = "estimator-lint.status"

_PYTHON_CELLS: Final = [types.NotebookCellLanguage("python")]


class Server:
    """All features, for one connection. It is created while the event loop runs.

    Args:
        ends_with_client: the process ends when that of the client does.
    """

    def __init__(self, *, ends_with_client: bool = False) -> None:
        self._ends_with_client = ends_with_client
        self._end: asyncio.Task[None] | None = None
        notebooks = types.NotebookDocumentSyncOptions(
            [types.NotebookDocumentFilterWithCells(_PYTHON_CELLS)], save=True
        )
        self.language_server = LanguageServer(
            NAME,
            __version__,
            notebook_document_sync=notebooks,
            protocol_cls=AnsweringProtocol,
            converter_factory=get_converter,
        )
        self.session = Session(self.language_server)
        repairs = ProvedRepairs(self.session)
        self.diagnostics = Diagnostics(self.session, repairs)
        self.modes = ModeFeatures(self.session, self.diagnostics)
        sync.register(self.language_server, self.session)
        self.diagnostics.register(self.language_server)
        self.modes.register(self.language_server)
        WorkspaceDiagnostics(self.session).register(self.language_server)
        Hovers(self.session).register(self.language_server)
        Actions(self.session, repairs, self.modes).register(self.language_server)
        handle(self.language_server, types.INITIALIZE, self._initialize)
        handle(self.language_server, types.SHUTDOWN, self._shutdown)
        offer(self.language_server, STATUS, self._status)

    async def serve(self, reader: Any, writer: Any) -> None:
        """Handle messages until the client disconnects."""
        protocol = self.language_server.protocol
        protocol.set_writer(writer)
        # Errors are reported to the client.
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
        try:
            await run_async(
                threading.Event(),
                reader,
                protocol,
                error_handler=self.language_server.report_server_error,
            )
        except (asyncio.IncompleteReadError, ConnectionError, BrokenPipeError):
            pass  # it disconnected in the middle of a message
        finally:
            self._shutdown()

    @property
    def ended_well(self) -> bool:
        """Whether the client announced the end (``shutdown``)."""
        protocol = self.language_server.protocol
        return isinstance(protocol, AnsweringProtocol) and protocol.was_shut_down

    def _initialize(self, params: types.InitializeParams) -> None:
        self.session.begin(params)
        lives = watched(params.process_id) if self._ends_with_client else None
        if lives is not None:
            self._end = asyncio.ensure_future(self._end_with(lives))

    async def _end_with(self, lives: Callable[[], bool]) -> None:
        await end_of(lives)
        self._shutdown()
        os._exit(0 if self.ended_well else 1)  # a thread may still wait for standard input

    def _shutdown(self, *params: object) -> None:
        self.session.evaluations.jobs.stop()
        self.modes.close()

    def _status(self, *arguments: Any) -> dict[str, Any]:
        return self.session.status()


def serve() -> bool:
    """Serve over standard input and output; whether the client announced the end.

    Over TCP, the connection ends with the client, which may be on another machine.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the program prints must not get among the messages

    async def over_pipes(server: list[Server]) -> None:
        server.append(Server(ends_with_client=True))
        with ThreadPoolExecutor(1) as pool:
            reader = StdinAsyncReader(sys.stdin.buffer, pool)
            await server[0].serve(reader, StdoutWriter(answers))

    return _run(over_pipes)


def serve_tcp(host: str, port: int) -> bool:
    """Serve the first client that connects; whether it announced the end.

    Raises:
        OSError: the server can't listen at that address.
    """

    async def over_tcp(server: list[Server]) -> None:
        done = asyncio.Event()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if server:
                writer.close()
                return
            server.append(Server())
            try:
                await server[0].serve(reader, writer)
            except SystemExit:  # of pygls, at the client's wish
                writer.close()
            finally:
                done.set()

        listening = await asyncio.start_server(connected, host, port)
        address = listening.sockets[0].getsockname()
        print(f"listening on {address[0]}:{address[1]}", file=sys.stderr, flush=True)
        async with listening:
            await done.wait()

    return _run(over_tcp)


def _run(main: Callable[[list[Server]], Coroutine[Any, Any, None]]) -> bool:
    server: list[Server] = []
    with contextlib.suppress(SystemExit):  # of pygls, at the client's wish
        asyncio.run(main(server))
    return bool(server) and server[0].ended_well
