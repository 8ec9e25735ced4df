"""The process of the client (``processId``): the server ends with it, as the protocol asks.

The end of standard input tells the same, unless another process still holds the other end.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from typing import Any, Final

#: Seconds between two looks at the process.
_INTERVAL: Final = 2.0

# From the Windows API.
_SYNCHRONIZE: Final = 0x00100000
_WAIT_TIMEOUT: Final = 0x102


async def end_of(lives: Callable[[], bool]) -> None:
    """Wait until a watched process has ended."""
    while lives():
        await asyncio.sleep(_INTERVAL)


def watched(number: int | None) -> Callable[[], bool] | None:
    """A function that says whether a process still runs; None if it can't be seen from here.

    The number of a client outside of the server's container, for example, means nothing here.
    """
    if number is None or number <= 0:
        return None
    lives = _watched_on_windows(number) if sys.platform == "win32" else _watched_elsewhere(number)
    return lives if lives is not None and lives() else None


def _watched_elsewhere(number: int) -> Callable[[], bool]:
    def lives() -> bool:
        try:
            os.kill(number, 0)
        except PermissionError:  # it belongs to somebody else
            return True
        except (ProcessLookupError, OverflowError):
            return False
        return True

    return lives


def _watched_on_windows(number: int) -> Callable[[], bool] | None:
    """As elsewhere; ``os.kill`` would end the process there.

    While a handle to it is open, no other process gets its number.
    """
    library: Any = getattr(ctypes, "WinDLL")("kernel32")  # noqa: B009 (only there on Windows)
    library.OpenProcess.restype = ctypes.c_void_p
    library.OpenProcess.argtypes = [ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32]
    library.WaitForSingleObject.restype = ctypes.c_uint32
    library.WaitForSingleObject.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    handle = library.OpenProcess(_SYNCHRONIZE, False, number)
    if not handle:
        return None
    return lambda: bool(library.WaitForSingleObject(handle, 0) == _WAIT_TIMEOUT)
