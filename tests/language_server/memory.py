"""How much memory a server takes while a text is edited again and again."""

from __future__ import annotations

import random
from pathlib import Path

from tests.command_line.program import FAULTY
from tests.language_server.raw_client import PUSHED, RawClient, running

#: Edits after which everything that is kept once is there.
WARM = 500

#: Of so many edits the last one is waited for; the others are superseded.
AT_ONCE = 50

_FUNCTION = FAULTY.split("\n\n\n")[1]
_TEXT = FAULTY + "".join(
    f"\n\n{_FUNCTION.replace('model_fn', f'model_fn_{number}')}" for number in range(3)
)


def megabytes_gained(folder: Path, edits: int) -> float:
    """What the evaluating process holds more after so many edits than after the first ones."""
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
            client.notifications.clear()
            client._taken = 0


def _megabytes(client: RawClient) -> float:
    process = client.command("status")["worker"]
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096 / 2**20
