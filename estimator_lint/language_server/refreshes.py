"""Requests to the client to ask again, with many causes in a row taken together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

#: Seconds between a cause and the request, and between two looks at what is still to come.
_PAUSE: Final = 0.05

#: The most seconds between a cause and the request, even if there are further causes.
_LONGEST: Final = 1.0


@dataclass
class Refreshes:
    """The requests that are still to be sent.

    Attributes:
        more_expected: whether evaluations are on the way that may cause more of them.
    """

    more_expected: Callable[[], bool]
    _requests: dict[str, Callable[[], object]] = field(default_factory=dict)

    def soon(self, kind: str, request: Callable[[], object]) -> None:
        """Send a request soon, and only one of its kind."""
        if not self._requests:
            loop = asyncio.get_running_loop()
            loop.call_later(_PAUSE, self._send_unless_more, loop.time() + _LONGEST)
        self._requests[kind] = request

    def _send_unless_more(self, latest: float) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < latest and self.more_expected():
            loop.call_later(_PAUSE, self._send_unless_more, latest)
            return
        requests, self._requests = self._requests, {}
        for request in requests.values():
            request()
