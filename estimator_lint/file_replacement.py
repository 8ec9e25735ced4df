"""Writing a file atomically: readers see the old content or the new, never a part."""

from __future__ import annotations

import errno
import os
import tempfile


def replace_file(path: str, data: bytes) -> None:
    """Give a file new content; its permissions stay, and so does a link to it.

    Raises:
        OSError: it can't be written.
    """
    target = os.path.realpath(path)
    mode = 0o666 & ~_umask()
    if os.path.exists(target):
        mode = os.stat(target).st_mode & 0o777
        if not os.access(target, os.W_OK):  # its folder alone would allow to replace it
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    folder = os.path.dirname(target)
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".estimator-lint-")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    """The permissions that new files don't get; they can only be asked for by setting them."""
    current = os.umask(0)
    os.umask(current)
    return current
