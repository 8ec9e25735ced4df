"""Editor buffers: texts that replace files, and the files that a run has read."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping


class _Watched(threading.local):
    texts: Mapping[str, str] | None = None
    read: set[str] | None = None


_watched = _Watched()


def real_path(path: str) -> str:
    """The path under which buffers and read files are known."""
    return os.path.normcase(os.path.realpath(path))


@contextlib.contextmanager
def buffers_open(texts: Mapping[str, str]) -> Iterator[set[str]]:
    """Within, this thread reads these texts in place of files, by ``real_path``.

    Files of the project are added to the set when evaluation reads them, even if reading fails.
    """
    before = _watched.texts, _watched.read
    read: set[str] = set()
    _watched.texts, _watched.read = texts, read
    try:
        yield read
    finally:
        _watched.texts, _watched.read = before


def buffers_read() -> dict[str, str | None] | None:
    """The files that this thread has read, with their texts in an editor, if any.

    None: there is no editor.
    """
    if _watched.texts is None or _watched.read is None:
        return None
    return {path: _watched.texts.get(path) for path in _watched.read}


def read_again(buffers: Mapping[str, str | None] | None) -> bool:
    """Note that files are read; whether their texts in the editor are still these."""
    if buffers is None or _watched.texts is None or _watched.read is None:
        return buffers is None and _watched.texts is None
    _watched.read.update(buffers)
    return all(_watched.texts.get(path) == text for path, text in buffers.items())


def buffer_of(path: str) -> str | None:
    """The text of a file in an editor; None if it is not open."""
    if _watched.texts is None or _watched.read is None:
        return None
    real = real_path(path)
    _watched.read.add(real)
    return _watched.texts.get(real)
