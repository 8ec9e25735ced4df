"""Registering methods with pygls, which accepts only plain functions."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer


def handle(
    server: LanguageServer, message: str, method: Callable[..., Any], options: Any = None
) -> None:
    """Register a method as the handler of a message."""
    server.feature(message, options)(_as_function(method))


def offer(server: LanguageServer, command: str, method: Callable[..., Any]) -> None:
    """Register a method as a command of the server."""
    server.command(command)(_as_function(method))


def _as_function(method: Callable[..., Any]) -> Callable[..., Any]:
    if asyncio.iscoroutinefunction(method):

        @functools.wraps(method)
        async def wait_for(*arguments: Any) -> Any:
            return await method(*arguments)

        return wait_for

    @functools.wraps(method)
    def call(*arguments: Any) -> Any:
        return method(*arguments)

    return call
