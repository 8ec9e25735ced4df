"""Many causes of a request to ask again make one request."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from estimator_lint.language_server import refreshes
from estimator_lint.language_server.refreshes import Refreshes
from tests.command_line.program import write
from tests.language_server.raw_client import PULLED, codes, running
from tests.language_server.test_workspace import BAD_HELPER, GOOD_HELPER, USER, told

_FILES = 5


def test_files_that_change_in_a_row_cause_one_request_of_each_kind(tmp_path: Path) -> None:
    helper = write(tmp_path / "helper.py", GOOD_HELPER)
    users = [write(tmp_path / f"user{number}.py", USER) for number in range(_FILES)]
    with running(tmp_path, capabilities=PULLED) as client:
        client.command("chooseMode", "EVAL")
        for user in users:
            client.open(user.as_uri(), USER)
            assert codes(client.pull(user.as_uri())["items"]) == []
        client.wait_for("workspace/inlayHint/refresh")
        client.requests.clear()
        write(helper, BAD_HELPER)
        for _ in range(10):
            told(client, helper)
        for user in users:
            assert codes(client.pull(user.as_uri())["items"]) == ["MFN103"]
        client.wait_for("workspace/diagnostic/refresh")
        time.sleep(refreshes._LONGEST)
        asked = [request["method"] for request in client.requests]
        assert sorted(asked) == ["workspace/codeLens/refresh", "workspace/inlayHint/refresh"]


def test_requests_do_not_wait_forever_for_evaluations() -> None:
    sent: list[str] = []

    async def ask() -> None:
        asking = Refreshes(lambda: True)
        asking.soon("lenses", lambda: sent.append("lenses"))
        asking.soon("hints", lambda: sent.append("hints"))
        asking.soon("lenses", lambda: sent.append("lenses again"))
        await asyncio.sleep(refreshes._LONGEST / 2)
        assert sent == []
        await asyncio.sleep(refreshes._LONGEST)
        assert sent == ["lenses again", "hints"]
        asking.soon("hints", lambda: sent.append("hints"))
        await asyncio.sleep(1.5 * refreshes._LONGEST)

    asyncio.run(ask())
    assert sent == ["lenses again", "hints", "hints"]
