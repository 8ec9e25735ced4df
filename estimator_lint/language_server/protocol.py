"""pygls' protocol, but every request is answered and the texts are our own.

pygls does not answer requests that it can't parse, or that arrive before ``initialize`` or after
``shutdown``; it splits texts into lines where Python does not; and it keeps a future of each
notification forever.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method

_INVALID_REQUEST: Final = types.ErrorCodes.InvalidRequest
_METHOD_NOT_FOUND: Final = types.ErrorCodes.MethodNotFound
_NOT_INITIALIZED: Final = types.ErrorCodes.ServerNotInitialized

_Handled = Generator[Any, Any, None]


class AnsweringProtocol(LanguageServerProtocol):
    """The protocol of one connection."""

    #: Whether the client asked for a shutdown.
    was_shut_down: bool = False
    _is_initialized = False

    def structure_message(self, data: Any) -> Any:
        """Return it unchanged: pygls calls this for every JSON object, nested ones included."""
        return data

    def handle_message(self, message: Any) -> None:
        """Handle a message, and answer it if it is a request."""
        if not isinstance(message, dict):
            self._refuse(None, _INVALID_REQUEST, "a message must be an object")
            return
        method, number = message.get("method"), message.get("id")
        is_request = "method" in message and "id" in message
        if is_request and not (isinstance(number, int | str) and not isinstance(number, bool)):
            self._refuse(None, _INVALID_REQUEST, "an id must be a string or a number")
            return
        if message.get("jsonrpc") != self.VERSION or not isinstance(method, str | None):
            if number is not None:
                self._refuse(number, _INVALID_REQUEST, "this is not JSON-RPC 2.0")
            return
        if method is not None and not self._is_welcome(method, number):
            return
        if is_request and self._is_unknown(str(method)):
            self._refuse(number, _METHOD_NOT_FOUND, f"unknown method {method!r}")
            return
        try:
            structured = super().structure_message(message)
        except JsonRpcException as error:
            if is_request:
                self._refuse(number, error.code, f"{method}: the parameters cannot be read")
            return
        if method == types.INITIALIZE:
            self._is_initialized = True
        super().handle_message(structured)
        self._forget_done()

    def _forget_done(self) -> None:
        futures = self._request_futures
        for number in [number for number, future in futures.items() if future.done()]:
            del futures[number]

    def _is_welcome(self, method: str, number: Any) -> bool:
        """Whether a message is allowed now; a request that is not gets an error."""
        if method == types.EXIT:
            return True
        if self.was_shut_down:
            code, reason = _INVALID_REQUEST, "the server is shutting down"
        elif not self._is_initialized and method != types.INITIALIZE:
            code, reason = _NOT_INITIALIZED, "the server is not initialized"
        elif self._is_initialized and method == types.INITIALIZE:
            code, reason = _INVALID_REQUEST, "the server is initialized already"
        else:
            return True
        if number is not None:
            self._refuse(number, code, reason)
        return False

    def _is_unknown(self, method: str) -> bool:
        return method not in self.fm.features and method not in self.fm.builtin_features

    def _refuse(self, number: Any, code: int, reason: str) -> None:
        self._send_response(number, error=types.ResponseError(int(code), reason))

    def _run_generator(self, future: Any, *, gen: _Handled, result_future: Any) -> None:
        """As in pygls, which takes a handler that is cancelled at the end for an error."""
        if future is not None and future.cancelled():
            gen.close()
            result_future.cancel()
            return
        super()._run_generator(future, gen=gen, result_future=result_future)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> _Handled:
        """Stop all work, and refuse further requests."""
        self.was_shut_down = True
        return (yield from super().lsp_shutdown(*args))

    # The texts are in ``documents``; pygls keeps none.

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: Any) -> _Handled:
        """A text was opened."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: Any) -> _Handled:
        """A text changed."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: Any) -> _Handled:
        """A text was closed."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def lsp_notebook_document__did_open(self, params: Any) -> _Handled:
        """A notebook was opened."""
        yield self.fm.features[types.NOTEBOOK_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def lsp_notebook_document__did_change(self, params: Any) -> _Handled:
        """A notebook changed."""
        yield self.fm.features[types.NOTEBOOK_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def lsp_notebook_document__did_close(self, params: Any) -> _Handled:
        """A notebook was closed."""
        yield self.fm.features[types.NOTEBOOK_DOCUMENT_DID_CLOSE], (params,), None
