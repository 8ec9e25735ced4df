"""Writing to the standard streams, whatever there is to write and whoever reads it."""

from __future__ import annotations

import os
import sys

from estimator_lint.printable import printable


def write(text: str) -> None:
    """Write ``text`` to standard output in UTF-8, as flake8 does."""
    data = text.encode("utf-8", "backslashreplace")
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:  # something that someone put in its place
        sys.stdout.write(text)
        return
    binary.write(data)
    binary.flush()


def tell(line: str) -> None:
    """Write one line to standard error, in characters that it has."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    shown = printable(line).encode(encoding, "backslashreplace").decode(encoding)
    print(shown, file=sys.stderr)


def nobody_reads() -> None:
    """Make an end of writing to a pipe that was closed on the other side."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
