"""The code cells of a notebook's file, with the file's line for each of their lines."""

from __future__ import annotations

import json
import json.scanner
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

_NBFORMAT = 4


class NotebookError(Exception):
    """A file can't be read as a notebook with Python code; the text says why.

    Attributes:
        line, column: the place in the file, 1-based, if there is one.
        is_failure: the user should know that it was not checked.
    """

    def __init__(
        self,
        text: str,
        line: int | None = None,
        column: int | None = None,
        *,
        is_failure: bool = True,
    ) -> None:
        super().__init__(text)
        self.line = line
        self.column = column
        self.is_failure = is_failure


@dataclass(frozen=True)
class CodeCell:
    """A code cell.

    Attributes:
        number: its position among all cells, from 1 on.
        lines: its source, without line ends.
        raw_lines: for each of these, the line of the file, from 1 on.
    """

    number: int
    lines: tuple[str, ...]
    raw_lines: tuple[int, ...]


def code_cells(data: bytes) -> list[CodeCell]:
    """The code cells of a notebook's file.

    Raises:
        NotebookError: it is not a notebook with Python code.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotebookError(f"not a notebook: not UTF-8 ({error.reason})") from error
    ends = [index for index, letter in enumerate(text) if letter == "\n"]
    return [
        _code_cell(number, cell, ends)
        for number, cell in enumerate(_cells(_parsed(text)), start=1)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


@dataclass(frozen=True)
class SourceString:
    """A JSON string in the file with the source of a cell, or a part of it.

    Attributes:
        text: its value.
        start, end: its offsets in the text of the file, quotes included.
    """

    text: str
    start: int
    end: int


def source_strings(text: str) -> dict[int, list[SourceString]]:
    """For each code cell, by its number among all cells, the strings that make up its source.

    Raises:
        NotebookError: the text is not a notebook with Python code.
    """
    return {
        number: [
            SourceString(str(string), string.offset - 1, string.end)
            for string in _strings(cell)
            if isinstance(string, _Located)
        ]
        for number, cell in enumerate(_cells(_parsed(text)), start=1)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    }


class _Located(str):
    """A string that knows its offsets in the file, quotes included."""

    offset = 0
    end = 0


class _LocatingDecoder(json.JSONDecoder):
    """A decoder whose strings are ``_Located``."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_string = _located
        # The C scanner does not call a custom string parser, so use the Python one.
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]


def _located(text: str, start: int, strict: bool = True) -> tuple[str, int]:
    value, end = scanstring(text, start, strict)
    located = _Located(value)
    located.offset = start
    located.end = end
    return located, end


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        content = _LocatingDecoder().decode(text)
    except json.JSONDecodeError as error:
        reason = f"not a notebook: broken JSON ({error.msg})"
        raise NotebookError(reason, error.lineno, error.colno) from error
    except RecursionError as error:
        raise NotebookError("not a notebook: nested too deeply") from error
    except ValueError as error:  # a number with too many digits
        raise NotebookError(f"not a notebook: broken JSON ({error})") from error
    if not isinstance(content, dict):
        raise NotebookError("not a notebook: no JSON object")
    return content


def _cells(content: Mapping[str, Any]) -> list[Any]:
    version = content.get("nbformat")
    if isinstance(version, int) and version < _NBFORMAT:
        raise NotebookError(
            f"notebook of nbformat {version}; "
            "'jupyter nbconvert --to notebook' converts it to nbformat 4"
        )
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise NotebookError("not a notebook: no list of cells")
    language = _language(content.get("metadata"))
    if language is not None and not language.lower().startswith(("python", "ipython")):
        raise NotebookError(f"its kernel runs {language}, not Python", is_failure=False)
    return cells


def _language(metadata: object) -> str | None:
    """The language of the kernel, if the notebook names it."""
    if not isinstance(metadata, dict):
        return None
    for part, name in (("kernelspec", "language"), ("language_info", "name")):
        language = metadata.get(part)
        language = language.get(name) if isinstance(language, dict) else None
        if isinstance(language, str) and language:
            return language
    return None


def _strings(cell: Mapping[str, Any]) -> list[Any]:
    """The strings of a cell's source: one or several."""
    source = cell.get("source")
    return source if isinstance(source, list) else [source]


def _code_cell(number: int, cell: Mapping[str, Any], ends: list[int]) -> CodeCell:
    lines, raw_lines = [""], [0]
    for string in _strings(cell):
        if not isinstance(string, _Located):
            continue
        raw = bisect_left(ends, string.offset) + 1
        if not lines[-1]:
            raw_lines[-1] = raw
        first, *others = string.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines[-1] += first
        lines += others
        raw_lines += [raw] * len(others)
    return CodeCell(number, tuple(lines), tuple(raw_lines))
