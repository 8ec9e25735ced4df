"""A place in a file, or in a cell of a notebook, as it is written on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from estimator_lint.configuration.failures import ConfigurationError

_PLACE: Final = re.compile(
    r"(?P<path>.+?):(?:cell (?P<cell>[0-9]+):)?(?P<line>[0-9]+)(?::(?P<column>[0-9]+))?", re.DOTALL
)


@dataclass(frozen=True)
class Place:
    """The place on the command line.

    Attributes:
        path: of the file; ``-`` is standard input.
        cell: the number of a notebook's cell, from 1 on.
        line: 1-based, in the cell if there is one.
        column: 0-based, in code points; None if it was not given.
    """

    path: str
    cell: int | None
    line: int
    column: int | None


def parse_place(place: str) -> Place:
    """``FILE:LINE``, ``FILE:LINE:COLUMN`` or ``FILE:cell N:LINE:COLUMN``, taken apart.

    Raises:
        ConfigurationError: it is none of these.
    """
    match = _PLACE.fullmatch(place)
    # Numbers of many digits are of no file, and Python refuses to read them.
    if match is None or max(map(len, filter(None, match.group("cell", "line", "column")))) > 9:
        raise ConfigurationError(f"{place!r} is not of the form FILE:LINE[:COLUMN]")
    cell, line, column = (
        None if number is None else int(number) for number in match.group("cell", "line", "column")
    )
    if not line or column == 0 or cell == 0:
        raise ConfigurationError(f"{place!r}: lines and columns are counted from 1")
    return Place(match["path"], cell, line, None if column is None else column - 1)
