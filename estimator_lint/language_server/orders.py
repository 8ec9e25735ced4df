"""What the server asks the evaluating process for, and how that goes over a pipe."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import Final

#: The files from which a configuration may come; the same as ``read_configuration`` looks for.
CONFIGURATION_FILES: Final = ("setup.cfg", "tox.ini", ".flake8", "pyproject.toml")

#: Stands for whether an order went well, as long as it was only begun.
BEGUN: Final = None

#: Before each message: its length.
LENGTH: Final = struct.Struct("!Q")


@dataclass(frozen=True)
class Surroundings:
    """Where a file is checked, and how.

    Attributes:
        root: the folder in which the command line would be run.
        options: what the client sets, as options of flake8's command line.
        config: the one file of configuration to read; empty: those that are found.
    """

    root: str
    options: tuple[str, ...] = ()
    config: str = ""


@dataclass(frozen=True)
class Source:
    """What is to be evaluated.

    Attributes:
        path: its path, or ``<…>``.
        text: that of a file; None: what is on the disk.
        cells: of an open notebook the texts of the code cells with their numbers.
    """

    path: str
    text: str | None = None
    cells: tuple[tuple[int, str], ...] | None = None


def packed(message: object) -> bytes:
    """A message for the pipe.  Both of its ends are this program."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data
