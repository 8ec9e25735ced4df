"""JSON that every reader takes."""

from __future__ import annotations

import json
import re

_BACKSLASH = "\\"
_NOT_ASCII = re.compile("[^\x00-\x7e]")


def to_json(content: object) -> str:
    r"""``content`` as JSON in ASCII, indented.

    Control characters are escaped by JSON's rules and come back as they were.  Half of a
    surrogate pair can't: strict readers refuse it.  It becomes text, such as ``\ud800``.
    """
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return _NOT_ASCII.sub(_escape, text) + "\n"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code > 0xFFFF:
        return json.dumps(match[0])[1:-1]
    is_surrogate = 0xD800 <= code <= 0xDFFF
    return f"{_BACKSLASH}{_BACKSLASH * is_surrogate}u{code:04x}"
