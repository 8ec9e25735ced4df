"""The memory of a server while a text is edited again and again."""

from __future__ import annotations

import random
from pathlib import Path

from tests.command_line.program import FAULTY
from tests.language_server.raw_client import EVERYTHING, PUSHED, RawClient, place, running

#: Edits after which all one-time allocations are done.
WARM = 500

#: The number of edits of which only the last one is awaited; the others are superseded.
AT_ONCE = 100

_FUNCTION = FAULTY.split("\n\n\n")[1]
_TEXT = FAULTY + "".join(
    f"\n\n{_FUNCTION.replace('model_fn', f'model_fn_{number}')}" for number in range(3)
)


def megabytes_gained(folder: Path, edits: int) -> float:
    """The growth of the memory of both processes after the first edits, in megabytes."""
    chance = random.Random(edits)
    uri = (folder / "model.py").as_uri()
    with running(folder, capabilities=PUSHED) as client:
        client.open(uri, _TEXT)
        _edit(client, uri, chance, WARM)
        before = _megabytes(client)
        _edit(client, uri, chance, edits)
        return _megabytes(client) - before


def _edit(client: RawClient, uri: str, chance: random.Random, count: int) -> None:
    for number in range(count):
        lines = _TEXT.split("\n")
        for _ in range(chance.randint(1, 3)):
            line = chance.randrange(len(lines))
            indentation = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
            lines.insert(line, f"{indentation}value_{number} = {number}")
        version = client.change(uri, "\n".join(lines))
        if number % AT_ONCE == AT_ONCE - 1:
            client.published(uri, version)
            _ask(client, uri)
            client.notifications.clear()
            client._taken = 0


def _ask(client: RawClient, uri: str) -> None:
    about = {"textDocument": {"uri": uri}}
    client.request("textDocument/hover", {**about, "position": place(4, 9)})
    params = {**about, "range": EVERYTHING, "context": {"diagnostics": []}}
    client.request("textDocument/codeAction", params)


def _megabytes(client: RawClient) -> float:
    worker = client.command("status")["worker"]
    status = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    server = status[1]
    pages = sum(
        int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in (worker, server)
    )
    return pages * 4096 / 2**20
