"""Orders from the server to the evaluating process, and their encoding for the pipe."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import Final

#: The configuration files that ``read_configuration`` looks for.
CONFIGURATION_FILES: Final = ("setup.cfg", "tox.ini", ".flake8", "pyproject.toml")

#: Sent in place of "went well" when an order is begun.
BEGUN: Final = None

#: Sent in place of the reason when an order is stopped.
STOPPED: Final = None

#: The header of each message: its length.
LENGTH: Final = struct.Struct("!Q")


@dataclass(frozen=True)
class Surroundings:
    """Where a file is checked, and how.

    Attributes:
        root: the folder in which the command line would be run.
        options: the client's settings, as options of flake8's command line.
        config: the only configuration file to read; empty: those that are found.
    """

    root: str
    options: tuple[str, ...] = ()
    config: str = ""


@dataclass(frozen=True)
class Source:
    """A text to evaluate.

    Attributes:
        path: its path, or ``<…>``.
        text: the text of a file; None: the one on the disk.
        cells: for an open notebook, the texts of the code cells with their numbers.
    """

    path: str
    text: str | None = None
    cells: tuple[tuple[int, str], ...] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the editor has it open."""
        return self.text is not None or self.cells is not None


def packed(message: object) -> bytes:
    """A message for the pipe, pickled: both ends are this program."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data
