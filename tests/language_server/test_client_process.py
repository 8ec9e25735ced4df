"""The server ends with the process of its client, even while its standard input stays open."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from estimator_lint.language_server import client_process
from estimator_lint.language_server.client_process import watched
from tests.language_server.raw_client import PATIENCE, PUSHED, RawClient

_SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
_SERVER = [sys.executable, "-m", "estimator_lint", "server"]


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """A process that only waits."""
    with subprocess.Popen(_SLEEP) as process:
        yield process
        process.kill()


def test_the_server_ends_with_its_client(other: subprocess.Popen[bytes]) -> None:
    with subprocess.Popen(_SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            client = RawClient(server.stdout, server.stdin)
            client.initialize(capabilities=PUSHED, processId=other.pid)
            worker = client.command("status")["worker"]
            with pytest.raises(subprocess.TimeoutExpired):
                server.wait(2 * client_process._INTERVAL)
            other.kill()
            other.wait()
            assert server.wait(PATIENCE) == 1
            assert worker is None or watched(worker) is None
        finally:
            server.kill()


def test_a_process_that_cannot_be_seen_is_not_watched(other: subprocess.Popen[bytes]) -> None:
    lives = watched(other.pid)
    assert lives is not None and lives()
    other.kill()
    other.wait()
    assert not lives()
    assert watched(other.pid) is None
    for number in (None, 0, -1, 2**31 - 1, 2**63):
        assert watched(number) is None


def test_a_process_of_somebody_else_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(number: int, signal: int) -> None:
        assert signal == 0
        raise PermissionError

    monkeypatch.setattr(os, "kill", kill)
    lives = watched(1)
    assert lives is not None and lives()


class _Function:
    """A function of a Windows library."""

    def __init__(self, results: list[int | None]) -> None:
        self._results = results
        self.arguments: list[tuple[Any, ...]] = []

    def __call__(self, *arguments: Any) -> int | None:
        self.arguments.append(arguments)
        return self._results.pop(0)


def test_on_windows_a_process_is_opened_and_not_sent_signals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class _Kernel:
        OpenProcess = _Function([7, None])
        WaitForSingleObject = _Function([0x102, 0x102, 0])

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: _Kernel, raising=False)
    monkeypatch.delattr(os, "kill")
    lives = watched(4711)
    assert lives is not None
    assert [lives(), lives()] == [True, False]
    assert watched(4712) is None
    assert _Kernel.OpenProcess.arguments == [(0x100000, False, 4711), (0x100000, False, 4712)]
    assert _Kernel.WaitForSingleObject.arguments == [(7, 0)] * 3
