"""URIs of the client, and the paths that they denote."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

_DRIVE = re.compile(r"/[A-Za-z]:")


def path_of(uri: str) -> str:
    """The path of a ``file:`` URI; for any other, a name of its own that is no file's path."""
    try:
        parts = urlsplit(uri)
    except ValueError:  # a bracket in the host
        return "<text>"
    if parts.scheme.lower() != "file":
        return f"<{uri}>" if parts.scheme else "<text>"
    path = unquote(parts.path)
    if parts.netloc and parts.netloc != "localhost":
        path = f"//{unquote(parts.netloc)}{path}"
    elif sys.platform == "win32" and _DRIVE.match(path):
        path = path[1:2].upper() + path[2:]
    return str(Path(path)) if path and "\0" not in path else "<text>"


def is_file(uri: str) -> bool:
    """Whether a URI denotes a file that can be on the disk."""
    return not path_of(uri).startswith("<")


def uri_of(path: str) -> str:
    """The URI of an absolute path."""
    return Path(path).as_uri()


def existing_folder(path: str) -> str:
    """A folder, or the innermost one around it that exists: a new file may be in a new folder."""
    while not os.path.isdir(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path
