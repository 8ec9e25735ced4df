"""Writing to standard output, whatever there is to write and whoever reads it."""

from __future__ import annotations

import os
import sys


def write(text: str) -> None:
    """Write ``text`` in UTF-8, as flake8 does, with each name of a file as it is."""
    data = text.encode("utf-8", "surrogateescape")
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:  # something that someone put in its place
        sys.stdout.write(text)
        return
    binary.write(data)
    binary.flush()


def nobody_reads() -> None:
    """Make an end of writing to a pipe that was closed on the other side."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
