"""Changing the source of cells without changing anything else in the notebook's file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from estimator_lint.notebooks.document import SourceString, source_strings

_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")


def with_sources(text: str, sources: Mapping[int, str]) -> str:
    """The text of a notebook's file with other sources for some of its code cells.

    Args:
        text: the text of the file, without a byte order mark.
        sources: the new sources, by the number of the cell among all cells, from 1 on.

    Raises:
        NotebookError: the text is no notebook of Python code.
    """
    strings = source_strings(text)
    for number in sorted(sources, reverse=True):  # offsets before the change stay valid
        old = strings[number]
        if old:
            start, end = old[0].start, old[-1].end
            text = text[:start] + _written(text, old, sources[number]) + text[end:]
    return text


def _written(text: str, old: Sequence[SourceString], source: str) -> str:
    """The new source of the strings of a cell; unchanged strings stay as they are written."""
    if len(old) == 1 and not _is_in_list(text, old[0]):
        return _dumped(text, source)
    new = _LINE.findall(source)
    before = _shared(old, new)
    behind = _shared(old[before:][::-1], new[before:][::-1])
    parts = [_dumped(text, line) for line in new[before : len(new) - behind]]
    if before:
        parts.insert(0, text[old[0].start : old[before - 1].end])
    if behind:
        parts.append(text[old[-behind].start : old[-1].end])
    return _separator(text, old).join(parts) or '""'


def _shared(old: Sequence[SourceString], new: Sequence[str]) -> int:
    """The length of the common prefix of two lists of strings."""
    count = 0
    while count < min(len(old), len(new)) and old[count].text == new[count]:
        count += 1
    return count


def _is_in_list(text: str, string: SourceString) -> bool:
    return text[: string.start].rstrip().endswith("[")


def _separator(text: str, strings: Sequence[SourceString]) -> str:
    """The text between two strings of a list."""
    if len(strings) > 1:
        return text[strings[0].end : strings[1].start]
    before = text[: strings[0].start]
    return "," + (before[len(before.rstrip()) :] or " ")


def _dumped(text: str, string: str) -> str:
    """A string in the file's JSON style: escaped to ASCII if the whole file is ASCII."""
    return json.dumps(string, ensure_ascii=text.isascii())
