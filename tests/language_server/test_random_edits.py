"""Random edits: the server has the client's text, and no finding is for an older version."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import pytest

from estimator_lint.language_server.documents import Documents
from estimator_lint.language_server.positions import PositionEncoding
from estimator_lint.library import CannotCheckError, check_text
from tests.command_line.program import CLEAN, FAULTY
from tests.language_server.raw_client import Message, RawClient, span

LETTERS = [*"aé漢😀\n\r\x0c\u2028\x85 \ud800", "\r\n", "    "]
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@dataclass
class Position:
    line: int
    character: int


@dataclass
class Range:
    start: Position
    end: Position


def position_in(text: str, offset: int, encoding: str) -> Position:
    """The position of an offset, as the client counts."""
    codec, width = CODECS[encoding]
    before = text[:offset]
    if before.endswith("\r") and text[offset : offset + 1] == "\n":
        before = before[:-1]  # within a line's end is its line's end
    unified = before.replace("\r\n", "\n").replace("\r", "\n")
    line = unified.count("\n")
    rest = unified.rpartition("\n")[2]
    return Position(line, len(rest.encode(codec, "surrogatepass")) // width)


def settled(text: str, offset: int) -> int:
    """The offset that a client means by that position."""
    inside = text[offset - 1 : offset] == "\r" and text[offset : offset + 1] == "\n"
    return offset - 1 if inside else offset


@pytest.mark.parametrize("encoding", list(CODECS))
def test_ten_thousand_edits(encoding: str) -> None:
    chance = random.Random(encoding)
    documents = Documents()
    documents.encoding = PositionEncoding(encoding)
    documents.open("file:///model.py", 1, FAULTY)
    text = FAULTY
    for version in range(2, 10_002):
        start, end = sorted(chance.randrange(len(text) + 1) for _ in "12")
        end = min(end, start + chance.randrange(6))
        start, end = settled(text, start), settled(text, end)
        new = "".join(chance.choices(LETTERS, k=chance.randrange(4)))
        place = Range(position_in(text, start, encoding), position_in(text, end, encoding))
        text = text[:start] + new + text[end:]
        documents.change("file:///model.py", version, [(place, new)])
        if version % 100 == 0 or len(text) > 3000:
            document = documents.get("file:///model.py")
            assert document is not None
            assert document.text == text
            assert document.version == version
        if len(text) > 3000:
            text = text[:500]
            documents.change("file:///model.py", version, [(None, text)])


def lines_found(text: str) -> list[tuple[int, str]]:
    try:
        return [(finding.line - 1, finding.code) for finding in check_text(text)]
    except CannotCheckError:
        return []


@pytest.mark.parametrize("seed", range(3))
def test_what_is_told_is_of_the_version_that_it_is_told_for(
    seed: int, client: RawClient, uri: str
) -> None:
    chance = random.Random(seed)
    texts = {1: FAULTY}
    client.open(uri)
    text = FAULTY
    for _ in range(40):
        changes: list[str | Message] = []
        for _ in range(chance.randrange(1, 3)):
            kind = chance.randrange(4)
            if kind == 0:
                text = chance.choice([FAULTY, CLEAN])
                changes.append(text)
            elif kind == 1:
                changes.append({"range": span(0, 0, 0, 0), "text": "# 😀\n"})
                text = "# 😀\n" + text
            else:
                start = position_in(text, chance.randrange(len(text)), "utf-16")
                line, column = start.line, start.character
                changes.append({"range": span(line, column, line, column), "text": "\n"})
                lines = text.split("\n")
                half = lines[line].encode("utf-16-le")
                lines[line] = "\n".join(
                    part.decode("utf-16-le") for part in (half[: 2 * column], half[2 * column :])
                )
                text = "\n".join(lines)
        texts[client.change(uri, *changes)] = text
        if chance.random() < 0.3:
            time.sleep(chance.random() * 0.1)
    last = max(texts)
    client.published(uri, last)
    client.command("status")
    told = [
        (message["params"]["version"], message["params"]["diagnostics"])
        for message in client.notifications
        if message["params"].get("uri") == uri
    ]
    assert [version for version, _ in told] == sorted(version for version, _ in told)
    assert last not in [version for version, _ in told], "told twice"
    for version, diagnostics in told:
        found = [(item["range"]["start"]["line"], item["code"]) for item in diagnostics]
        assert found == lines_found(texts[version])
    client.close(uri)
