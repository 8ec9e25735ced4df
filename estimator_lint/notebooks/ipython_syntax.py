"""From the text of a cell, perhaps with IPython's syntax, to Python.

The number of lines does not change. IPython's syntax is recognized only where a statement begins: a
``%`` that begins a line within parentheses or in a string is Python's own.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from estimator_lint.syntax.parsed_text import module_tree

#: Cell magics that run the rest of the cell as Python, in the notebook's namespace.
_RUN_THE_CELL = frozenset({"capture", "prun", "time", "timeit"})

#: Magics that begin a cell in another language; in Datalab, with a single ``%``.
_OTHER_LANGUAGES = frozenset(
    "bash bigquery bq html javascript js latex markdown ml mlalpha perl ruby script sh sql svg"
    " writefile".split()
)
#: Commands that IPython runs without a prefix, with arguments that are not Python.
_COMMANDS = frozenset("cat cd conda cp ls man mkdir more mv pip rm rmdir".split())

_INDENTATION = re.compile(r"\s*")
_MAGIC = re.compile(r"[%!?]")
_CELL_MAGIC = re.compile(r"(%%?)\s*(\w+)")
_HELP = re.compile(r"[\w.*\[\]]+\?{1,2}\s*$")
#: ``name = !command`` and ``name = %magic``.
_ASSIGNED = re.compile(r"([\w.,\s\[\]*]+=\s*)[%!](?!=)")
#: ``pip install name`` runs a magic without a ``%``: it is not a Python statement.
_TWO_NAMES = re.compile(r"([^\W\d]\w*)[ \t]+([^\W\d]\w*)")
#: Python's own words that may precede or follow a name: no command begins with one.
_WORDS_OF_PYTHON = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, "exec", "match", "print", "type"}
)
_TOKEN = re.compile(
    r"""(?x) \# .* | (?P<string> [rRbBuUfFtT]{0,2} (?P<quote> \"\"\" | ''' | " | ') )
    | (?P<open> [(\[{] ) | (?P<close> [)\]}] ) | \\. | \w+ | .""",
)
#: The replacement for IPython's functions: an expression with an unknown value.
_UNKNOWN = "get_ipython()"


def python_lines(lines: Sequence[str]) -> list[str] | None:
    """The lines of a cell as Python, one to one; None for a cell in another language."""
    lines = list(lines)
    for number, line in enumerate(lines):
        if line.strip():
            magic = _CELL_MAGIC.match(line)
            if magic is not None and magic.group(1) == "%%":
                if magic.group(2) not in _RUN_THE_CELL:
                    return None
                lines[number] = "pass"
            elif magic is not None and magic.group(2) in _OTHER_LANGUAGES:
                if not _is_python("\n".join(lines[number + 1 :])):
                    return None
            break
    return _Reader(lines).read()


class _Reader:
    """Walks the lines of a cell, and replaces those with IPython's syntax."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._depth = 0
        #: The delimiter that ends the string in which a line begins.
        self._quote = ""

    def read(self) -> list[str]:
        number = 0
        continued = False
        while number < len(self._lines):
            line = self._lines[number]
            if not (continued or self._depth or self._quote):
                replaced = _as_python(line)
                if replaced is not None:
                    last = self._end_of_command(number)
                    rest = last - number
                    self._lines[number : last + 1] = [replaced, *[""] * rest]
                    number = last + 1
                    continue
            continued = self._scan(line)
            number += 1
        return self._lines

    def _end_of_command(self, number: int) -> int:
        """The last line of a command, which backslashes may continue."""
        while self._lines[number].endswith("\\") and number + 1 < len(self._lines):
            number += 1
        return number

    def _scan(self, line: str) -> bool:
        """Record the brackets and strings that a line leaves open; whether a backslash ends it."""
        position = 0
        while position < len(line):
            if self._quote:
                end = _end_of_string(line, position, self._quote)
                if end is None:
                    if len(self._quote) == 1 and not line.endswith("\\"):
                        self._quote = ""  # a syntax error in Python
                    return False
                position, self._quote = end, ""
                continue
            token = _TOKEN.match(line, position)
            if token is None:
                return False
            position = token.end()
            if token.group("string"):
                self._quote = token.group("quote")
            elif token.group("open"):
                self._depth += 1
            elif token.group("close"):
                self._depth = max(0, self._depth - 1)
            elif token.group().startswith("#"):
                return False
        return line.endswith("\\") and not self._quote


def _is_python(text: str) -> bool:
    try:
        module_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _end_of_string(line: str, position: int, quote: str) -> int | None:
    """The end of a string that is open at a position."""
    while position < len(line):
        if line[position] == "\\":
            position += 2
        elif line.startswith(quote, position):
            return position + len(quote)
        else:
            position += 1
    return None


def _as_python(line: str) -> str | None:
    """The replacement for a line that begins a statement in IPython's syntax."""
    indentation = _INDENTATION.match(line)
    assert indentation is not None
    start = indentation.end()
    if _MAGIC.match(line, start) or _HELP.match(line, start):
        return f"{line[:start]}pass"
    names = _TWO_NAMES.match(line, start)
    if names and _WORDS_OF_PYTHON.isdisjoint(names.groups()):
        return f"{line[:start]}pass"
    if names is None and line[start:].split(" ")[0] in _COMMANDS and not _is_python(line[start:]):
        return f"{line[:start]}pass"
    assigned = _ASSIGNED.match(line, start)
    return f"{line[:start]}{assigned.group(1)}{_UNKNOWN}" if assigned else None
