"""Writing any text to the standard streams, regardless of what they are connected to."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, TextIO

from estimator_lint.configuration.failures import OutputError
from estimator_lint.printable import printable

if TYPE_CHECKING:
    from rich.console import Capture, Console, RenderableType


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is a terminal; it may be closed, or not be there."""
    return stream is not None and not stream.closed and stream.isatty()


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Inside the block, standard output is written to; afterwards, it has been flushed.

    Raises:
        OutputError: it can't be written to, as on a full disk.
        BrokenPipeError: the reader is gone.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # a ValueError is one of a stream that was closed
        raise _not_written("standard output", error) from error


def write(text: str, encoding: str = "utf-8") -> None:
    """Write ``text`` to standard output, in UTF-8 as flake8 does."""
    data = text.encode(encoding, "backslashreplace")
    with writing():
        sys.stdout.flush()
        binary = getattr(sys.stdout, "buffer", None)
        if binary is None:  # something that someone put in its place
            sys.stdout.write(text)
            return
        _write_all(binary, data)
        binary.flush()


def _write_all(stream: BinaryIO | io.FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # without a buffer, what is left over is for the caller to write
        rest = rest[stream.write(rest) or 0 :]


@contextlib.contextmanager
def written_to(path: str) -> Iterator[Callable[[str], None]]:
    """Within, what writes text to the file at ``path``, in UTF-8; its old content is gone.

    Raises:
        OutputError: it can't be written.
    """

    def write_to_file(text: str) -> None:
        with _failing(path):
            _write_all(file, text.encode("utf-8", "backslashreplace"))

    with _failing(path):
        file = io.FileIO(path, "w")
    try:
        yield write_to_file
    finally:
        with _failing(path):
            file.close()


@contextlib.contextmanager
def _failing(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise _not_written(what, error) from error


def _not_written(what: str, error: Exception) -> OutputError:
    return OutputError(f"{what} can't be written: {getattr(error, 'strerror', None) or error}")


def print_with(console: Console, renderables: Iterable[RenderableType], end: str = "\n") -> None:
    """Print to standard output what a console lays out for it."""
    printing: contextlib.AbstractContextManager[Capture | None] = contextlib.nullcontext()
    if not console.legacy_windows:  # on which it calls functions of the system
        printing = console.capture()
    laid_out = list(renderables)
    with writing(), printing as captured:
        for renderable in laid_out:
            console.print(renderable, end=end)
    if captured is not None:
        write(captured.get(), console.encoding)


def tell(line: str) -> None:
    """Write one line to standard error, in characters that it has; ignores failures."""
    if sys.stderr is None:
        return
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    shown = printable(line).encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(shown, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _discard(sys.stderr)


def discard_output() -> None:
    """Stop writing to a stream that can't be written, such as a closed pipe.

    Otherwise Python would try to flush it at exit, and complain.
    """
    _discard(sys.stdout)


def _discard(stream: TextIO | None) -> None:
    if stream is not None:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
