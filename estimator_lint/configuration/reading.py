"""Reading files, but no pipes or devices, which may have no end."""

from __future__ import annotations

import errno
import os
import stat
import sys

#: Folders with a process's open files: standard input, or a shell's ``<(command)``.
_OPEN_FILES = ("/dev/fd/", "/proc/")


def is_regular(path: str) -> bool:
    """Whether a path leads to a regular file, not to a pipe or a device."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def read_bytes(path: str) -> bytes:
    """The content of the file at ``path``, which may be ``-``.

    Raises:
        OSError: it can't be read, or is a pipe or a device that was not passed to this process.
    """
    if path == "-":
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        return sys.stdin.buffer.read()
    return read_file(path)


def read_file(path: str) -> bytes:
    """The content of the file at ``path``, even if it is named ``-``.

    Raises:
        OSError: it can't be read, or is a pipe or a device that was not passed to this process.
    """
    try:
        with open(path, "rb", buffering=0, opener=_open) as file:
            return file.readall()
    except ValueError as error:  # a null character in the name
        raise OSError(errno.EINVAL, str(error)) from error


def _open(path: str, flags: int) -> int:
    # Without O_NONBLOCK, opening a pipe would wait for a writer.
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return descriptor
    if not os.path.realpath(path).startswith(_OPEN_FILES) and path != "/dev/stdin":
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    os.set_blocking(descriptor, True)
    return descriptor
