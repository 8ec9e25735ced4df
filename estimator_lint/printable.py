"""Text from linted files and their names, made safe to print.

A string literal may hold half of a surrogate pair, which no encoding takes, and a file
name may hold terminal commands.  Both are shown as Python escapes.
"""

from __future__ import annotations

import unicodedata

#: Controls, formats (among them those that turn or hide text), surrogates, line ends.
#: Unassigned characters are none of them: which these are depends on the version of Python.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable(text: str, keep: str = "") -> str:
    """``text`` on one line, with each unprintable character as its Python escape.

    The characters of ``keep`` stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character in keep or is_printable(character) else _escape(character)
        for character in text
    )


def is_printable(character: str) -> bool:
    """Whether a character shows as itself, and does nothing to others."""
    return unicodedata.category(character) not in _UNPRINTABLE


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
