"""The evaluating process: killed, too slow, superseded."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import cast

import pytest

from estimator_lint.language_server.jobs import Jobs, Urgency
from estimator_lint.language_server.worker import Worker, WorkerDiedError, WorkerGoneError
from tests.command_line.program import CLEAN, FAULTY
from tests.language_server.raw_client import (
    PATIENCE,
    PULLED,
    PUSHED,
    RawClient,
    codes,
    running,
    span,
)

_FUNCTION = FAULTY.split("\n\n\n")[1]

#: Takes a few seconds.
SLOW = "import tensorflow as tf\n" + "".join(
    f"\n\n{_FUNCTION.replace('model_fn', f'model_fn_{number}')}" for number in range(600)
)

needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def worker(client: RawClient) -> int:
    number = client.command("status")["worker"]
    assert isinstance(number, int)
    return number


def wait_until_busy(client: RawClient) -> None:
    ends = time.monotonic() + PATIENCE
    while not client.command("status")["evaluating"]:
        assert time.monotonic() < ends, "it does not begin, or was done before anyone looked"
        time.sleep(0.01)


@needs_kill
def test_a_worker_that_is_killed_is_begun_anew(client: RawClient, uri: str) -> None:
    client.open(uri)
    client.published(uri)
    before = worker(client)
    os.kill(before, signal.SIGKILL)
    # Whether or not the server knows yet: the file was not the cause, and is checked.
    version = client.change(uri, f"{FAULTY}# changed\n")
    assert codes(client.published(uri, version)) == ["MFN103"]
    assert worker(client) != before
    client.close(uri)


@needs_kill
def test_killed_while_it_evaluates(client: RawClient, uri: str) -> None:
    """The file that killed it is not checked until it changes; others are."""
    other = uri.replace("model", "other")
    client.open(uri, SLOW)
    wait_until_busy(client)
    os.kill(worker(client), signal.SIGKILL)
    assert client.published(uri, 1) == []
    client.open(other)
    assert codes(client.published(other)) == ["MFN103"]
    shown = [text for text in client.messages() if Path(uri).name.replace("%20", " ") in text]
    assert len(shown) == 1
    assert "died" in shown[0]
    assert codes(client.published(uri, client.change(uri, FAULTY))) == ["MFN103"]
    client.close(uri)
    client.close(other)


@needs_kill
def test_killed_while_it_proves_a_fix(client: RawClient, uri: str) -> None:
    text = "\n\n".join([FAULTY, *SLOW.split("\n\n\n")[1:40]])
    client.open(uri, text)
    client.published(uri, 1)
    about = {"textDocument": {"uri": uri}, "context": {"diagnostics": []}}
    line = text[: text.index("EstimatorSpec")].count("\n")
    params = {**about, "range": span(line, 20, line, 20)}
    number = client.ask("textDocument/codeAction", params)
    wait_until_busy(client)
    os.kill(worker(client), signal.SIGKILL)
    titles = [action["title"] for action in client.answer(number)["result"]]
    assert titles == ["Silence MFN103 here (# noqa)", "Explain MFN103"]
    client.change(uri, FAULTY)
    found = client.request("textDocument/codeAction", params)
    assert len(found) == 3
    client.close(uri)


class _Unlucky:
    """A worker whose process has ended, the given number of times, when it gets an order."""

    def __init__(self, times: int) -> None:
        self.times_left = times

    async def begin(self) -> None:
        pass

    async def ask(self, seconds: float, method: str, *arguments: object) -> str:
        if self.times_left:
            self.times_left -= 1
            raise WorkerGoneError("it is gone")
        return method

    def kill(self) -> None:
        pass


@pytest.mark.parametrize(("times", "is_done"), [(0, True), (1, True), (3, True), (4, False)])
def test_an_order_that_was_not_begun_is_given_again(times: int, is_done: bool) -> None:
    async def outcome() -> object:
        jobs = Jobs(cast("Worker", _Unlucky(times)), lambda: None)
        jobs.start()
        try:
            return await jobs.submit("name", Urgency.ASKED, "evaluate")
        except WorkerDiedError as error:
            return error
        finally:
            jobs.stop()

    assert (asyncio.run(outcome()) == "evaluate") is is_done


def test_too_slow(tmp_path: Path) -> None:
    """It is stopped, reported once, and not retried until the text changes."""
    uri, other = (tmp_path / "slow.py").as_uri(), (tmp_path / "other.py").as_uri()
    given = {"seconds": 0.2}
    with running(tmp_path, capabilities=PUSHED, initializationOptions=given) as client:
        client.open(uri, SLOW)
        assert client.published(uri, 1) == []
        assert client.published(uri, client.change(uri, SLOW + "\n")) == []
        started = client.command("status")["workersStarted"]
        event = {"uri": (tmp_path / "setup.cfg").as_uri(), "type": 1}
        client.notify("workspace/didChangeWatchedFiles", {"changes": [event]})
        assert client.request("textDocument/codeLens", {"textDocument": {"uri": uri}}) == []
        assert client.command("status")["workersStarted"] <= started + 1
        assert [text for text in client.messages() if "0.2 s" in text] == [
            "estimator-lint: slow.py was not checked: it took longer than 0.2 s."
            " It will be checked again when it changes."
        ]
        client.notify(
            "workspace/didChangeConfiguration", {"settings": {"estimator-lint": {"seconds": 60}}}
        )
        client.open(other)
        assert codes(client.published(other)) == ["MFN103"]


def test_superseded_work_is_stopped(client: RawClient, uri: str) -> None:
    client.open(uri, SLOW)
    wait_until_busy(client)
    processes = client.command("status")["workersStarted"]
    started = time.monotonic()
    version = client.change(uri, CLEAN)
    assert client.published(uri, version) == []
    # Much less than the whole evaluation would have taken.
    assert time.monotonic() - started < 30
    # The process keeps running, and so it keeps its evaluations.
    assert client.command("status")["workersStarted"] == processes
    client.close(uri)


def test_of_many_changes_the_last_one_is_told(client: RawClient, uri: str) -> None:
    client.open(uri)
    version = 0
    for number in range(300):
        version = client.change(uri, FAULTY if number % 2 else CLEAN)
    assert codes(client.published(uri, version)) == ["MFN103"]
    told = [
        message["params"]["version"]
        for message in client.notifications
        if message["params"].get("uri") == uri
    ]
    assert told == sorted(told)
    assert len(told) < 150
    client.close(uri)


def test_a_storm_of_requests_that_are_cancelled(client: RawClient, uri: str) -> None:
    client.open(uri, SLOW)
    methods = ["textDocument/codeLens", "textDocument/diagnostic"] * 100
    numbers = [client.ask(method, {"textDocument": {"uri": uri}}) for method in methods]
    for number in numbers[::2]:
        client.notify("$/cancelRequest", {"id": number})
    client.notify("$/cancelRequest", {"id": 10**9})
    client.notify("$/cancelRequest", {"id": "unknown"})
    client.change(uri, FAULTY)
    answers = [client.answer(number) for number in numbers]
    assert all(answer["error"]["code"] == -32800 for answer in answers[::2])
    assert all("result" in answer for answer in answers[1::2])
    client.close(uri)


def test_what_is_asked_of_a_text_that_is_closed_is_answered(client: RawClient, uri: str) -> None:
    client.open(uri, SLOW)
    numbers = [client.ask("textDocument/codeLens", {"textDocument": {"uri": uri}}) for _ in "123"]
    client.close(uri)
    assert [client.answer(number)["result"] for number in numbers] == [[], [], []]


def test_shutdown_while_it_evaluates(tmp_path: Path) -> None:
    uri = (tmp_path / "slow.py").as_uri()
    with running(tmp_path, capabilities=PULLED, initializationOptions={"seconds": 600}) as client:
        client.open(uri, SLOW)
        number = client.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        wait_until_busy(client)
        client.request("shutdown")
        client.answer(number)
        client.end = lambda: client.notify("exit")  # type: ignore[method-assign]
